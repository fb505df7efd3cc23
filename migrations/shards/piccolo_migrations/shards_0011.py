from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db.migrations import from_sql

ID = "0011"
VERSION = "1.38.0"
DESCRIPTION = "Links that open an order elsewhere"


async def forwards() -> MigrationManager:
    return from_sql(id=ID, app="shards", files=["migrations/shards/0011_order_links.sql"], description=DESCRIPTION)
