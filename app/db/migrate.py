"""Brings the shared database and every shard to the same version: Piccolo's runner, once per schema."""

from __future__ import annotations

import contextlib
import io
import os
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import msgspec

from app.db.engines import LOST
from app.db.sharding import read_shards
from app.settings import Settings

FOLDER = Path(__file__).parents[2] / "migrations"


class Behind(Exception):
    """A database is not at this code's version; the message says which."""


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """One schema of one database, and the Piccolo app whose tables it holds."""

    app: str
    dsn: str
    schema: str


def targets(settings: Settings) -> list[Target]:
    """The shared database, then every shard in id order."""
    shards = [Target(app="shards", dsn=s.dsn, schema=s.schema) for s in read_shards(settings.shards)]
    return [Target(app="shared", dsn=settings.shared_dsn, schema="public"), *shards]


def versions(app: str) -> list[str]:
    """The migration ids this code knows, oldest first."""
    files = (FOLDER / app / "piccolo_migrations").glob(f"{app}_*.py")
    return sorted(file.stem.removeprefix(f"{app}_") for file in files)


async def pending(settings: Settings, *, but_away: bool = False) -> list[str]:
    """What is missing or unknown, in words, one line per schema; empty when every schema matches this code.

    `but_away`: leaves out shards whose server does not answer, instead of raising OSError or a PostgresError.
    """
    told = []
    for target in targets(settings):
        try:
            ran, known = await _ran(target), versions(target.app)
        except LOST:
            if but_away and target.app == "shards":
                continue
            raise
        missing, strange = [v for v in known if v not in ran], [v for v in ran if v not in known]
        if missing:
            told.append(f"{target.app} in schema {target.schema} lacks migration {', '.join(missing)}")
        if strange:
            told.append(f"{target.app} in schema {target.schema} is newer than this code: {', '.join(strange)}")
    return told


async def check(settings: Settings) -> None:
    """Raises Behind when a database is not at this code's version. A shard that is away is not asked: the others serve."""
    told = await pending(settings, but_away=True)
    if told:
        raise Behind("; ".join(told) + ". Run `./vitrine migrate`.")


async def migrate(settings: Settings) -> list[str]:
    """Runs what is missing, everywhere. Returns the schemas that changed. Raises Behind when one is newer than this code."""
    changed = []
    for target in targets(settings):
        if set(versions(target.app)) - set(await _ran(target)):
            await _run(target)
            changed.append(target.schema)
    await check(settings)
    return changed


async def _ran(target: Target) -> list[str]:
    connection = await asyncpg.connect(target.dsn, timeout=5)
    try:
        table = f"{target.schema}.migration"
        if await connection.fetchval("SELECT to_regclass($1)", table) is None:
            return []
        rows = await connection.fetch(f"SELECT name FROM {table} WHERE app_name = $1 ORDER BY name", target.app)  # noqa: S608 - our own schema name
        return [row["name"] for row in rows]
    finally:
        await connection.close()


async def _run(target: Target) -> None:
    connection = await asyncpg.connect(target.dsn, timeout=5)
    await connection.execute(f"CREATE SCHEMA IF NOT EXISTS {target.schema}")
    await connection.close()
    with _piccolo_on(target):
        from piccolo.apps.migrations.commands.forwards import ForwardsMigrationManager
        from piccolo.apps.migrations.tables import Migration

        # Piccolo looks for its table in every schema, so it would not make the second one.
        await Migration.create_table(if_not_exists=True).run()
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            result = await ForwardsMigrationManager(app_name=target.app).run()
        if not result.success:
            raise Behind(f"migrating {target.schema} failed: {result.message or said.getvalue()}")


@contextlib.contextmanager
def _piccolo_on(target: Target) -> Iterator[None]:
    """Points Piccolo, which knows one engine per process, at one schema."""
    os.environ["PICCOLO_CONF"] = "migrations.piccolo_conf"
    from piccolo.apps.migrations.tables import Migration
    from piccolo.engine.postgres import PostgresEngine

    from migrations import piccolo_conf

    # An engine without a pool: each statement of the runner has a connection with this search_path.
    path = target.schema if target.schema == "public" else f"{target.schema},public"
    engine = PostgresEngine(config={"dsn": target.dsn, "server_settings": {"search_path": path}})
    piccolo_conf.DB = Migration._meta.db = engine
    try:
        yield
    finally:
        piccolo_conf.DB = None
