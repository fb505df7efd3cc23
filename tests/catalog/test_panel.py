from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from app.catalog import queries
from app.catalog.product_views import VariantPanel
from tests import makers

pytestmark = pytest.mark.usefixtures("databases")


async def panel(
    variants: list[dict[str, Any]], asked: dict[str, str] | None = None, options: list[str] | None = None
) -> VariantPanel:
    product = await makers.a_product(variants=variants, options=options)
    found = await queries.variant_panel(product.slug, asked or {})
    assert found is not None
    return found


MUGS = [
    {"options": {"glaze": "moss", "size": "250"}},
    {"options": {"glaze": "moss", "size": "350"}, "price": 1600, "band": "out"},
    {"options": {"glaze": "oat", "size": "250"}, "price": 1500, "band": "few"},
]


async def test_the_panel_shows_what_can_be_chosen_and_where_it_leads() -> None:
    view = await panel(MUGS, {"glaze": "moss", "size": "250"}, ["size", "glaze"])

    assert [option.label for option in view.options] == ["Size", "Glaze"]
    size, glaze = view.options
    assert [(value.label, value.state, value.selected) for value in size.values] == [
        ("250", "ok", True),
        ("350", "sold_out", False),
    ]
    assert [value.url for value in glaze.values] == [
        f"/p/{view.slug}?o_glaze={glaze}&o_size=250" for glaze in ("moss", "oat")
    ]
    assert glaze.chosen == "Moss"


async def test_an_unfinished_choice_has_a_range_and_says_what_is_missing() -> None:
    view = await panel(MUGS, {"glaze": "moss"}, ["glaze", "size"])

    assert (view.variant_id, view.buyable, view.sku) == (None, False, None)
    assert (view.price, view.price_to, view.missing, view.reason) == (1400, 1600, ["Size"], None)


async def test_a_combination_that_is_not_made_says_so() -> None:
    view = await panel(MUGS, {"glaze": "oat", "size": "350"}, ["glaze", "size"])

    assert (view.variant_id, view.buyable, view.band) == (None, False, "out")
    assert view.reason == "This is not made in Oat, 350."


async def test_what_is_made_to_order_can_be_bought_and_what_is_sold_out_cannot() -> None:
    made = await panel([{"policy": "made_to_order", "band": "later", "lead_days": 21}])
    gone = await panel([{"band": "out", "back_on": date(2026, 12, 1)}])

    assert (made.buyable, made.policy, made.lead_days) == (True, "made_to_order", 21)
    assert (gone.buyable, gone.back_on, gone.reason) == (False, date(2026, 12, 1), "Sold out.")


async def test_price_breaks_are_those_of_the_chosen_variant() -> None:
    view = await panel([{"breaks": {6: 1200, 12: 1100}}])

    assert [(each.min_quantity, each.price) for each in view.breaks] == [(6, 1200), (12, 1100)]


async def test_a_variant_without_a_picture_is_shown_by_one_that_looks_like_it() -> None:
    product = await makers.a_product(
        options=["glaze", "size"],
        variants=[{"options": {"glaze": glaze, "size": size}} for glaze in ("moss", "oat") for size in ("250", "350")],
    )
    await makers.a_picture(product)
    oat = await makers.a_picture(product, variant_id=product.variants[2].id)

    large_oat = await queries.variant_panel(product.slug, {"glaze": "oat", "size": "350"})
    moss = await queries.variant_panel(product.slug, {"glaze": "moss", "size": "350"})

    assert large_oat is not None
    assert moss is not None
    assert large_oat.picture.url == f"/static/p/{oat}.svg" != moss.picture.url
    assert [value.swatch for value in moss.options[0].values] == [None, large_oat.picture.url]
    assert [value.swatch for value in moss.options[1].values] == [None, None]


async def test_a_product_of_144_variants_shows_its_values_and_not_its_variants() -> None:
    variants = [
        {"options": {"cover": f"c{cover}", "size": f"s{size}", "ruling": f"r{ruling}"}}
        for cover in range(12)
        for size in range(3)
        for ruling in range(4)
    ]

    view = await panel(variants, {"cover": "c3", "size": "s1", "ruling": "r2"}, ["cover", "size", "ruling"])

    assert sum(len(option.values) for option in view.options) == 12 + 3 + 4
    assert view.buyable
