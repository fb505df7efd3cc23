from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db.migrations import from_sql

ID = "0016"
VERSION = "1.38.0"
DESCRIPTION = "What shoppers keep for later"


async def forwards() -> MigrationManager:
    return from_sql(id=ID, app="shards", files=["migrations/shards/0016_lists.sql"], description=DESCRIPTION)
