from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db.migrations import from_sql

ID = "0020"
VERSION = "1.38.0"
DESCRIPTION = "Products by when they came, and orders by when they went"


async def forwards() -> MigrationManager:
    return from_sql(id=ID, app="shared", files=["migrations/shared/0020_facets_by_age.sql"], description=DESCRIPTION)
