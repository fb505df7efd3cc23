from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db.migrations import from_sql

ID = "0003"
VERSION = "1.38.0"
DESCRIPTION = "Edge nodes, purges and their deliveries"


async def forwards() -> MigrationManager:
    return from_sql(id=ID, app="shared", files=["migrations/shared/0003_edge.sql"], description=DESCRIPTION)
