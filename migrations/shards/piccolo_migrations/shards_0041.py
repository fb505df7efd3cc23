from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db.migrations import from_sql

ID = "0041"
VERSION = "1.38.0"
DESCRIPTION = "One of a product for each customer"
FILES = ["migrations/shards/0041_one_each.sql", "app/inventory/stock.sql"]


async def forwards() -> MigrationManager:
    return from_sql(id=ID, app="shards", files=FILES, description=DESCRIPTION)
