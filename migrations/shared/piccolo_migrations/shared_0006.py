from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db.migrations import from_sql

ID = "0006"
VERSION = "1.38.0"
DESCRIPTION = "Invoices and their counters"


async def forwards() -> MigrationManager:
    files = ["migrations/shared/0006_invoices.sql"]
    return from_sql(id=ID, app="shared", files=files, description=DESCRIPTION)
