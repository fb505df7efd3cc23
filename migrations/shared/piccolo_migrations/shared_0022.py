from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db.migrations import from_sql

ID = "0022"
VERSION = "1.38.0"
DESCRIPTION = "Prices for a while, and what prices were"


async def forwards() -> MigrationManager:
    files = [
        "migrations/shared/0022_timed_prices.sql",
        "app/catalog/prices.sql",
        "migrations/shared/0022_timed_prices_watch.sql",
    ]
    return from_sql(id=ID, app="shared", files=files, description=DESCRIPTION)
