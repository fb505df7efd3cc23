from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db.migrations import from_sql

ID = "0016"
VERSION = "1.38.0"
DESCRIPTION = "Orders by e-mail address"


async def forwards() -> MigrationManager:
    files = ["migrations/shared/0016_orders_by_email.sql"]
    return from_sql(id=ID, app="shared", files=files, description=DESCRIPTION)
