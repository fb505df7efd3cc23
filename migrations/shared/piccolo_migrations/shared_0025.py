from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db.migrations import from_sql

ID = "0025"
VERSION = "1.38.0"
DESCRIPTION = "Hidden blocks spoil no page"


async def forwards() -> MigrationManager:
    return from_sql(id=ID, app="shared", files=["migrations/shared/0025_hidden_blocks.sql"], description=DESCRIPTION)
