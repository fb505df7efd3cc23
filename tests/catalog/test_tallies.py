"""What lists of categories read as sums is what counting every product says, whatever was edited, and in every order."""

from __future__ import annotations

import asyncio
import random
from contextvars import Context
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from app.catalog import facets, tallies
from app.catalog.facets import Found, Window
from app.catalog.filters import Filters
from app.db.engines import EVERYONE, reading, writing
from app.values import now
from tests import makers
from tests.catalog.test_facets import GLAZE, MATERIAL, SAFE

pytestmark = pytest.mark.usefixtures("databases")

ORDERS = (None, "f.since DESC", "f.price", "f.price DESC", "f.rating DESC")
ASKED = (
    Filters(),
    Filters(values={"f_glaze": ("moss",)}),
    Filters(values={"f_glaze": ("moss", "oat")}),
    Filters(values={"f_material": ("clay", "nothing")}),
    Filters(values={"stock": ("in",)}),
    Filters(values={"offer": ("new", "sale")}),
    Filters(low=20, high=60),
    Filters(values={"f_glaze": ("oat",), "stock": ("in",)}, high=80),
    Filters(values={"f_glaze": ("oat",), "offer": ("new",), "f_material": ("clay", "tin")}),
)
EDITS = (
    "UPDATE product SET status = CASE status WHEN 'draft' THEN 'published' ELSE 'draft' END WHERE id = $1",
    "UPDATE product SET publish_at = now() + interval '1 hour' WHERE id = $1",
    "UPDATE product SET publish_at = now() - interval '40 days' WHERE id = $1",
    "UPDATE product SET created_at = now() - interval '90 days', publish_at = NULL WHERE id = $1",
    "UPDATE product SET category_id = (SELECT category_id FROM product WHERE id = $2) WHERE id = $1",
    'UPDATE product SET attributes = \'{"material": "stone"}\' WHERE id = $1',
    "UPDATE product SET attributes = '{\"safe\": true}', rank = rank + 3 WHERE id = $1",
    'UPDATE variant SET options = \'{"glaze": "oat"}\' WHERE product_id = $1',
    "UPDATE price SET amount = amount + 700, was = amount + 900 WHERE variant_id IN (SELECT id FROM variant WHERE product_id = $1)",
    "UPDATE stock_band SET band = 'out' WHERE variant_id IN (SELECT id FROM variant WHERE product_id = $1)",
    "UPDATE product SET price_turns = now() + interval '2 hours' WHERE id = $1",
    "DELETE FROM product_facet WHERE product_id = $1",
    "SELECT refresh_facets(ARRAY[$1::uuid])",
    "SELECT fold_tallies()",
)


async def shelves(chance: random.Random, each: int) -> tuple[list[UUID], list[UUID]]:
    """Two categories and their products."""
    kind, both = await makers.a_product_type([GLAZE, MATERIAL, SAFE]), [await makers.a_category() for _ in range(2)]
    made = [
        await makers.a_product(
            category=chance.choice(both), type_id=kind, rank=chance.randrange(5), created_at=now() - timedelta(days=chance.choice((3, 80))),
            variants=[{"options": {"glaze": chance.choice(("moss", "oat"))}, "price": chance.randrange(1, 9) * 1000}],
            attributes={"material": chance.choice(("clay", "stone", "tin"))},
        )
        for _ in range(each)
    ]  # fmt: skip
    return [shelf.id for shelf in both], [product.id for product in made]


async def edit(sql: str, *ids: UUID) -> None:
    async with writing(EVERYONE) as db:
        await db.execute(sql, *ids[: max((at for at in (1, 2) if f"${at}" in sql), default=0)])


def said(found: Found) -> dict[str, Any]:
    """Without the shelves on which nothing stands."""
    return {
        "filters": found.filters, "total": found.total, "prices": (found.least, found.most), "until": found.until, "ids": found.ids,
        "counts": found.counts,
        "shelves": {key: many for key, many in found.shelves.items() if many},
    }  # fmt: skip


async def compare(ids: list[UUID], asked: Filters, window: Window) -> None:
    async with reading(EVERYONE) as db:
        quick = await tallies.found(db, ids, asked, places=2, window=window)
        plain = await facets.found(db, facets.of_categories(ids), asked, places=2, window=window)
    assert said(quick) == said(plain), asked


@pytest.mark.parametrize("seed", range(3))
async def test_sums_say_what_counting_says_after_any_edits(seed: int) -> None:
    chance = random.Random(seed)
    categories, products = await shelves(chance, 14)

    for _ in range(5):
        for sql in chance.sample(EDITS, 4):
            await edit(sql, *chance.sample(products, 2))
        for asked in ASKED:
            await compare(
                chance.choice((categories, categories[:1])),
                asked,
                Window(chance.choice(ORDERS), 5, chance.choice((0, 5))),
            )


async def test_edits_at_once_wait_for_nobody_and_are_all_counted() -> None:
    categories, products = await shelves(random.Random(7), 6)
    sql = 'UPDATE product SET attributes = \'{"material": "tin"}\' WHERE id = $1'

    async with writing(EVERYONE) as db:
        await db.execute(sql, products[0])  # not committed yet, and nobody waits for it
        await asyncio.gather(*(asyncio.create_task(edit(sql, id), context=Context()) for id in products[1:]))

    await compare(categories, Filters(), Window(None, 9, 0))


async def test_folds_that_meet_lose_nothing() -> None:
    categories, products = await shelves(random.Random(8), 6)
    for id in products:
        await edit('UPDATE product SET attributes = \'{"material": "tin"}\' WHERE id = $1', id)

    await asyncio.gather(*(edit("SELECT fold_tallies()") for _ in range(4)))

    async with reading(EVERYONE) as db:
        rows = await db.fetch(
            "SELECT count(*) AS rows FROM facet_tally WHERE category_id = ANY($1) GROUP BY category_id, value",
            categories,
        )
    assert {row["rows"] for row in rows} == {1}
    await compare(categories, Filters(), Window(None, 9, 0))


async def test_products_that_are_deleted_are_counted_no_more() -> None:
    categories, products = await shelves(random.Random(9), 5)

    for table in ("price", "stock_band"):
        await edit(
            f"DELETE FROM {table} WHERE variant_id IN (SELECT id FROM variant WHERE product_id = $1)", products[0]
        )
    for table, key in (("variant", "product_id"), ("product", "id")):
        await edit(f"DELETE FROM {table} WHERE {key} = $1", products[0])

    async with reading(EVERYONE) as db:
        assert (
            await db.fetchval("SELECT sum(many) FROM facet_tally WHERE category_id = ANY($1) AND value = 0", categories)
            == 4
        )
    await compare(categories, Filters(values={"f_glaze": ("moss",)}), Window(None, 9, 0))
