from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db.migrations import from_sql

ID = "0040"
VERSION = "1.38.0"
DESCRIPTION = "When a payment began"


async def forwards() -> MigrationManager:
    return from_sql(id=ID, app="shards", files=["migrations/shards/0040_begun.sql"], description=DESCRIPTION)
