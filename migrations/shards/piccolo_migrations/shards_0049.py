from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db.migrations import from_sql

ID = "0049"
VERSION = "1.38.0"
DESCRIPTION = "Disputes, and roundings of refunds"


async def forwards() -> MigrationManager:
    return from_sql(id=ID, app="shards", files=["migrations/shards/0049_outside.sql"], description=DESCRIPTION)
