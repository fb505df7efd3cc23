from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from app.catalog import purges, queries
from app.db.engines import EVERYONE, TALLY, Tally, writing
from app.edge import tags
from app.values import now
from tests import makers

pytestmark = pytest.mark.usefixtures("databases")
Spoiled = Callable[..., Awaitable[set[str]]]


async def noted(sql: str, *args: Any) -> list[dict[str, Any]]:
    """What the triggers noted of a statement, as outbox bodies."""
    async with writing(EVERYONE) as db:
        await db.execute(sql, *args)
        return [
            row["body"]
            for row in await db.fetch(
                "SELECT body FROM outbox WHERE xmin = pg_current_xact_id()::xid AND kind = 'changed'"
            )
        ]


async def spoiled(sql: str, *args: Any) -> set[str]:
    return await purges.tags_of(await noted(sql, *args))


def card_changed(product: makers.AProduct, *columns: str) -> set[str]:
    """The tags of everything that shows the product's card, or lists by one of these columns."""
    lists = {tags.lists_by(column) for column in [*columns, "any"]}
    return {tags.product(product.id), tags.card(product.id), tags.category(product.category_id)} | lists


def any_list() -> str:
    """The tag of pages that show more lists than they can name."""
    return tags.lists_by("any")


def beside(product: makers.AProduct) -> set[str]:
    """The tags of the pages that show who stands next to it."""
    return {tags.neighbours(product.category_id)}


def there(product: makers.AProduct) -> set[str]:
    """The tags of all that depends on whether there is a page."""
    return {tags.listings(), tags.path(product.url)}


async def test_another_slices_rows_are_not_read_at_all() -> None:
    assert await spoiled("UPDATE edge_canary SET version = version + 1") == set()


async def test_words_that_only_its_page_shows_spoil_only_that() -> None:
    product = await makers.a_product()

    for column in ("description", "subtitle"):
        assert await spoiled(f"UPDATE product SET {column} = 'Other' WHERE id = $1", product.id) == {
            tags.product(product.id)
        }


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ("title = 'Green teapot'", "title"),
        ("picture_hash = 'abc'", "picture_hash"),
        ('attributes = \'{"material": "oak"}\'', "attributes"),
        ("rating_count = 3", "rating_count"),
        ("band = 'few'", "band"),
        ("was_from = 9900", "was_from"),
    ],
)
async def test_what_a_card_shows_spoils_its_lists(change: str, column: str) -> None:
    product = await makers.a_product()

    assert await spoiled(f"UPDATE product SET {change} WHERE id = $1", product.id) == card_changed(product, column)


async def test_another_place_spoils_the_lists_and_who_stood_next_to_it() -> None:
    product = await makers.a_product()

    found = await spoiled("UPDATE product SET rank = 7 WHERE id = $1", product.id)

    assert found == card_changed(product, "rank") | beside(product)


@pytest.mark.parametrize("change", ["version = version + 1, updated_at = now()", "keywords = 'tea'", "title = title"])
async def test_what_no_kept_page_shows_spoils_nothing(change: str) -> None:
    product = await makers.a_product()

    assert await spoiled(f"UPDATE product SET {change} WHERE id = $1", product.id) == set()


async def test_a_draft_that_changes_spoils_nothing() -> None:
    draft = await makers.a_product(status="draft")

    assert await spoiled("UPDATE product SET title = 'Other', rank = 3 WHERE id = $1", draft.id) == set()


@pytest.mark.parametrize(("before", "after"), [("draft", "archived"), ("archived", "draft")])
async def test_whether_it_was_ever_sold_spoils_what_its_address_says(before: str, after: str) -> None:
    product = await makers.a_product(status=before)

    found = await spoiled("UPDATE product SET status = $2 WHERE id = $1", product.id, after)

    assert found == {tags.path(product.url)}


