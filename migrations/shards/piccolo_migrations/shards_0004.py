from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db.migrations import from_sql

ID = "0004"
VERSION = "1.38.0"
DESCRIPTION = "Captures, voids and refunds"


async def forwards() -> MigrationManager:
    return from_sql(id=ID, app="shards", files=["migrations/shards/0004_payments.sql"], description=DESCRIPTION)
