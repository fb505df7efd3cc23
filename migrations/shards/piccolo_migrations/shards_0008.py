from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db.migrations import from_sql

ID = "0008"
VERSION = "1.38.0"
DESCRIPTION = "Declined payments, counted"


async def forwards() -> MigrationManager:
    return from_sql(id=ID, app="shards", files=["migrations/shards/0008_declines.sql"], description=DESCRIPTION)
