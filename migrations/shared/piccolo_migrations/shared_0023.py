from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db.migrations import from_sql

ID = "0023"
VERSION = "1.38.0"
DESCRIPTION = "Texts that shoppers may have written on a product"


async def forwards() -> MigrationManager:
    files = ["migrations/shared/0023_personalisation.sql"]
    return from_sql(id=ID, app="shared", files=files, description=DESCRIPTION)
