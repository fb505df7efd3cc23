from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db.migrations import from_sql

ID = "0030"
VERSION = "1.38.0"
DESCRIPTION = "Units owed to the shelf, limits by version, heirs of carts, refunds that come back"


async def forwards() -> MigrationManager:
    return from_sql(
        id=ID,
        app="shards",
        files=["migrations/shards/0030_owed.sql", "app/inventory/stock.sql"],
        description=DESCRIPTION,
    )
