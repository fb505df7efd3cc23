from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db.migrations import from_sql

ID = "0039"
VERSION = "1.38.0"
DESCRIPTION = "Ways to deliver that know their countries"


async def forwards() -> MigrationManager:
    return from_sql(id=ID, app="shared", files=["migrations/shared/0039_where_it_goes.sql"], description=DESCRIPTION)
