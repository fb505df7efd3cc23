from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db.migrations import from_sql

ID = "0044"
VERSION = "1.38.0"
DESCRIPTION = "Alerts of lower prices"


async def forwards() -> MigrationManager:
    return from_sql(id=ID, app="shards", files=["migrations/shards/0044_price_alerts.sql"], description=DESCRIPTION)
