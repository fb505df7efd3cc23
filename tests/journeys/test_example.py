"""The journey that README.md shows, word for word (`tests/test_docs.py` compares)."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.journeys.shopper import Shopper

pytestmark = pytest.mark.slow


@pytest.mark.qa
async def test_the_cart_remembers_how_many(shopper: Shopper) -> None:
    await shopper.go_shopping()
    name = await shopper.open_first_product()

    await shopper.add_to_cart(quantity=2)
    await shopper.go("/cart")

    await expect(shopper.cart.quantity(name)).to_have_value("2")
    await expect(shopper.by("cart-badge")).to_contain_text("2")
