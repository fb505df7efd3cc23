from __future__ import annotations

import re

import asyncpg
import msgspec
import pytest

from app.db import migrate
from app.db.engines import EVERYONE, SHARED, all_shards, reading
from app.settings import Settings, settings
from migrations.shards.piccolo_app import APP_CONFIG as SHARD_TABLES
from migrations.shared.piccolo_app import APP_CONFIG as SHARED_TABLES

pytestmark = pytest.mark.usefixtures("databases")

COLUMNS = """
    SELECT c.relname AS table, a.attname AS name, upper(format_type(a.atttypid, a.atttypmod)) AS type, NOT a.attnotnull AS null
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
"""
UNIQUE = """
    SELECT i.indrelid::regclass::text AS table, array(SELECT a.attname FROM unnest(i.indkey) k
        JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k ORDER BY a.attname)::text[] AS columns
    FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
    WHERE i.indisunique AND i.indpred IS NULL AND c.relnamespace = current_schema()::regnamespace
"""
SHORT = {
    "CHARACTER VARYING": "VARCHAR",
    "TIMESTAMP WITH TIME ZONE": "TIMESTAMPTZ",
    "DOUBLE PRECISION": "DOUBLE",
}


def places() -> list[tuple]:
    return [(EVERYONE, SHARED_TABLES), *((shard.first, SHARD_TABLES) for shard in all_shards())]


def short(kind: str) -> str:
    for long, brief in SHORT.items():
        kind = kind.replace(long, brief)
    return kind


async def test_every_table_has_the_columns_its_class_says():
    for key, app in places():
        async with reading(key) as db:
            rows = await db.fetch(COLUMNS)
        there = {table: {} for table in {row["table"] for row in rows}}
        for row in rows:
            there[row["table"]][row["name"]] = (short(row["type"]), row["null"])
        said = {
            table._meta.tablename: {
                column._meta.name: (column.column_type, column._meta.null) for column in table._meta.columns
            }
            for table in app.table_classes
        }
        there.pop("migration")

        assert {name: there.get(name) for name in said} == said
        assert set(there) == set(said), f"tables of {key} without a class"


async def test_what_a_class_calls_unique_is_unique():
    for key, app in places():
        async with reading(key) as db:
            unique = {(row["table"].strip('"'), tuple(row["columns"])) for row in await db.fetch(UNIQUE)}
        for table in app.table_classes:
            name = table._meta.tablename
            for column in table._meta.columns:
                if column._meta.unique or column._meta.primary_key:
                    assert (name, (column._meta.name,)) in unique
            for constraint in table._meta.constraints:
                columns = tuple(sorted(column._meta.name for column in constraint.columns))
                assert (name, columns) in unique


async def test_every_table_belongs_to_one_kind_of_database():
    assert all(table._meta.db is SHARED for table in SHARED_TABLES.table_classes)
    assert all(table._meta.db is not SHARED for table in SHARD_TABLES.table_classes)


async def test_a_migrated_shop_has_nothing_pending():
    assert await migrate.pending(settings()) == []
    await migrate.check(settings())


async def test_what_is_missing_is_told_in_words_and_stops_the_app():
    shards = settings().shards.split()
    behind = msgspec.structs.replace(settings(), shards=" ".join([*shards[:3], shards[3].replace("s03", "s99")]))

    told = await migrate.pending(behind)

    assert told == [f"shards in schema s99 lacks migration {', '.join(migrate.versions('shards'))}"]
    with pytest.raises(migrate.Behind, match=r"s99 lacks.*Run `./vitrine migrate`"):
        await migrate.check(behind)


async def test_an_empty_database_is_brought_up_once_and_a_newer_one_is_refused():
    other = await a_database()

    assert await migrate.migrate(other) == ["public", "s00", "s01"]
    assert await migrate.migrate(other) == []

    connection = await asyncpg.connect(other.shared_dsn)
    await connection.execute("UPDATE s01.migration SET name = '9999' WHERE name = '0002'")
    await connection.close()
    assert await migrate.pending(other) == [
        "shards in schema s01 lacks migration 0002",
        "shards in schema s01 is newer than this code: 9999",
    ]
    with pytest.raises(migrate.Behind, match="newer"):
        await migrate.check(other)


async def a_database() -> Settings:
    """An empty database with room for two shards."""
    connection = await asyncpg.connect(settings().shared_dsn)
    await connection.execute("CREATE DATABASE another")
    await connection.close()
    dsn = re.sub(r"/vitrine\b(?=[?]|$)", "/another", settings().shared_dsn)
    assert dsn != settings().shared_dsn
    return msgspec.structs.replace(settings(), shared_dsn=dsn, shards=f"{dsn}#s00 {dsn}#s01")
