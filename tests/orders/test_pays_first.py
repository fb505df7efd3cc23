"""What can't leave while money stays set aside is paid when it is ordered, and says so before."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import httpx
import pytest

from app.catalog.arrival import Goods, pays_first
from app.values import today
from tests.checkout.walk import to_review, words_of
from tests.knobs import knobs
from tests.makers import a_product
from tests.orders.books import consequences_of, row_of
from tests.payments.money import a_paid_order, attempt_of

LATER = {"policy": "made_to_order", "lead_days": 21, "band": "later", "stock": 0}
SOON = {"policy": "made_to_order", "lead_days": 3, "band": "later", "stock": 0}
WEDNESDAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("about", "first"),
    [
        ({"policy": "stock", "band": "in"}, False),
        ({"policy": "made_to_order", "lead_days": 6}, False),  # leaves on a Tuesday
        ({"policy": "made_to_order", "lead_days": 7}, True),
        ({"policy": "preorder", "back_on": WEDNESDAY + timedelta(days=3)}, False),
        ({"policy": "preorder", "back_on": WEDNESDAY + timedelta(days=10)}, True),  # a Saturday: leaves on Monday
        ({"policy": "preorder", "back_on": None}, False),
    ],
)
def test_money_waits_for_what_leaves_within_six_days(about: dict[str, Any], first: bool) -> None:
    goods = Goods(**{"band": "later", "lead_days": 0, "back_on": None} | about)

    assert pays_first(goods, WEDNESDAY) is first


@pytest.mark.parametrize(("variant", "taken"), [(LATER, True), (SOON, False), ({}, False)])
async def test_an_order_with_something_for_later_is_captured_when_it_is_placed(
    databases: None, variant: dict[str, Any], taken: bool
) -> None:
    mug, other = await a_product(), await a_product(variants=[variant])

    with knobs(capture="fulfilled"):
        state = await a_paid_order(lines={mug.variant_id: 1, other.variant_id: 1})

    assert (await row_of(state.id))["pays_first"] is taken
    assert (await attempt_of(state.id)).capturing == (state.total if taken else 0)
    assert ("CapturePayment" in await consequences_of(state.id)) is taken


async def test_page_and_checkout_say_when_the_card_is_charged(shop: httpx.AsyncClient) -> None:
    ahead = {"policy": "preorder", "back_on": today() + timedelta(days=45), "band": "later", "stock": 0}
    said = {}
    with knobs(capture="fulfilled"):
        for name, variant in {"ahead": ahead, "made": LATER, "soon": SOON, "shelf": {}}.items():
            product = await a_product(variants=[variant])
            said[name] = words_of(await shop.get(product.url))
            if name == "shelf":
                before = words_of(await to_review(shop, {product.variant_id: 1}))
                both = words_of(await to_review(shop, {(await a_product(variants=[LATER])).variant_id: 1}))

    assert all("You pay when you order." in said[name] for name in ("ahead", "made"))
    assert "Your card is charged when it is sent, not before." in said["soon"]
    assert "You pay when" not in said["shelf"] and "charged when" not in said["shelf"]
    assert "no money is taken before the first parcel is sent" in before
    assert "all of it is then, since part of it is sent only later" in both