@pytest.mark.parametrize(
    ("before", "after"), [("draft", "published"), ("published", "archived"), ("published", "draft")]
)
async def test_coming_and_going_spoils_the_address_and_every_list_it_may_be_in(before: str, after: str) -> None:
    product = await makers.a_product(status=before)

    found = await spoiled("UPDATE product SET status = $2 WHERE id = $1", product.id, after)

    assert found == card_changed(product, "status") | there(product) | beside(product)


async def test_a_new_address_spoils_the_old_one_too() -> None:
    product = await makers.a_product()
    slug = makers.unique("renamed")

    found = await spoiled("UPDATE product SET slug = $2 WHERE id = $1", product.id, slug)

    assert found == card_changed(product, "slug") | there(product) | {tags.path(f"/p/{slug}")}


async def test_a_product_that_moves_spoils_the_category_it_left() -> None:
    product, other = await makers.a_product(), await makers.a_category()

    found = await spoiled("UPDATE product SET category_id = $2 WHERE id = $1", product.id, other.id)

    both = beside(product) | {tags.category(other.id), tags.neighbours(other.id)}
    assert found == card_changed(product, "category_id") | both


async def test_a_price_spoils_its_product_and_its_lists() -> None:
    product = await makers.a_product()

    found = await spoiled("UPDATE price SET amount = 1200 WHERE variant_id = $1", product.variant_id)

    assert found == card_changed(product, "price_from", "price_to")


async def test_a_price_that_no_card_shows_spoils_only_the_product() -> None:
    prices = [{"price": amount, "options": {"size": str(amount)}} for amount in (1000, 1500, 2000)]
    product = await makers.a_product(variants=prices)

    assert await spoiled("UPDATE price SET amount = 1600 WHERE variant_id = $1", product.variants[1].id) == {
        tags.product(product.id)
    }


async def test_a_band_spoils_its_product_and_lists_only_if_it_is_the_best() -> None:
    product = await makers.a_product(variants=[{"options": {"size": "s"}}, {"options": {"size": "m"}, "band": "few"}])

    one = await spoiled("UPDATE stock_band SET band = 'out' WHERE variant_id = $1", product.variants[1].id)
    best = await spoiled("UPDATE stock_band SET band = 'out' WHERE variant_id = $1", product.variants[0].id)

    assert one == {tags.product(product.id)}
    assert best == card_changed(product, "band")


async def test_a_variant_and_a_picture_spoil_their_product() -> None:
    product = await makers.a_product(variants=[{"options": {"size": "s"}}, {"options": {"size": "m"}}])
    await makers.a_picture(product)

    assert await spoiled("UPDATE variant SET lead_days = 4 WHERE id = $1", product.variant_id) == {
        tags.product(product.id)
    }
    assert await spoiled("UPDATE product_picture SET position = 4 WHERE product_id = $1", product.id) == {
        tags.product(product.id)
    }
    assert tags.product(product.id) in await spoiled("DELETE FROM variant WHERE id = $1", product.variant_id)


async def test_a_makers_story_spoils_their_products_and_a_name_their_cards_too() -> None:
    product = await makers.a_product()
    await makers.a_product(maker_id=product.maker_id, category=await makers.a_category(), status="draft")

    story = await spoiled("UPDATE maker SET story = 'Three wheels.' WHERE id = $1", product.maker_id)
    name = await spoiled("UPDATE maker SET name = 'Hill Pottery' WHERE id = $1", product.maker_id)

    assert story == {tags.maker(product.maker_id)}
    cards = {tags.card(product.id), tags.category(product.category_id), tags.lists_by("any")}
    assert name == cards | {tags.maker(product.maker_id)}


async def test_a_type_spoils_the_pages_that_name_its_options() -> None:
    product = await makers.a_product()

    assert await spoiled("UPDATE product_type SET attributes = '[]', title = 'X' WHERE id = $1", product.type_id) == {
        tags.product_type(product.type_id),
        tags.lists_by("facets"),
    }


