from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db.migrations import from_sql

ID = "0012"
VERSION = "1.38.0"
DESCRIPTION = "Returns"


async def forwards() -> MigrationManager:
    return from_sql(id=ID, app="shards", files=["migrations/shards/0012_returns.sql"], description=DESCRIPTION)
