from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from app.catalog import cards, queries
from app.edge import tags
from app.values import now
from tests import makers

pytestmark = pytest.mark.usefixtures("databases")


async def titles(rule: dict[str, Any], ours: list[makers.AProduct]) -> set[str]:
    """Which of our products a collection with this rule holds."""
    collection = await makers.a_collection(rule=rule)
    [shelf] = await queries.shelves([queries.Shelf(collection=collection.slug, most=1000)])
    return {card.title for card in shelf.cards if card.product_id in {product.id for product in ours}}


async def test_rules_decide_who_is_in_a_collection() -> None:
    today = now()
    old = {"created_at": today - timedelta(days=40)}
    ours = [
        await makers.a_product(title="New", price=4000),
        await makers.a_product(title="Reduced", variants=[{"price": 4000, "was": 5000}], **old),
        await makers.a_product(title="Few", price=4000, band="few", **old),
        await makers.a_product(title="Cheap", price=2499, **old),
        await makers.a_product(title="Not so cheap", price=2500, **old),
        await makers.a_product(title="Oak", price=4000, attributes={"wood": "oak"}, **old),
        await makers.a_product(title="Oak seat", variants=[{"price": 4000, "options": {"wood": "oak"}}], **old),
        await makers.a_product(title="Ash", price=4000, attributes={"wood": "ash"}, **old),
        await makers.a_product(title="Draft", price=1, status="draft"),
    ]

    assert await titles({"kind": "new", "days": 30}, ours) == {"New"}
    assert await titles({"kind": "on_sale"}, ours) == {"Reduced"}
    assert await titles({"kind": "last_few"}, ours) == {"Few"}
    assert await titles({"kind": "under", "amount": 2500}, ours) == {"Cheap"}
    assert await titles({"kind": "attribute", "code": "wood", "value": "oak"}, ours) == {"Oak", "Oak seat"}
    assert await titles({"kind": "from", "amount": 4001}, ours) == set()
    assert await titles({"kind": "from", "amount": 4000}, ours) == {each.title for each in ours[:3] + ours[5:8]}
    assert await titles({"kind": "unheard of"}, ours) == set()


async def test_rules_by_category_maker_and_rating_take_whole_branches_and_real_averages() -> None:
    table = await makers.a_category(title="Table")
    mugs = await makers.a_category(title="Mugs", parent=table)
    mug, bowl = await makers.a_product(title="Mug", category=mugs), await makers.a_product(title="Bowl", category=table)
    rug = await makers.a_product(title="Rug", maker_id=mug.maker_id)
    ours = [mug, bowl, rug]
    for product, stars in ((mug, 4), (bowl, 4), (bowl, 3)):
        await makers.a_review(product, rating=stars)

    assert await titles({"kind": "category", "category": str(table.id)}, ours) == {"Mug", "Bowl"}
    assert await titles({"kind": "category", "category": str(mugs.id)}, ours) == {"Mug"}
    assert await titles({"kind": "maker", "maker": str(mug.maker_id)}, ours) == {"Mug", "Rug"}
    assert await titles({"kind": "rating", "stars": 4}, ours) == {"Mug"}
    assert await titles({"kind": "rating", "stars": 3}, ours) == {"Mug", "Bowl"}


async def test_shelves_come_in_the_order_wanted_each_with_its_own_products() -> None:
    mugs = await makers.a_category()
    inner = await makers.a_category(parent=mugs)
    one, two = (
        await makers.a_product(title="One", category=mugs, rank=2),
        await makers.a_product(title="Two", category=inner, rank=1),
    )
    chosen = await makers.a_collection(products=[one])

    by_category, by_collection, by_name, nothing = await queries.shelves(
        [
            queries.Shelf(category=mugs.path),
            queries.Shelf(collection=chosen.slug),
            queries.Shelf(slugs=[one.slug, "unknown", two.slug]),
            queries.Shelf(collection="unknown"),
        ]
    )

    assert [card.title for card in by_category.cards] == ["Two", "One"]
    assert [card.title for card in by_collection.cards] == ["One"]
    assert [card.title for card in by_name.cards] == ["One", "Two"]
    assert nothing.cards == []


async def test_a_shelf_holds_no_more_than_wanted() -> None:
    mugs = await makers.a_category()
    for rank in range(3):
        await makers.a_product(title=f"Mug {rank}", category=mugs, rank=rank)

    [shelf] = await queries.shelves([queries.Shelf(category=mugs.path, most=2)])

    assert [card.title for card in shelf.cards] == ["Mug 0", "Mug 1"]


async def test_a_shelf_carries_its_cards_and_what_decided_them() -> None:
    product = await makers.a_product(variants=[{"was": 2000}])
    sale = await makers.a_collection(rule={"kind": "on_sale"})

    by_rule, by_name, unknown = await queries.shelves(
        [
            queries.Shelf(collection=sale.slug, most=1),
            queries.Shelf(slugs=[product.slug, "to-come"]),
            queries.Shelf(collection="to-come"),
        ]
    )

    decided = {tags.collection(sale.id), tags.lists_by("was_from"), tags.lists_by("status"), tags.lists_by("rank")}
    assert by_rule.tags == decided | {tags.card(card.product_id) for card in by_rule.cards}
    assert by_name.tags == {tags.card(product.id), tags.path("/p/to-come")}
    assert unknown.tags == {tags.path("/c/to-come")}


async def test_what_is_due_by_the_databases_clock_is_not_dropped_by_ours() -> None:
    just_passed = now() - timedelta(milliseconds=50)
    [card] = await queries.cards([(await makers.a_product()).id])
    later = msgspec.structs.replace(card, until=now() + timedelta(days=3))
    never = msgspec.structs.replace(card, until=None)

    assert cards.next_change([never, later], None, just_passed) == just_passed
    assert cards.next_change([never], None) is None


async def test_a_card_shows_the_range_of_prices_and_the_rating() -> None:
    product = await makers.a_product(
        variants=[{"price": 1400, "options": {"size": "s"}}, {"price": 1900, "options": {"size": "m"}}],
        attributes={"material": "Stoneware"},
    )
    await makers.a_review(product, rating=5)
    await makers.a_review(product, rating=2)
    await makers.a_review(product, rating=1, state="pending")

    [card] = await queries.cards([product.id])

    assert (card.price, card.price_to, card.was, card.currency, card.band) == (1400, 1900, None, "GBP", "in")
    assert (card.rating, card.rating_count, card.material, card.badge) == (3.5, 2, "Stoneware", "New")
    assert card.picture.url == "/static/p/none.svg"
