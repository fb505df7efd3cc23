from __future__ import annotations

import pytest

from app.db.engines import EVERYONE, reading, writing
from app.search import operations, queries
from tests import makers

pytestmark = pytest.mark.usefixtures("databases")

# What may change behind the app's back, in plain SQL: the statement, what finds the product then, and what no longer does.
CHANGES = {
    "title": ("UPDATE product SET title = 'Zebrawood box' WHERE id = '{p.id}'", "zebrawood", "plainbox"),
    "keywords": ("UPDATE product SET keywords = 'firkin' WHERE id = '{p.id}'", "firkin", None),
    "description": ("UPDATE product SET description = 'Of tamarind.' WHERE id = '{p.id}'", "tamarind", None),
    "attributes": (
        """UPDATE product SET attributes = '{{"wood": "padauk-oiled"}}' WHERE id = '{p.id}'""",
        "padauk",
        None,
    ),
    "options": (
        """UPDATE variant SET options = '{{"glaze": "celadon"}}' WHERE id = '{p.variant_id}'""",
        "celadon",
        None,
    ),
    "maker": ("UPDATE maker SET name = 'Quennell' WHERE id = '{p.maker_id}'", "quennell", None),
    "category": ("UPDATE category SET title = 'Caskets' WHERE id = '{p.category_id}'", "casket", None),
    "archived": ("UPDATE product SET status = 'archived' WHERE id = '{p.id}'", None, "plainbox"),
    "price gone": ("DELETE FROM price WHERE variant_id = '{p.variant_id}'", None, "plainbox"),
    "later": ("UPDATE product SET publish_at = now() + interval '1 day' WHERE id = '{p.id}'", None, "plainbox"),
    "gone": ("DELETE FROM product WHERE id = '{p.id}'", None, "plainbox"),
}


async def found(question: str) -> list[object]:
    view = await queries.search_view(question, 1)
    assert view is not None
    return [] if view.instead or view.left_out else [card.product_id for card in view.cards]


@pytest.mark.parametrize("what", CHANGES)
async def test_what_changes_in_the_database_changes_what_is_found(what: str) -> None:
    product = await makers.a_product(title="Plainbox", slug=makers.unique("plainbox"))
    sql, finds, no_longer = CHANGES[what]
    assert product.id in await found("plainbox")

    async with writing(EVERYONE) as db:
        await db.execute(sql.format(p=product))

    assert finds is None or product.id in await found(finds)
    assert no_longer is None or product.id not in await found(no_longer)


async def test_a_new_price_or_place_rewrites_no_word_of_the_index() -> None:
    product = await makers.a_product(title="Quiet box")
    before = await entry(product)

    async with writing(EVERYONE) as db:
        await db.execute("UPDATE price SET amount = amount + 1 WHERE variant_id = $1", product.variant_id)
        await db.execute("UPDATE stock_band SET band = 'few' WHERE variant_id = $1", product.variant_id)
        await db.execute("UPDATE product SET rating_sum = 5, rating_count = 1 WHERE id = $1", product.id)

    assert await entry(product) == before


async def entry(product: makers.AProduct) -> str:
    """Where the entry lies: another place means that it was written anew."""
    async with reading(EVERYONE) as db:
        return str(await db.fetchval("SELECT ctid || ' ' || xmin FROM search_entry WHERE product_id = $1", product.id))


COPIES = """INSERT INTO product SELECT (jsonb_populate_record(p, jsonb_build_object('id', gen_random_uuid(), 'slug', p.slug || '-' || n))).*
    FROM product p, generate_series(1, 501) n WHERE p.id = $1"""


async def test_products_of_a_big_import_are_found_as_soon_as_the_relay_has_read_them() -> None:
    product, word = await makers.a_product(title="Bulkbox", slug=makers.unique("bulkbox")), "bulkbox"
    while await operations.catch_up():
        pass
    async with writing(EVERYONE) as db:
        await db.execute(COPIES, product.id)
    at_first = await queries.found_by(word)

    read = [await operations.catch_up() for _ in range(3)]

    assert (at_first, read, await queries.found_by(word)) == (1, [True, True, False], 502)
    async with writing(EVERYONE) as db:
        await db.execute("DELETE FROM product WHERE slug LIKE $1 || '-%'", product.slug)
    assert await queries.found_by(word) == 1


async def test_a_big_change_leaves_the_old_words_until_it_is_read_and_none_after() -> None:
    product = await makers.a_product(title="Oldbulk", slug=makers.unique("oldbulk"))
    async with writing(EVERYONE) as db:
        await db.execute(COPIES, product.id)
        await db.execute("UPDATE product SET title = 'Newbulk' WHERE slug LIKE $1 || '%'", product.slug)

    while await operations.catch_up():
        pass

    assert (await queries.found_by("oldbulk"), await queries.found_by("newbulk")) == (0, 502)
    async with writing(EVERYONE) as db:
        await db.execute("DELETE FROM product WHERE slug LIKE $1 || '-%'", product.slug)


async def test_every_product_has_one_entry_and_no_entry_is_left_over() -> None:
    while await operations.catch_up():
        pass
    sql = """SELECT count(*) FROM product p FULL JOIN search_entry e ON e.product_id = p.id LEFT JOIN search_entries(ARRAY[p.id]) s ON true
        WHERE p.id IS NULL OR e.product_id IS NULL OR (s.heading, s.document, s.shown) IS DISTINCT FROM (e.heading, e.document, e.shown)"""
    async with reading(EVERYONE) as db:
        assert await db.fetchval(sql) == 0


async def test_accents_may_be_left_out() -> None:
    product = await makers.a_product(title="Crème brûlée dish")

    assert product.id in await found("creme brulee")
    assert product.id in await found("CRÈME BRÛLÉE")
