from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db.migrations import from_sql

ID = "0020"
VERSION = "1.38.0"
DESCRIPTION = "What was promised with an order"


async def forwards() -> MigrationManager:
    return from_sql(id=ID, app="shards", files=["migrations/shards/0020_promises.sql"], description=DESCRIPTION)
