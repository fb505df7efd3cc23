from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db.migrations import from_sql

ID = "0017"
VERSION = "1.38.0"
DESCRIPTION = "Votes on reviews, and alerts of stock"


async def forwards() -> MigrationManager:
    return from_sql(id=ID, app="shards", files=["migrations/shards/0017_votes_and_alerts.sql"], description=DESCRIPTION)
