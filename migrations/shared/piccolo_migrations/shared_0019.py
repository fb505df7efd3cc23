from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db.migrations import from_sql

ID = "0019"
VERSION = "1.38.0"
DESCRIPTION = "Which orders still say whose they are"


async def forwards() -> MigrationManager:
    files = ["migrations/shared/0019_old_orders.sql"]
    return from_sql(id=ID, app="shared", files=files, description=DESCRIPTION)
