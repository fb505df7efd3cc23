from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db.migrations import from_sql

ID = "0046"
VERSION = "1.38.0"
DESCRIPTION = "The rate of VAT by where an order goes"


async def forwards() -> MigrationManager:
    return from_sql(id=ID, app="shards", files=["migrations/shards/0046_tax_rate.sql"], description=DESCRIPTION)
