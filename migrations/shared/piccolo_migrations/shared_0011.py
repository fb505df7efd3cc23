from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db.migrations import from_sql

ID = "0011"
VERSION = "1.38.0"
DESCRIPTION = "Search: a stored index, spelling, synonyms and the log of questions"


async def forwards() -> MigrationManager:
    files = [
        "migrations/shared/0011_search.sql",
        "app/search/entries.sql",
        "app/search/index.sql",
        "app/search/synonyms.sql",
        "migrations/shared/0011_search_fill.sql",
    ]
    return from_sql(id=ID, app="shared", files=files, description=DESCRIPTION)
