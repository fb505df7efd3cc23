"""A shopper's kept holes: what they count is on a shard, who purges them reads the shared database."""

from __future__ import annotations

from uuid import UUID

import msgspec
import pytest

from app.db.engines import EVERYONE, reading, writing
from app.edge import tags
from app.edge.purge import CDN
from app.orders import operations, steps
from app.orders.promise import promise
from app.orders.queries import order_count
from app.values import bucket_of
from jobs.after import AT_ONCE, JOBS
from jobs.edges import Edges
from jobs.run import run_row
from tests.jobs.listeners import Node
from tests.knobs import knobs
from tests.makers import a_placing, a_product, a_shopper, an_order

pytestmark = pytest.mark.usefixtures("databases")


async def relayed(shopper_id: UUID, edges: Edges) -> None:
    """The relay has done what it does at once for this shopper, and its next round."""
    async with reading(shopper_id) as db:
        rows = await db.fetch(
            "SELECT id FROM outbox WHERE body->>'shopper_id' = $1 AND kind = ANY($2) AND done_at IS NULL",
            str(shopper_id),
            list(AT_ONCE),
        )
    for row in rows:
        await run_row(JOBS, bucket_of(shopper_id), row["id"])
    await edges.step()


async def test_an_order_purges_its_shoppers_kept_holes(nodes: list[Node], edges: Edges) -> None:
    ask = await a_placing({(await a_product()).variant_id: 1})
    await edges.step()
    before = await order_count(ask.shopper_id)

    with knobs(payment_provider="instant"):
        await operations.place(ask)
    await relayed(ask.shopper_id, edges)

    assert await order_count(ask.shopper_id) == before + 1
    assert all(tags.shopper(ask.shopper_id) in node.tags for node in nodes)


async def test_an_order_that_comes_to_nothing_purges_them_again(nodes: list[Node], edges: Edges) -> None:
    ask = await a_placing({(await a_product()).variant_id: 1})
    promised = await promise(ask)
    await relayed(ask.shopper_id, edges)
    for node in nodes:
        node.tags.clear()

    await steps.reject(promised.state, "stock")
    await relayed(ask.shopper_id, edges)

    assert await order_count(ask.shopper_id) == 0
    assert all(tags.shopper(ask.shopper_id) in node.tags for node in nodes)


async def test_an_order_that_a_link_brings_along_purges_them_too(nodes: list[Node], edges: Edges) -> None:
    order, reader = await an_order(), await a_shopper()
    async with writing(order.id) as db:
        sql = "INSERT INTO order_reader (id, order_id, shopper_id) VALUES ($1, $1, $2)"
        await db.execute(sql, order.id, reader)

    for _ in range(2):
        await operations.remember(order.id, reader)
    await relayed(reader, edges)

    assert await order_count(reader) == 1
    assert all(tags.shopper(reader) in node.tags for node in nodes)
    async with reading(reader) as db:
        sql = "SELECT count(*) FROM outbox WHERE kind = 'ShopperChanged' AND body->>'shopper_id' = $1"
        assert await db.fetchval(sql, str(reader)) == 1, "what was known before is no news"


async def test_the_cdn_which_keeps_nothing_private_is_not_asked(nodes: list[Node], edges: Edges) -> None:
    ask = await a_placing({(await a_product()).variant_id: 1})
    await edges.step()
    edges.settings = msgspec.structs.replace(edges.settings, cdn="fastly", echo_seconds="")

    with knobs(payment_provider="instant"):
        await operations.place(ask)
    await relayed(ask.shopper_id, edges)

    async with reading(EVERYONE) as db:
        targets = await db.fetch(
            "SELECT d.target FROM edge_delivery d JOIN edge_purge p ON p.id = d.purge_id WHERE p.tags ? $1",
            tags.shopper(ask.shopper_id),
        )
    assert {node.url for node in nodes} <= {row["target"] for row in targets}
    assert CDN not in {row["target"] for row in targets}
