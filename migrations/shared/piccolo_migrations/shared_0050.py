from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db.migrations import from_sql

ID = "0050"
VERSION = "1.38.0"
DESCRIPTION = "Photographs beside drawings"


async def forwards() -> MigrationManager:
    return from_sql(id=ID, app="shared", files=["migrations/shared/0050_photographs.sql"], description=DESCRIPTION)
