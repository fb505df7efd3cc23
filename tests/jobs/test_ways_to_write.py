"""However the shared database is written, and however much of it, what changed is purged and nothing else."""

from __future__ import annotations

import io
from collections.abc import Awaitable, Callable
from uuid import uuid4

import msgspec
import pytest

from app.catalog.tables import Product
from app.db.engines import EVERYONE, writing
from app.db.pools import connect
from app.edge import tags
from app.inventory import operations as inventory
from app.settings import settings
from jobs.edges import Edges
from tests.inventory.test_events import band_events
from tests.jobs.listeners import Node
from tests.makers import a_product

pytestmark = pytest.mark.usefixtures("databases")


async def by_statement(slug: str) -> str:
    db = await connect(settings().shared_dsn, settings())
    await db.execute("UPDATE product SET title = 'Raw' WHERE slug = $1", slug)
    await db.close()
    return tags.path(f"/p/{slug}")


async def by_piccolo(slug: str) -> str:
    async with writing(EVERYONE):
        await Product.update({Product.title: "Bulk"}).where(Product.slug.is_in([slug]))
    return ""


async def by_copy(slug: str) -> str:
    path = f"/p/old-{slug}"
    db = await connect(settings().shared_dsn, settings())
    line = f"{uuid4()}\t{path}\t/p/{slug}\n".encode()
    await db.copy_to_table("redirect", source=io.BytesIO(line), columns=["id", "old_path", "new_path"])
    await db.close()
    return tags.path(path)


@pytest.mark.parametrize("way", [by_statement, by_piccolo, by_copy])
async def test_every_way_to_write_is_purged(
    way: Callable[[str], Awaitable[str]], nodes: list[Node], edges: Edges
) -> None:
    mug, other = await a_product(), await a_product()
    await edges.step()
    for node in nodes:
        node.tags.clear()

    told = await way(mug.slug)
    await edges.step()

    expected = told if way is by_copy else tags.product(mug.id)
    assert all(expected in node.tags for node in nodes)
    assert all(tags.product(other.id) not in node.tags for node in nodes)


async def test_stock_that_pages_do_not_show_purges_nothing(nodes: list[Node], edges: Edges) -> None:
    mug = await a_product()

    async def told_after(delta: int) -> set[str]:
        await inventory.adjust(mug.variant_id, delta)
        for event in await band_events(mug.variant_id):
            await inventory.project_band(event)
        nodes[0].tags.clear()
        await edges.step()
        return set(nodes[0].tags)

    edges.settings = msgspec.structs.replace(edges.settings, echo_seconds="60")
    await told_after(-15)
    from_five_to_four = await told_after(-1)
    await told_after(-3)

    gone = await told_after(-1)

    assert tags.product(mug.id) not in from_five_to_four
    assert {tags.product(mug.id), tags.card(mug.id), tags.category(mug.category_id)} <= gone


@pytest.mark.slow
async def test_ten_thousand_new_prices_are_a_few_dozen_requests_and_spare_other_pages(
    nodes: list[Node], edges: Edges
) -> None:
    mug, other = await a_product(), await a_product()
    db = await connect(settings().shared_dsn, settings(), statement_timeout="60000")
    await db.execute(
        "INSERT INTO product SELECT (jsonb_populate_record(p, jsonb_build_object('id', gen_random_uuid(), "
        "'slug', 'bulk-' || n))).* FROM product p, generate_series(1, 10000) n WHERE p.id = $1",
        mug.id,
    )
    await db.execute("UPDATE outbox SET done_at = now() WHERE done_at IS NULL")
    await db.execute("UPDATE product SET price_from = price_from + 1 WHERE slug LIKE 'bulk-%'")

    await edges.step()

    await db.execute("DELETE FROM product WHERE slug LIKE 'bulk-%'")
    await db.execute("UPDATE outbox SET done_at = now() WHERE done_at IS NULL")
    await db.close()
    assert len(set(nodes[0].tags)) > 10_000
    assert nodes[0].requests <= 50
    assert tags.everything() not in nodes[0].tags
    assert tags.product(other.id) not in nodes[0].tags
