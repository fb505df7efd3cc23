from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db.migrations import from_sql

ID = "0015"
VERSION = "1.38.0"
DESCRIPTION = "What refunds were for, and what replaced returns"


async def forwards() -> MigrationManager:
    return from_sql(id=ID, app="shards", files=["migrations/shards/0015_refund_lines.sql"], description=DESCRIPTION)
