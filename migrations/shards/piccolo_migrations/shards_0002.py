from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db.migrations import from_sql

ID = "0002"
VERSION = "1.38.0"
DESCRIPTION = "Guards, and how stock moves"


async def forwards() -> MigrationManager:
    return from_sql(
        id=ID,
        app="shards",
        files=["migrations/shards/0002_guards.sql", "app/inventory/stock.sql"],
        description=DESCRIPTION,
    )
