from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db.migrations import from_sql

ID = "0042"
VERSION = "1.38.0"
DESCRIPTION = "Lists of orders for staff find their rows by an index"


async def forwards() -> MigrationManager:
    return from_sql(id=ID, app="shared", files=["migrations/shared/0042_order_lists.sql"], description=DESCRIPTION)
