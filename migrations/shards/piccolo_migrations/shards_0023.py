from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db.migrations import from_sql

ID = "0023"
VERSION = "1.38.0"
DESCRIPTION = "Lists with names and links"


async def forwards() -> MigrationManager:
    return from_sql(
        id=ID,
        app="shards",
        files=["migrations/shards/0023_wishlists.sql"],
        description=DESCRIPTION,
    )
