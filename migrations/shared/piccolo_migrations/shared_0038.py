from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db.migrations import from_sql

ID = "0038"
VERSION = "1.38.0"
DESCRIPTION = "Roles of staff"


async def forwards() -> MigrationManager:
    return from_sql(id=ID, app="shared", files=["migrations/shared/0038_roles.sql"], description=DESCRIPTION)
