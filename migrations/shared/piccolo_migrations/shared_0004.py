from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db.migrations import from_sql

ID = "0004"
VERSION = "1.38.0"
DESCRIPTION = "Old addresses, emptied tables, builds and their files"


async def forwards() -> MigrationManager:
    files = ["migrations/shared/0004_pages.sql", "app/catalog/addresses.sql", "app/catalog/emptied.sql"]
    return from_sql(id=ID, app="shared", files=files, description=DESCRIPTION)
