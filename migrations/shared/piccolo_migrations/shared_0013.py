from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db.migrations import from_sql

ID = "0013"
VERSION = "1.38.0"
DESCRIPTION = "What goes with a product, and when it arrives"


async def forwards() -> MigrationManager:
    return from_sql(id=ID, app="shared", files=["migrations/shared/0013_product_page.sql"], description=DESCRIPTION)
