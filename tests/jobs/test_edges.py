from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import msgspec
import pytest

from app.db.engines import EVERYONE, reading, writing
from app.edge import tags
from app.settings import settings
from jobs.edges import Edges
from tests.makers import a_product

pytestmark = pytest.mark.usefixtures("databases")


class Node:
    """A purge listener that remembers what it was told, and fails on demand."""

    def __init__(self) -> None:
        self.tags: list[str] = []
        self.requests = 0
        self.broken = False

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while head := await self._head(reader):
            self.requests += 1
            if self.broken:
                writer.write(b"HTTP/1.1 503 Down\r\nContent-Length: 0\r\n\r\n")
            else:
                line = next(line for line in head.splitlines() if line.lower().startswith("x-purge-tags:"))
                self.tags += line.partition(":")[2].split()
                writer.write(b"HTTP/1.1 200 n=1\r\nContent-Length: 0\r\n\r\n")
            await writer.drain()
        writer.close()

    async def _head(self, reader: asyncio.StreamReader) -> str:
        try:
            return (await reader.readuntil(b"\r\n\r\n")).decode()
        except (asyncio.IncompleteReadError, ConnectionError):
            return ""


@pytest.fixture
async def nodes() -> AsyncIterator[list[Node]]:
    """Two edge nodes; `Edges` of the fixture below purges both."""
    both = [Node(), Node()]
    servers = [await asyncio.start_server(node.answer, "127.0.0.1", 0) for node in both]
    for node, server in zip(both, servers, strict=True):
        node.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"  # type: ignore[attr-defined]
    yield both
    for server in servers:
        server.close()


@pytest.fixture
async def edges(nodes: list[Node]) -> AsyncIterator[Edges]:
    urls = " ".join(node.url for node in nodes)  # type: ignore[attr-defined]
    relay = Edges(msgspec.structs.replace(settings(), edge_nodes=urls, echo_seconds="0.1"))
    async with writing(EVERYONE) as db:
        await db.execute("UPDATE outbox SET done_at = now() WHERE done_at IS NULL")
    yield relay
    await relay.close()


async def due() -> int:
    async with reading(EVERYONE) as db:
        return await db.fetchval("SELECT count(*) FROM outbox WHERE done_at IS NULL")


async def test_a_new_price_is_purged_on_every_node_and_repeated(nodes: list[Node], edges: Edges) -> None:
    product = await a_product()
    await edges.step()
    for node in nodes:
        node.tags.clear()

    async with writing(EVERYONE) as db:
        await db.execute("UPDATE price SET amount = amount + 1, was = NULL WHERE variant_id = $1", product.variant_id)
    await edges.step()

    assert all(tags.product(product.id) in node.tags for node in nodes)
    await asyncio.sleep(0.2)
    told = len(nodes[0].tags)
    await edges.step()
    assert len(nodes[0].tags) > told


async def test_a_change_that_was_rolled_back_purges_nothing(nodes: list[Node], edges: Edges) -> None:
    product = await a_product()
    await edges.step()
    before = await due()

    with pytest.raises(ZeroDivisionError):
        async with writing(EVERYONE) as db:
            await db.execute("UPDATE product SET title = 'Never' WHERE id = $1", product.id)
            raise ZeroDivisionError

    assert await due() == before


async def test_a_node_that_does_not_confirm_keeps_the_change_open(nodes: list[Node], edges: Edges) -> None:
    product = await a_product()
    nodes[1].broken = True
    await edges.step()
    assert await due() > 0
    assert tags.product(product.id) in nodes[0].tags

    nodes[1].broken = False
    async with writing(EVERYONE) as db:
        await db.execute("UPDATE outbox SET available_at = now() WHERE done_at IS NULL")
    await edges.step()

    assert tags.product(product.id) in nodes[1].tags


async def test_ten_thousand_rows_are_a_handful_of_purges(nodes: list[Node], edges: Edges) -> None:
    product = await a_product()
    async with writing(EVERYONE) as db:
        await db.execute("UPDATE outbox SET done_at = now() WHERE done_at IS NULL")
        await db.execute(
            "INSERT INTO review (id, product_id, author, rating, title, body, state, created_at) "
            "SELECT gen_random_uuid(), $1, 'A', 5, 'T', 'B', 'pending', now() FROM generate_series(1, 10000)",
            product.id,
        )

    rows = await due()
    await edges.step()

    assert rows <= 25
    assert nodes[0].requests <= 3


async def test_a_row_nobody_can_relay_stays_open_with_its_reason_and_holds_up_no_other(
    nodes: list[Node], edges: Edges
) -> None:
    async with writing(EVERYONE) as db:
        strange = await db.fetchval(
            "INSERT INTO outbox (id, kind, body) VALUES (gen_random_uuid(), 'echo', '{}'), "
            "(gen_random_uuid(), 'unheard of', '{}') RETURNING id"
        )
    product = await a_product()

    await edges.step()

    async with reading(EVERYONE) as db:
        open_rows = await db.fetch(
            "SELECT kind, error, attempts FROM outbox WHERE done_at IS NULL AND error IS NOT NULL"
        )
        await db.fetchval("SELECT 1 FROM outbox WHERE id = $1", strange)
    assert tags.product(product.id) in nodes[0].tags
    assert {row["kind"] for row in open_rows} >= {"echo", "unheard of"}
    async with writing(EVERYONE) as db:
        await db.execute("UPDATE outbox SET done_at = now() WHERE error IS NOT NULL")
