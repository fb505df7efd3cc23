from __future__ import annotations

import pytest

from app.catalog import comparing
from app.db.engines import TALLY, Tally
from app.edge import tags
from tests.makers import a_category, a_product, a_product_type

OAK = [{"code": "material", "label": "Material"}, {"code": "width", "label": "Width"}]


@pytest.mark.parametrize(
    ("pairs", "slugs"),
    [
        ([], []),
        ([("p", "b"), ("p", "a"), ("p", "b"), ("q", "c"), ("p", "")], ["a", "b"]),
        ([("p", each) for each in "onmlkjihgfedcba"], list("abcdefghijkl")),
    ],
)
def test_an_address_names_each_product_once_in_one_order_and_at_most_twelve(pairs, slugs):
    assert comparing.asked_slugs(pairs) == slugs


def test_facts_stand_side_by_side_and_say_where_they_differ():
    rows = comparing.side_by_side([{"Maker": "Ada", "Width": "1 m"}, {"Maker": "Ada", "Depth": "2 m"}])

    assert [(row.label, row.values, row.differs) for row in rows] == [
        ("Maker", ["Ada", "Ada"], False), ("Width", ["1 m", ""], True), ("Depth", ["", "2 m"], True)
    ]  # fmt: skip


async def test_products_are_compared_in_two_statements_and_offer_others_of_their_kind(databases):
    shelf, kind = await a_category(), await a_product_type(OAK)
    one = await a_product(category=shelf, type_id=kind, attributes={"material": "oak", "width": "1 m"})
    two = await a_product(category=shelf, type_id=kind, attributes={"material": "ash", "width": "1 m"})
    three = await a_product(category=shelf, title="The third")
    tally = Tally()
    token = TALLY.set(tally)

    view = await comparing.compare_view(sorted([one.slug, two.slug, "no-such"]))
    TALLY.reset(token)

    assert tally.queries == 2
    assert {row.label: row.differs for row in view.rows if row.label != "Maker"} == {"Material": True, "Width": False}
    assert [link.title for link in view.more] == ["The third"]
    assert view.more[0].url == comparing.address_of([one.slug, two.slug, three.slug])
    assert {tags.card(each.id) for each in (one, two, three)} | {tags.path("/p/no-such")} <= view.tags


async def test_nothing_is_compared_with_nothing(databases):
    view = await comparing.compare_view([])

    assert (view.products, view.rows, view.more, view.address) == ([], [], [], "/compare")
