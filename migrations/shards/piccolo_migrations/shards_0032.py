from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db.migrations import from_sql

ID = "0032"
VERSION = "1.38.0"
DESCRIPTION = "What an order reserves is pinned at once"


async def forwards() -> MigrationManager:
    return from_sql(
        id=ID,
        app="shards",
        files=["migrations/shards/0032_pinned_at_once.sql", "app/inventory/stock.sql"],
        description=DESCRIPTION,
    )
