from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db.migrations import from_sql

ID = "0014"
VERSION = "1.38.0"
DESCRIPTION = "Promotions in carts and orders"


async def forwards() -> MigrationManager:
    return from_sql(id=ID, app="shards", files=["migrations/shards/0014_promotions.sql"], description=DESCRIPTION)
