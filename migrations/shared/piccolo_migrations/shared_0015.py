from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db.migrations import from_sql

ID = "0015"
VERSION = "1.38.0"
DESCRIPTION = "Credit notes"


async def forwards() -> MigrationManager:
    files = ["migrations/shared/0015_credit_notes.sql"]
    return from_sql(id=ID, app="shared", files=files, description=DESCRIPTION)
