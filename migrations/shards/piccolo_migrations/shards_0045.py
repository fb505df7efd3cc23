from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db.migrations import from_sql

ID = "0045"
VERSION = "1.38.0"
DESCRIPTION = "From which network an order was placed"


async def forwards() -> MigrationManager:
    return from_sql(id=ID, app="shards", files=["migrations/shards/0045_client.sql"], description=DESCRIPTION)
