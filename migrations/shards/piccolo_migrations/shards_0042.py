from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db.migrations import from_sql

ID = "0042"
VERSION = "1.38.0"
DESCRIPTION = "Units that are never charged"


async def forwards() -> MigrationManager:
    return from_sql(id=ID, app="shards", files=["migrations/shards/0042_uncharged.sql"], description=DESCRIPTION)
