from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db.migrations import from_sql

ID = "0026"
VERSION = "1.38.0"
DESCRIPTION = "Rejected orders that still say whose they were"


async def forwards() -> MigrationManager:
    files = ["migrations/shards/0026_rejected.sql"]
    return from_sql(id=ID, app="shards", files=files, description=DESCRIPTION)
