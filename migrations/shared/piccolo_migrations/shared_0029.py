from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db.migrations import from_sql

ID = "0029"
VERSION = "1.38.0"
DESCRIPTION = "Products that do not fit a parcel, and what delivering them costs more"


async def forwards() -> MigrationManager:
    return from_sql(id=ID, app="shared", files=["migrations/shared/0029_bulky.sql"], description=DESCRIPTION)
