"""How our migrations are written: SQL files, run by Piccolo's runner and recorded in its `migration` table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ROOT = Path(__file__).parents[2]


def from_sql(*, id: str, app: str, files: list[str], description: str) -> MigrationManager:
    """A migration that runs SQL files (paths from the project's root) in one transaction, under the current search_path."""
    manager = MigrationManager(migration_id=id, app_name=app, description=description)

    async def run() -> None:
        engine = engine_finder()
        transaction: Any = engine.current_transaction.get()  # type: ignore[union-attr]
        for file in files:
            # Without arguments PostgreSQL takes a whole script; Piccolo's own queries are prepared and take one statement.
            await transaction.connection.execute((ROOT / file).read_text())

    manager.add_raw(run)
    return manager
