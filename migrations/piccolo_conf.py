"""Piccolo's view of the databases. `vitrine migrate` sets `DB` to one database and schema after another."""

from __future__ import annotations

import os

from piccolo.conf.apps import AppRegistry
from piccolo.engine.postgres import PostgresEngine

# For `piccolo migrations new`, which only compares tables with earlier migrations.
DB: PostgresEngine | None = (
    PostgresEngine(config={"dsn": os.environ["MIGRATE_DSN"]}) if "MIGRATE_DSN" in os.environ else None
)
APP_REGISTRY = AppRegistry(apps=["migrations.shared.piccolo_app", "migrations.shards.piccolo_app"])
