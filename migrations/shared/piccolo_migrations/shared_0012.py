from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db.migrations import from_sql

ID = "0012"
VERSION = "1.38.0"
DESCRIPTION = "What lists filter and count by"


async def forwards() -> MigrationManager:
    files = ["migrations/shared/0012_facets.sql", "app/catalog/facets.sql", "migrations/shared/0012_facets_fill.sql"]
    return from_sql(id=ID, app="shared", files=files, description=DESCRIPTION)
