from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db.migrations import from_sql

ID = "0009"
VERSION = "1.38.0"
DESCRIPTION = "A row that moves is noted, and refreshes what it belonged to"


async def forwards() -> MigrationManager:
    files = ["app/catalog/parts.sql", "app/db/noting.sql"]
    return from_sql(id=ID, app="shared", files=files, description=DESCRIPTION)
