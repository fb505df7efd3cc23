from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db.migrations import from_sql

ID = "0044"
VERSION = "1.38.0"
DESCRIPTION = "What the daily checkup has found"


async def forwards() -> MigrationManager:
    return from_sql(id=ID, app="shared", files=["migrations/shared/0044_checkups.sql"], description=DESCRIPTION)
