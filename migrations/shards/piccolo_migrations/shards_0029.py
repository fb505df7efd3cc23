from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db.migrations import from_sql

ID = "0029"
VERSION = "1.38.0"
DESCRIPTION = "Lines of carts, lists and orders with a text of the shopper's own"


async def forwards() -> MigrationManager:
    files = ["migrations/shards/0029_personal_texts.sql"]
    return from_sql(id=ID, app="shards", files=files, description=DESCRIPTION)
