"""A browser that does nothing but read: one connection, kept open, and products whose pages carry a version."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import msgspec

from app.values import Refusal

SLUG = "edge-bench-"  # products of a benchmark; nothing else is called so
COPIES = """
    WITH model AS (SELECT * FROM product WHERE slug NOT LIKE $1 || '%' AND status = 'published' ORDER BY slug LIMIT 1),
    p AS (INSERT INTO product (id, slug, title, subtitle, description, type_id, maker_id, category_id, status)
        SELECT gen_random_uuid(), $1 || n, title, 'edge bench 0', description, type_id, maker_id, category_id, 'published'
        FROM model, generate_series(1, $2) n RETURNING id, slug),
    v AS (INSERT INTO variant (id, product_id, sku, title) SELECT gen_random_uuid(), id, slug, '' FROM p RETURNING id)
    INSERT INTO price (id, variant_id, market, currency, amount)
    SELECT gen_random_uuid(), v.id, $3, $4, 900 FROM v"""
GONE = (
    "DELETE FROM price WHERE variant_id IN (SELECT v.id FROM variant v JOIN product p ON p.id = v.product_id "
    "WHERE p.slug LIKE $1 || '%')",
    "DELETE FROM variant WHERE product_id IN (SELECT id FROM product WHERE slug LIKE $1 || '%')",
    "DELETE FROM product WHERE slug LIKE $1 || '%'",
)


class Answer(msgspec.Struct, frozen=True):
    status: int
    head: bytes
    body: bytes


class Reader:
    """Reads paths of a shop on this machine, one after the other, over one connection."""

    def __init__(self, port: int, cookie: str = "") -> None:
        self.port = port
        cookies = f"Cookie: {cookie}\r\n" if cookie else ""
        self.rest = f" HTTP/1.1\r\nHost: localhost:{port}\r\n{cookies}\r\n"
        self.open: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def get(self, path: str) -> Answer:
        """The answer, unpacked. Raises OSError or asyncio.IncompleteReadError when the connection breaks."""
        if self.open is None:
            self.open = await asyncio.open_connection("127.0.0.1", self.port, limit=1 << 20)
        come, go = self.open
        go.write(f"GET {path}{self.rest}".encode())
        head = await come.readuntil(b"\r\n\r\n")
        return Answer(int(head[9:12]), head, await _body(come, head.lower()))

    async def version(self, path: str) -> int:
        """Which version of its row a page shows. Raises Refusal for a page without one."""
        answer = await self.get(path)
        found = re.search(rb"edge bench (\d+)", answer.body)
        if found is None:
            raise Refusal(f"{path} answered {answer.status} without a version")
        return int(found[1])

    def close(self) -> None:
        if self.open:
            self.open[1].close()


async def _body(come: asyncio.StreamReader, head: bytes) -> bytes:
    if length := re.search(rb"content-length: *(\d+)", head):
        return await come.readexactly(int(length[1]))
    parts = []
    while size := int(await come.readline(), 16):
        parts.append(await come.readexactly(size))
        await come.readexactly(2)
    await come.readexactly(2)
    return b"".join(parts)


@asynccontextmanager
async def versioned_products(pool: asyncpg.Pool, count: int, market: str, currency: str) -> AsyncIterator[list[str]]:
    """Slugs of products on sale that exist for the benchmark alone; whatever a killed one left goes first."""
    await _remove(pool)
    try:
        await pool.execute(COPIES, SLUG, count, market, currency)
        yield [f"{SLUG}{n}" for n in range(1, count + 1)]
    finally:
        await _remove(pool)


async def _remove(pool: asyncpg.Pool) -> None:
    async with pool.acquire() as connection, connection.transaction():
        for statement in GONE:
            await connection.execute(statement, SLUG)


async def edit(pool: asyncpg.Pool, slug: str, version: int) -> None:
    """The product's row carries this version, committed."""
    await pool.execute("UPDATE product SET subtitle = $2 WHERE slug = $1", slug, f"edge bench {version}")
