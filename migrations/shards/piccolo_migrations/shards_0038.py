from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db.migrations import from_sql

ID = "0038"
VERSION = "1.38.0"
DESCRIPTION = "No digital goods"


async def forwards() -> MigrationManager:
    return from_sql(
        id=ID,
        app="shards",
        files=[
            "migrations/shards/0038_no_digital.sql",
            "app/inventory/stock.sql",
            "migrations/shards/0038_no_digital_told.sql",
        ],
        description=DESCRIPTION,
    )
