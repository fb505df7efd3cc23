from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db.migrations import from_sql

ID = "0039"
VERSION = "1.38.0"
DESCRIPTION = "Orders that are paid when they are placed"


async def forwards() -> MigrationManager:
    return from_sql(id=ID, app="shards", files=["migrations/shards/0039_pays_first.sql"], description=DESCRIPTION)
