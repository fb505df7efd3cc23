from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db.migrations import from_sql

ID = "0006"
VERSION = "1.38.0"
DESCRIPTION = "Tries are counted"


async def forwards() -> MigrationManager:
    return from_sql(
        id=ID,
        app="shards",
        files=["migrations/shards/0006_tries.sql"],
        description=DESCRIPTION,
    )
