from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db.migrations import from_sql

ID = "0047"
VERSION = "1.38.0"
DESCRIPTION = "Which orders an order replaces"


async def forwards() -> MigrationManager:
    return from_sql(id=ID, app="shards", files=["migrations/shards/0047_replaces.sql"], description=DESCRIPTION)
