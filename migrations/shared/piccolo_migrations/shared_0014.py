from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db.migrations import from_sql

ID = "0014"
VERSION = "1.38.0"
DESCRIPTION = "Reviews by shoppers, and votes on them"


async def forwards() -> MigrationManager:
    return from_sql(id=ID, app="shared", files=["migrations/shared/0014_reviews.sql"], description=DESCRIPTION)
