from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db.migrations import from_sql

ID = "0003"
VERSION = "1.38.0"
DESCRIPTION = "Limits, and adjustments that happen once"


async def forwards() -> MigrationManager:
    return from_sql(
        id=ID,
        app="shards",
        files=["migrations/shards/0003_limits.sql", "app/inventory/stock.sql"],
        description=DESCRIPTION,
    )
