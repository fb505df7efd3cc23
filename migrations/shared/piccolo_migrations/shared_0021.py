from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db.migrations import from_sql

ID = "0021"
VERSION = "1.38.0"
DESCRIPTION = "Addresses that are taken lead nowhere else; who of the staff changed what"


async def forwards() -> MigrationManager:
    files = ["app/catalog/addresses.sql", "migrations/shared/0021_merchandising.sql"]
    return from_sql(id=ID, app="shared", files=files, description=DESCRIPTION)
