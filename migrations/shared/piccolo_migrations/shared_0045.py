from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db.migrations import from_sql

ID = "0045"
VERSION = "1.38.0"
DESCRIPTION = "Lists of categories read how many products have each value"


FILES = [
    "migrations/shared/0045_facet_tallies.sql",
    "app/catalog/tallies.sql",
    "migrations/shared/0045_facet_tallies_fill.sql",
]


async def forwards() -> MigrationManager:
    return from_sql(id=ID, app="shared", files=FILES, description=DESCRIPTION)