async def test_a_categorys_text_spoils_its_page_and_its_name_the_crumbs_and_its_parent() -> None:
    table = await makers.a_category(title="Table")
    mugs = await makers.a_category(parent=table)

    text = await spoiled("UPDATE category SET summary = 'Other' WHERE id = $1", mugs.id)
    name = await spoiled("UPDATE category SET title = 'Cups' WHERE id = $1", mugs.id)

    assert text == {tags.category(mugs.id)}
    assert name == {tags.category(mugs.id), tags.category_detail(mugs.id), tags.category(table.id), any_list()}


async def test_a_top_category_is_in_the_menu() -> None:
    table = await makers.a_category(title="Table", top=True)

    name = await spoiled("UPDATE category SET title = 'Tables' WHERE id = $1", table.id)
    text = await spoiled("UPDATE category SET summary = 'Other' WHERE id = $1", table.id)

    assert name == {tags.category(table.id), tags.category_detail(table.id), tags.menu(), any_list()}
    assert tags.menu() not in text


async def test_a_category_that_moves_spoils_both_addresses_and_both_parents() -> None:
    table, wall = await makers.a_category(), await makers.a_category()
    mugs = await makers.a_category(parent=table)
    path = f"{wall.path}/mugs"

    found = await spoiled("UPDATE category SET parent_id = $2, path = $3 WHERE id = $1", mugs.id, wall.id, path)

    own = {tags.category(mugs.id), tags.category_detail(mugs.id), tags.listings(), any_list()}
    assert found == own | {tags.lists_by("category_id")} | {
        tags.category(table.id),
        tags.category(wall.id),
        tags.path(mugs.url),
        tags.path(f"/c/{path}"),
    }


async def test_a_collection_spoils_its_list_and_its_name_the_foot_of_every_page() -> None:
    product = await makers.a_product()
    flat = await makers.a_collection(products=[])

    member = await spoiled(
        "INSERT INTO collection_product (id, collection_id, product_id) VALUES (gen_random_uuid(), $1, $2)",
        flat.id,
        product.id,
    )
    text = await spoiled("UPDATE collection SET summary = 'Other' WHERE id = $1", flat.id)
    title = await spoiled("UPDATE collection SET title = 'Other' WHERE id = $1", flat.id)
    gone = await spoiled("DELETE FROM collection WHERE id = $1", flat.id)

    assert member == text == {tags.collection(flat.id), any_list()}
    assert title == {tags.collection(flat.id), any_list(), tags.menu()}
    assert gone == {tags.collection(flat.id), any_list(), tags.menu(), tags.listings(), tags.path(flat.url)}


async def test_a_redirect_spoils_its_old_address() -> None:
    old = f"/p/{makers.unique('old')}"

    assert await spoiled("INSERT INTO redirect (id, old_path, new_path) VALUES (gen_random_uuid(), $1, '/')", old) == {
        tags.path(old)
    }


async def test_many_changes_are_looked_up_together() -> None:
    products = [await makers.a_product() for _ in range(3)]
    ids = [product.variant_id for product in products]
    bodies = [await noted("UPDATE price SET min_quantity = 2 WHERE variant_id = $1", id) for id in ids]
    bodies += [await noted("UPDATE stock_band SET back_on = '2026-12-01' WHERE variant_id = $1", id) for id in ids]
    token = TALLY.set(tally := Tally())

    found = await purges.tags_of([body for each in bodies for body in each])

    TALLY.reset(token)
    assert {tags.product(product.id) for product in products} <= found
    assert tally.queries == 1


async def test_what_is_not_the_catalogues_is_left_to_others() -> None:
    assert (
        await purges.tags_of([{"table": "block", "rows": [{"id": "x", "columns": ["body"], "old": None, "new": None}]}])
        == set()
    )
    assert await purges.tags_of([]) == set()


async def page_tags(product: makers.AProduct) -> frozenset[str]:
    view = await queries.product_view(product.slug, {})
    assert view is not None
    return view.tags


