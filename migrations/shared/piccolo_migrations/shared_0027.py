from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db.migrations import from_sql

ID = "0027"
VERSION = "1.38.0"
DESCRIPTION = "Big imports are read by the relay, and cost less to note"


async def forwards() -> MigrationManager:
    files = [
        "migrations/shared/0027_search_due.sql",
        "app/search/index.sql",
        "app/catalog/facets.sql",
        "app/db/noting.sql",
    ]
    return from_sql(id=ID, app="shared", files=files, description=DESCRIPTION)
