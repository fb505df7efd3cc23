"""A shopper at a browser: what they do, said once. Works with and without JavaScript."""

from __future__ import annotations

import re

from playwright.async_api import Locator, Page, expect

ADDRESS = {
    "email": "ada@example.com",
    "name": "Ada Lovelace",
    "line1": "12 St James's Square",
    "city": "London",
    "postcode": "SW1Y 4JH",
}
GOOD_CARD = "4242424242424242"


class Shopper:
    """`complaints` collects console errors, CSP violations and failed requests."""

    def __init__(self, page: Page, *, script: bool) -> None:
        self.page = page
        self.script = script
        self.complaints: list[str] = []
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

    async def open_first_product(self) -> str:
        """From a list to its first product. Returns the product's name."""
        card = self.by("product-card").first
        name = (await card.get_by_test_id("product-title").inner_text()).strip()
        await card.get_by_role("link").first.click()
        await expect(self.page.get_by_role("heading", level=1)).to_contain_text(name)
        return name

    async def add_to_cart(self, quantity: int = 1) -> None:
        """Puts the chosen variant into the cart; with JavaScript the page stays."""
        if quantity != 1:
            await self.by("line-quantity").first.fill(str(quantity))
        await self.by("add-to-cart").first.click()
        if self.script:
            await expect(self.page.locator("#toasts")).to_contain_text("Added")
        else:
            await expect(self.page).to_have_url(re.compile(r"/cart$"))

    async def fill_details(self, **changed: str) -> None:
        for name, value in (ADDRESS | changed).items():
            await self.by(f"field-{name}").fill(value)

    async def to_review(self, **changed: str) -> None:
        """From the cart to the last page before paying."""
        await self.go("/cart")
        await self.by("checkout-start").first.click()
        await self.fill_details(**changed)
        await self.page.get_by_role("button", name=re.compile("continue", re.I)).click()
        await expect(self.page).to_have_url(re.compile("/checkout/shipping"))
        await self.page.get_by_role("button", name=re.compile("continue", re.I)).click()
        await expect(self.page).to_have_url(re.compile("/checkout/review"))

    async def pay(self, card: str = GOOD_CARD) -> None:
        """Places the order and types a card on the provider's page."""
        await self.by("place-order").click()
        await expect(self.page).to_have_url(re.compile("/dev/pay/"))
        await self.by("field-number").fill(card)
        await self.page.get_by_role("button", name=re.compile("pay", re.I)).click()

    async def placed_order(self) -> str:
        """Waits for the order page to say that it is placed. Returns the number."""
        await expect(self.page).to_have_url(re.compile("/orders/"))
        await expect(self.by("order-status")).to_contain_text(
            re.compile("placed|confirmed|thank", re.I), timeout=20_000
        )
        return (await self.by("order-number").inner_text()).strip()