async def related_tags(product: makers.AProduct) -> frozenset[str]:
    view = await queries.related_view(product.slug)
    assert view is not None
    return view.tags


async def test_every_page_that_shows_a_change_is_spoiled_and_no_other_product_page_is() -> None:
    mugs = await makers.a_category()
    far, *_ = [await makers.a_product(category=mugs, rank=rank) for rank in range(5)]  # its neighbours are ranks 1 to 4
    neighbour, mug = await makers.a_product(category=mugs, rank=8), await makers.a_product(category=mugs, rank=9)
    unrelated = await makers.a_product()
    lists = await queries.list_view(mugs.path, 1)
    assert lists is not None

    price = await spoiled("UPDATE price SET amount = 5 WHERE variant_id = $1", mug.variant_id)

    assert price & await page_tags(mug)
    assert price & await related_tags(neighbour)
    assert not price & await page_tags(neighbour)
    assert price & lists.tags
    assert not price & await page_tags(unrelated)
    assert not price & await related_tags(far)


async def test_a_rule_collection_is_spoiled_when_its_members_change() -> None:
    product = await makers.a_product()
    sale = await makers.a_collection(rule={"kind": "on_sale"})
    few = await makers.a_collection(rule={"kind": "last_few"})

    reduced = await spoiled("UPDATE price SET was = 9900 WHERE variant_id = $1", product.variant_id)

    assert reduced & await collection_tags(sale)
    assert not reduced & (await collection_tags(few) - {tags.card(product.id)})


# Rule -> what takes a product into it or out of it; `{p}`: the product, `{k}`: what the rule names.
MOVES = {
    "category": "UPDATE product SET category_id = '{k.category_id}' WHERE id = '{p.id}'",
    "maker": "UPDATE product SET maker_id = '{k.maker_id}' WHERE id = '{p.id}'",
    "rating": "UPDATE review SET rating = 5 WHERE product_id = '{p.id}'",
    "from": "UPDATE price SET amount = 9900 WHERE variant_id = '{p.variant_id}'",
    "under": "UPDATE price SET amount = 9900 WHERE variant_id = '{p.variant_id}'",
}


@pytest.mark.parametrize("kind", MOVES)
async def test_whoever_enters_or_leaves_a_rule_spoils_its_page_and_no_other_rules(kind: str) -> None:
    known = await makers.a_product(price=9900)
    product = await makers.a_product(price=900)
    await makers.a_review(product, rating=1)
    asks = {"category": str(known.category_id), "maker": str(known.maker_id), "stars": 4, "amount": 5000}
    said = {"from": "amount", "under": "amount", "rating": "stars"}.get(kind, kind)
    page = await makers.a_collection(rule={"kind": kind, said: asks[said]})
    few = await makers.a_collection(rule={"kind": "last_few"})
    before = await members(page)

    found = await spoiled(MOVES[kind].format(p=product, k=known))

    assert (product.id in before) != (product.id in await members(page))
    assert found & (await collection_tags(page) - {tags.card(product.id)})
    assert not found & (await collection_tags(few) - {tags.card(product.id)})


async def members(collection: makers.ACollection) -> set[Any]:
    [shelf] = await queries.shelves([queries.Shelf(collection=collection.slug, most=10_000)])
    return {card.product_id for card in shelf.cards}


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE product SET publish_at = now() - interval '1 day' WHERE id = $1",
        "INSERT INTO price (id, variant_id, market, currency, amount, was) "
        "SELECT gen_random_uuid(), id, 'gb', 'GBP', 5, 9 FROM variant WHERE product_id = $1",
    ],
)
async def test_whoever_comes_on_sale_spoils_every_list_that_could_gain_it_and_its_neighbours(change: str) -> None:
    mugs = await makers.a_category()
    neighbour, later = await makers.a_product(category=mugs), now() + timedelta(days=9)
    priced = "INSERT" not in change
    mug = await makers.a_product(category=mugs, publish_at=later if priced else None, variants=[{"price": 5}])
    if not priced:
        await noted("DELETE FROM price WHERE variant_id = $1", mug.variant_id)
    rules: list[dict[str, Any]] = [{"kind": "on_sale"}, {"kind": "last_few"}, {"kind": "attribute", "code": "a"}]
    lists = [await collection_tags(await makers.a_collection(rule=rule)) for rule in rules]
    lists.append(await collection_tags(await makers.a_collection(products=[])))
    lists += [shelf.tags for shelf in await queries.shelves([queries.Shelf(category=mugs.path)])]

    found = await spoiled(change, mug.id)

    assert all(found & (each - {tags.lists_by("rank")}) for each in lists)
    assert found & await related_tags(neighbour)


