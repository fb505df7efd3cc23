from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db.migrations import from_sql

ID = "0036"
VERSION = "1.38.0"
DESCRIPTION = "Pages of many reviews"


async def forwards() -> MigrationManager:
    return from_sql(id=ID, app="shared", files=["migrations/shared/0036_reviews_by_age.sql"], description=DESCRIPTION)
