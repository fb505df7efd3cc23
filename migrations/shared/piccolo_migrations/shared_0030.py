from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db.migrations import from_sql

ID = "0030"
VERSION = "1.38.0"
DESCRIPTION = "Credit notes that are taken back, and what promotions gave, counted"


async def forwards() -> MigrationManager:
    return from_sql(id=ID, app="shared", files=["migrations/shared/0030_tallies.sql"], description=DESCRIPTION)
