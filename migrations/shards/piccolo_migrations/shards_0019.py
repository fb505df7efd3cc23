from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db.migrations import from_sql

ID = "0019"
VERSION = "1.38.0"
DESCRIPTION = "A link that deletes an account"


async def forwards() -> MigrationManager:
    return from_sql(id=ID, app="shards", files=["migrations/shards/0019_erasing.sql"], description=DESCRIPTION)
