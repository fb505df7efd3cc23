from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db.migrations import from_sql

ID = "0043"
VERSION = "1.38.0"
DESCRIPTION = "Products of which each customer may buy one"


async def forwards() -> MigrationManager:
    return from_sql(id=ID, app="shared", files=["migrations/shared/0043_one_each.sql"], description=DESCRIPTION)
