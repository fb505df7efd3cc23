"""A shopper at a browser: what they do, said once. Works with and without JavaScript."""

from __future__ import annotations

import re

from playwright.async_api import Locator, Page, expect

from tests.journeys.objects import CartPage, ListPage, OrderPage, ProductPage

ADDRESS = {
    "email": "ada@example.com",
    "name": "Ada Lovelace",
    "line1": "12 St James's Square",
    "city": "London",
    "postcode": "SW1Y 4JH",
}
GOOD_CARD = "4242424242424242"


class Shopper:
    """`complaints` collects console errors, CSP violations and failed requests; `console` all that the browser says."""

    def __init__(self, page: Page, *, script: bool) -> None:
        self.page = page
        self.script = script
        self.list, self.product = ListPage(page), ProductPage(page)
        self.cart, self.order = CartPage(page), OrderPage(page)
        self.console: list[str] = []
        self.complaints: list[str] = []
        page.on("console", lambda m: self.console.append(f"{m.type}: {m.text}"))
        page.on(
            "console",
            lambda m: self.complaints.append(m.text) if m.type == "error" and "status of 4" not in m.text else None,
        )
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def by(self, test_id: str) -> Locator:
        return self.page.get_by_test_id(test_id)

    async def go(self, path: str) -> int:
        """Opens a path; returns the status."""
        response = await self.page.goto(path)
        return response.status if response else 0

    async def search(self, words: str) -> None:
        """Types into the header's field and opens the results."""
        field = self.by("search-input").first
        await field.fill(words)
        await field.press("Enter")
        await expect(self.page).to_have_url(re.compile(r"/search\?q="))

    async def go_shopping(self) -> None:
        """From the home page into the first category its menu shows."""
        await self.go("/")
        await self.page.locator("a[href^='/c/']:visible").first.click()
        await expect(self.list.cards.first).to_be_visible()

    async def open_first_product(self) -> str:
        """From a list to its first product. Returns the product's name."""
        name = await self.list.first_name()
        await self.list.cards.first.get_by_role("link").first.click()
        await expect(self.product.title).to_contain_text(name)
        return name

    async def add_to_cart(self, quantity: int = 1) -> None:
        """Puts the chosen variant into the cart; with JavaScript the page stays."""
        if quantity != 1:
            await self.product.quantity.fill(str(quantity))
        await self.product.add.click()
        if self.script:
            await expect(self.page.locator("#toasts")).to_contain_text("Added")
        else:
            await expect(self.page).to_have_url(re.compile(r"/cart$"))

    async def fill_details(self, **changed: str) -> None:
        for name, value in (ADDRESS | changed).items():
            await self.by(f"field-{name}").fill(value)

    async def fill_address(self) -> None:
        """The same without the e-mail address, in an account's book."""
        for name in ADDRESS.keys() - {"email"}:
            await self.by(f"field-{name}").fill(ADDRESS[name])

    async def to_review(self, **changed: str) -> None:
        """From the cart to the last page before paying."""
        await self.go("/cart")
        await self.cart.checkout.click()
        await self.fill_details(**changed)
        await self.go_on("/checkout/shipping")
        await self.go_on("/checkout/review")

    async def go_on(self, path: str) -> None:
        """Presses the checkout's button, which leads to `path`."""
        await self.page.get_by_role("button", name=re.compile("continue", re.I)).click()
        await expect(self.page).to_have_url(re.compile(path))

    async def pay(self, card: str = GOOD_CARD) -> None:
        """Places the order and types a card on the provider's page."""
        await self.by("place-order").click()
        await expect(self.page).to_have_url(re.compile("/dev/pay/"))
        await self.by("field-number").fill(card)
        await self.page.get_by_role("button", name=re.compile("pay", re.I)).click()

    async def placed_order(self) -> str:
        """Waits for the order page to say that it is placed. Returns the number."""
        await expect(self.page).to_have_url(re.compile("/orders/"))
        return await self.order.placed()
