from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db.migrations import from_sql

ID = "0010"
VERSION = "1.38.0"
DESCRIPTION = "Promotions and their codes"


async def forwards() -> MigrationManager:
    files = ["migrations/shared/0010_promotions.sql"]
    return from_sql(id=ID, app="shared", files=files, description=DESCRIPTION)
