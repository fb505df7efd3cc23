"""Rows into tables by COPY, the fastest way in."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from typing import Any

import asyncpg

from app.db.sharding import Shard
from app.demo.columns import COLUMNS, SHARD_TABLES
from app.demo.rows import Batch, Row, text
from app.values import bucket_of

# Parents before children; prices for a while after all that their trigger, which does not rest, looks at.
ORDER = (
    "maker", "category", "product_type", "picture", "photograph", "product", "variant", "price", "product_picture", "collection",
    "collection_product", "association", "redirect", "block", "synonym", "review", "shipping_method", "promotion",
    "promotion_code", "stock_band", "timed_price", "staff",
)  # fmt: skip
REPEATED = ("picture", "photograph")  # many products share a picture
# Tables whose triggers rest, in the order they are locked: what an edit locks first comes first, so that neither waits for the other.
RESTING = ("stock_band", "price", "product_picture", "collection_product", "review", "variant", "product")
ENDLESS = "SET statement_timeout = 0; SET lock_timeout = 0; SET synchronous_commit = off"


async def connect(dsn: str, schema: str = "public") -> asyncpg.Connection:
    """A connection of our own, outside the pools, without their timeouts."""
    path = schema if schema == "public" else f"{schema},public"
    connection = await asyncpg.connect(
        dsn, timeout=10, server_settings={"search_path": path, "application_name": "vitrine seed"}
    )
    await connection.execute(ENDLESS)
    return connection


async def write_shared(connection: asyncpg.Connection, batch: Batch) -> None:
    """All of a batch that belongs to the shared database, in one transaction.

    Row by row, the triggers take twenty times as long as the rows. So they rest meanwhile: what they would keep on a
    product is in its row already, and what they would note is noted once for each product.
    """
    async with connection.transaction():
        await connection.execute(f"LOCK TABLE {', '.join(RESTING)} IN SHARE ROW EXCLUSIVE MODE")
        await _triggers(connection, "DISABLE")
        for table in ORDER:
            if rows := batch.tables.get(table):
                await _copy(connection, table, rows, merge=table in REPEATED)
        await _note(connection, batch.tables.get("product", []))
        await connection.execute("SELECT search_refresh($1)", [row[0] for row in batch.tables.get("product", [])])
        await connection.execute("SELECT refresh_facets($1)", [row[0] for row in batch.tables.get("product", [])])
        await _triggers(connection, "ENABLE")


async def _triggers(connection: asyncpg.Connection, how: str) -> None:
    for table in RESTING:
        await connection.execute(f"ALTER TABLE {table} {how} TRIGGER USER")


async def _note(connection: asyncpg.Connection, products: list[Row]) -> None:
    """Outbox rows that say which products are new, in the form that db/changes.sql writes."""
    columns = COLUMNS["product"]
    for start in range(0, len(products), 500):
        rows = [dict(zip(columns, product, strict=True)) for product in products[start : start + 500]]
        changed = [{"id": str(row["id"]), "columns": columns, "old": None, "new": _keys(row)} for row in rows]
        body = text({"table": "product", "rows": changed})
        await connection.execute("INSERT INTO outbox (id, kind, body) VALUES (gen_random_uuid(), 'changed', $1)", body)


def _keys(row: dict[str, Any]) -> dict[str, str]:
    return {"slug": row["slug"], "category_id": str(row["category_id"]), "status": row["status"]}


async def write_shards(connections: Sequence[asyncpg.Connection], shards: tuple[Shard, ...], batch: Batch) -> None:
    """Stock and its opening ledger, each row on the shard that owns its variant. Rows a broken run left are kept."""
    async with asyncio.TaskGroup() as group:
        for shard, connection in zip(shards, connections, strict=True):
            group.create_task(_write_shard(connection, shard, batch))


async def _write_shard(connection: asyncpg.Connection, shard: Shard, batch: Batch) -> None:
    async with connection.transaction():
        for table in SHARD_TABLES:
            own = _owned(batch.tables.get(table, ()), shard)
            if own:
                await _copy(connection, table, own, merge=True)


def _owned(rows: Iterable[Row], shard: Shard) -> list[Row]:
    """The rows whose id, which carries the variant's bucket, lies on this shard."""
    return [row for row in rows if bucket_of(row[0]) in shard.buckets]


async def _copy(connection: asyncpg.Connection, table: str, rows: list[Row], merge: bool) -> None:
    """COPY into a table; `merge` goes through a temporary one and leaves rows that are there as they are."""
    columns = COLUMNS[table]
    if not merge:
        await connection.copy_records_to_table(table, records=rows, columns=columns)
        return
    names = ", ".join(columns)
    empty = f"SELECT {names} FROM {table} WITH NO DATA"  # noqa: S608
    await connection.execute(f"CREATE TEMPORARY TABLE arriving ON COMMIT DROP AS {empty}")
    await connection.copy_records_to_table("arriving", records=rows, columns=columns)
    await connection.execute(f"INSERT INTO {table} ({names}) SELECT {names} FROM arriving ON CONFLICT DO NOTHING")  # noqa: S608
    await connection.execute("DROP TABLE arriving")
