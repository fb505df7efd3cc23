from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest

from app.catalog import queries
from app.db.engines import EVERYONE, TALLY, Tally, writing
from app.edge import tags
from app.values import new_id, now
from tests import makers

pytestmark = pytest.mark.usefixtures("databases")
GLAZES = ["glaze", "size"]


async def test_a_product_is_shown_with_all_that_belongs_to_it() -> None:
    table = await makers.a_category(title="Table")
    mugs = await makers.a_category(title="Mugs", parent=table)
    type_id = await makers.a_product_type(
        [{"code": "material", "label": "Material"}, {"code": "size", "label": "Size", "is_option": True}]
    )
    mug = await makers.a_product(
        title="Pell mug",
        category=mugs,
        type_id=type_id,
        attributes={"material": "stoneware"},
        variants=[{"options": {"size": "250"}, "was": 1600}],
    )

    view = await queries.product_view(mug.slug, {})

    assert view is not None
    assert [crumb.title for crumb in view.crumbs][-2:] == ["Table", "Mugs"]
    assert view.crumbs[-1].url == mugs.url
    assert view.paragraphs == ["It pours.", "It does not drip."]
    assert [(fact.label, fact.value) for fact in view.facts] == [("Material", "Stoneware")]
    assert view.maker.name == "Hollow Lane Pottery"
    assert (view.panel.price, view.panel.was, view.panel.variant_id) == (1400, 1600, mug.variant_id)
    assert view.canonical == f"/p/{mug.slug}"


@pytest.mark.parametrize(
    "more", [{"status": "draft"}, {"status": "archived"}, {"publish_at": now() + timedelta(days=1)}, {"price": None}]
)
async def test_what_is_not_on_sale_is_not_shown(more: dict) -> None:
    product = await makers.a_product(**more)

    assert await queries.product_view(product.slug, {}) is None
    assert await queries.variant_panel(product.slug, {}) is None


async def test_a_product_whose_time_has_come_is_shown() -> None:
    product = await makers.a_product(publish_at=now() - timedelta(seconds=1))

    assert await queries.product_view(product.slug, {}) is not None


async def test_unpublished_and_unpriced_variants_are_not_offered() -> None:
    shown, hidden, unpriced = {"size": "s"}, {"size": "m"}, {"size": "l"}
    product = await makers.a_product(
        variants=[
            {"options": shown},
            {"options": hidden, "published": False},
            {"options": unpriced, "price": None, "breaks": {6: 900}},
        ]
    )

    panel = await queries.variant_panel(product.slug, {})

    assert panel is not None
    assert [value.value for option in panel.options for value in option.values] == ["s"]


async def test_a_product_page_names_what_it_shows_and_nothing_else() -> None:
    table = await makers.a_category(title="Table")
    mugs = await makers.a_category(parent=table)
    mug, _ = await makers.a_product(category=mugs), await makers.a_product(category=mugs)
    async with writing(EVERYONE) as db:
        root = await db.fetchval("SELECT id FROM category WHERE path = 'everything'")

    view = await queries.product_view(mug.slug, {})

    assert view is not None
    details = {tags.category_detail(id) for id in (root, table.id, mugs.id)}
    own = {tags.product(mug.id), tags.product_type(mug.type_id), tags.maker(mug.maker_id), tags.delivery()}
    assert view.tags == own | details


async def test_what_stands_beside_a_product_ends_when_the_next_of_its_category_is_due() -> None:
    mugs = await makers.a_category()
    mug, due = await makers.a_product(category=mugs), now() + timedelta(hours=1)
    await makers.a_product(category=mugs, publish_at=due)

    view = await queries.related_view(mug.slug)

    assert view is not None
    assert view.until == due


async def test_everything_a_cart_needs_comes_in_one_statement() -> None:
    mug = await makers.a_product(
        title="Pell mug", variants=[{"breaks": {6: 1200}, "title": "Moss, 250 ml", "band": "few"}]
    )
    lamp = await makers.a_product(
        title="Lamp", variants=[{"policy": "preorder", "band": "later", "back_on": date(2026, 12, 1)}]
    )
    hash = await makers.a_picture(mug)
    token = TALLY.set(tally := Tally())

    found = await queries.sellables([mug.variant_id, lamp.variant_id, new_id(3)])

    TALLY.reset(token)
    assert tally.queries == 1
    assert set(found) == {mug.variant_id, lamp.variant_id}
    sold = found[mug.variant_id]
    assert (sold.title, sold.variant_title, sold.sku, sold.url) == (
        "Pell mug",
        "Moss, 250 ml",
        mug.variants[0].sku,
        mug.url,
    )
    assert (sold.unit_price, sold.price_for(5), sold.price_for(6), sold.currency) == (1400, 1400, 1200, "GBP")
    assert (sold.band, sold.available, sold.picture.url) == ("few", True, f"/static/p/{hash}.svg")
    assert (found[lamp.variant_id].policy, found[lamp.variant_id].back_on) == ("preorder", date(2026, 12, 1))


@pytest.mark.parametrize(
    ("product", "variant"),
    [
        ({"status": "archived"}, {}),
        ({"status": "draft"}, {}),
        ({}, {"published": False}),
        ({}, {"price": None}),
        ({}, {"price": None, "breaks": {6: 9}}),
    ],
)
async def test_what_is_no_longer_sold_is_known_but_not_available(product: dict, variant: dict) -> None:
    made = await makers.a_product(
        variants=[{"options": {"size": "s"}} | variant, {"options": {"size": "m"}}], **product
    )

    found = await queries.sellables([made.variant_id])

    assert not found[made.variant_id].available


async def test_prices_of_another_market_are_not_ours() -> None:
    product = await makers.a_product()
    async with writing(EVERYONE) as db:
        await db.execute("UPDATE price SET market = 'de' WHERE variant_id = $1", product.variant_id)

    assert not (await queries.sellables([product.variant_id]))[product.variant_id].available
    assert await queries.product_view(product.slug, {}) is None


async def test_a_variant_is_shown_by_its_own_picture_in_carts() -> None:
    product = await makers.a_product(variants=[{"options": {"glaze": "moss"}}, {"options": {"glaze": "oat"}}])
    await makers.a_picture(product)
    own = await makers.a_picture(product, variant_id=product.variants[1].id)

    found = await queries.sellables([each.id for each in product.variants])

    assert found[product.variants[1].id].picture.url == f"/static/p/{own}.svg"
    assert found[product.variants[0].id].picture.url != f"/static/p/{own}.svg"


async def test_nothing_asked_is_nothing_found() -> None:
    assert await queries.sellables([]) == {}
    assert await queries.cards([]) == []
    assert await queries.shelves([]) == []


async def test_cards_come_in_the_order_asked_for_without_what_is_not_on_sale() -> None:
    one, two, draft = await makers.a_product(), await makers.a_product(), await makers.a_product(status="draft")
    asked: list[UUID] = [two.id, draft.id, one.id]

    assert [card.product_id for card in await queries.cards(asked)] == [two.id, one.id]