@pytest.mark.parametrize("change", ['options = \'{"wood": "oak"}\'', "published = false"])
async def test_a_variant_that_rules_look_at_spoils_collections_by_attribute(change: str) -> None:
    product = await makers.a_product(variants=[{"options": {"wood": "ash"}}, {"options": {"wood": "elm"}}])
    oak = await makers.a_collection(rule={"kind": "attribute", "code": "wood", "value": "oak"})

    found = await spoiled(f"UPDATE variant SET {change} WHERE id = $1", product.variant_id)

    assert found & await collection_tags(oak)


async def test_an_emptied_table_spoils_everything() -> None:
    for table in (*purges.PLAIN, *purges.LOOKED_UP):
        assert await purges.tags_of([{"table": table, "all": True}]) == {tags.everything()}
    assert await purges.tags_of([{"table": "block", "all": True}]) == set()


async def collection_tags(collection: makers.ACollection) -> frozenset[str]:
    view = await queries.list_view(collection.slug, 1)
    assert view is not None
    return view.tags


async def test_tags_are_those_of_the_row_whatever_the_case_of_its_id() -> None:
    id = UUID("0F0E0D0C-0B0A-8908-8706-050403020100")
    row = {"id": str(id).upper(), "columns": ["story"], "old": {}, "new": {}}

    assert await purges.tags_of([{"table": "maker", "rows": [row]}]) == {tags.maker(id)}


async def test_a_price_that_moves_to_another_product_spoils_and_refreshes_both() -> None:
    left, joined = await makers.a_product(price=1400), await makers.a_product(price=None)

    found = await spoiled("UPDATE price SET variant_id = $2 WHERE variant_id = $1", left.variant_id, joined.variant_id)

    async with writing(EVERYONE) as db:
        sql = "SELECT price_from FROM product WHERE id = ANY($1) ORDER BY id = $2"
        rows = await db.fetch(sql, [left.id, joined.id], joined.id)
    assert [row["price_from"] for row in rows] == [None, 1400]
    assert {tags.product(left.id), tags.product(joined.id)} <= found


async def test_a_review_that_moves_counts_where_it_is() -> None:
    left, joined = await makers.a_product(), await makers.a_product()
    await makers.a_review(left)

    found = await spoiled("UPDATE review SET product_id = $2 WHERE product_id = $1", left.id, joined.id)

    async with writing(EVERYONE) as db:
        sql = "SELECT rating_count FROM product WHERE id = ANY($1) ORDER BY id = $2"
        rows = await db.fetch(sql, [left.id, joined.id], joined.id)
    assert [row["rating_count"] for row in rows] == [0, 1]
    assert {tags.card(left.id), tags.card(joined.id)} <= found


async def test_a_key_that_changes_is_one_row_gone_and_one_that_is_new() -> None:
    left, joined = await makers.a_product(), await makers.a_product(price=None, band="out")
    async with writing(EVERYONE) as db:
        await db.execute("DELETE FROM stock_band WHERE variant_id = $1", joined.variant_id)

    found = await spoiled(
        "UPDATE stock_band SET variant_id = $2 WHERE variant_id = $1", left.variant_id, joined.variant_id
    )

    assert {tags.product(left.id), tags.product(joined.id)} <= found
