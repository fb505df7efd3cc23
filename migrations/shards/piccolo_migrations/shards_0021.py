from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db.migrations import from_sql

ID = "0021"
VERSION = "1.38.0"
DESCRIPTION = "Limits that stay kept when they are lowered, and uses that are a cart's own"


async def forwards() -> MigrationManager:
    return from_sql(
        id=ID,
        app="shards",
        files=["migrations/shards/0021_limits_kept.sql", "app/inventory/stock.sql"],
        description=DESCRIPTION,
    )
