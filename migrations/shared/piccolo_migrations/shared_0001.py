from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db.migrations import from_sql

ID = "0001"
VERSION = "1.38.0"
DESCRIPTION = "Tables of the shared database"


async def forwards() -> MigrationManager:
    return from_sql(id=ID, app="shared", files=["migrations/shared/0001_tables.sql"], description=DESCRIPTION)
