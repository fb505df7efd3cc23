"""Page objects: what can be seen and done on a page, found by role and `data-testid`, the same with and without JavaScript."""

from __future__ import annotations

import re

from playwright.async_api import Locator, Page, expect


class ListPage:
    """A category, a search result, any page of product cards."""

    def __init__(self, page: Page) -> None:
        self.cards = page.get_by_test_id("product-card")

    def card(self, name: str) -> Locator:
        return self.cards.filter(has_text=name)

    async def first_name(self) -> str:
        return (await self.cards.first.get_by_test_id("product-title").inner_text()).strip()


class ProductPage:
    def __init__(self, page: Page) -> None:
        self.title = page.get_by_role("heading", level=1)
        self.price = page.get_by_test_id("product-price").first
        self.stock = page.get_by_test_id("stock-state").first
        self.quantity = page.get_by_test_id("line-quantity").first
        self.add = page.get_by_test_id("add-to-cart").first
        self.options = page.locator("#options")
        self.variant = page.locator("input[name=variant_id]").first


class CartPage:
    def __init__(self, page: Page) -> None:
        self.page = page
        self.lines = page.get_by_test_id("cart-line")
        self.total = page.get_by_test_id("cart-total")
        self.checkout = page.get_by_test_id("checkout-start").first

    def line(self, name: str) -> Locator:
        return self.lines.filter(has_text=name)

    def quantity(self, name: str) -> Locator:
        return self.line(name).get_by_test_id("line-quantity")

    async def change(self, name: str, quantity: int) -> None:
        """Types a quantity; saves by itself with JavaScript, by its button without."""
        await self.quantity(name).fill(str(quantity))
        await self.quantity(name).press("Enter")
        await expect(self.quantity(name)).to_have_value(str(quantity))

    async def remove(self, name: str) -> None:
        await self.line(name).get_by_test_id("line-remove").click()
        await expect(self.line(name)).to_have_count(0)


class OrderPage:
    def __init__(self, page: Page) -> None:
        self.number = page.get_by_test_id("order-number")
        self.status = page.get_by_test_id("order-status")

    async def placed(self) -> str:
        """Waits until the page says so. Returns the order's number."""
        await expect(self.status).to_contain_text(re.compile("placed|confirmed|thank", re.I), timeout=20_000)
        return (await self.number.inner_text()).strip()
