from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db.migrations import from_sql

ID = "0037"
VERSION = "1.38.0"
DESCRIPTION = "What staff changed, from what to what"


async def forwards() -> MigrationManager:
    return from_sql(id=ID, app="shared", files=["migrations/shared/0037_audit.sql"], description=DESCRIPTION)
