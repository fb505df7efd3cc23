from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db.migrations import from_sql

ID = "0002"
VERSION = "1.38.0"
DESCRIPTION = "Lists, search, and notes of every change"


async def forwards() -> MigrationManager:
    files = ["app/catalog/parts.sql", "app/catalog/listing.sql", "app/db/noting.sql", "app/db/changes.sql"]
    return from_sql(id=ID, app="shared", files=files, description=DESCRIPTION)
