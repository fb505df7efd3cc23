from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db.migrations import from_sql

ID = "0043"
VERSION = "1.38.0"
DESCRIPTION = "A batch of new reservations for which there is enough is held at once"


async def forwards() -> MigrationManager:
    return from_sql(
        id=ID,
        app="shards",
        files=["app/inventory/stock.sql"],
        description=DESCRIPTION,
    )
