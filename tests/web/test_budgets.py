"""What pages weigh as they leave, without a browser: HTML as the edge sends it (gzip), and elements. These gate."""

from __future__ import annotations

import gzip
from html.parser import HTMLParser

import httpx

from tests import makers
from tests.conftest import ANONYMOUS_FORM

# (bytes of HTML, elements)
LIST, PRODUCT, HOME, CART = (14_000, 1_200), (12_000, 900), (12_000, 900), (10_000, 600)


class Elements(HTMLParser):
    """Counts start tags."""

    count = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.count += 1


def weight(answer: httpx.Response) -> tuple[int, int]:
    """Bytes of the page in gzip, as Varnish packs it, and its elements."""
    assert answer.status_code == 200
    page = Elements()
    page.feed(answer.text)
    return len(gzip.compress(answer.content, 6)), page.count


def within(found: tuple[int, int], budget: tuple[int, int]) -> bool:
    return found[0] <= budget[0] and found[1] <= budget[1]


async def test_a_list_of_24_and_a_product_stay_within_their_budgets(shop: httpx.AsyncClient) -> None:
    shelf = await makers.a_category()
    products = [await makers.a_product(category=shelf, title=f"A pot with a rather long name {n}") for n in range(25)]

    listed = await shop.get(shelf.url, headers=ANONYMOUS_FORM)
    product = await shop.get(products[0].url, headers=ANONYMOUS_FORM)

    assert listed.text.count('data-testid="product-card"') == 24
    assert within(weight(listed), LIST), weight(listed)
    assert within(weight(product), PRODUCT), weight(product)


async def test_the_front_page_stays_within_its_budget(shop: httpx.AsyncClient) -> None:
    home = await shop.get("/", headers=ANONYMOUS_FORM)

    assert within(weight(home), HOME), weight(home)


async def test_cart_and_checkout_stay_within_their_budget(shop: httpx.AsyncClient) -> None:
    for _ in range(3):
        product = await makers.a_product()
        await shop.post("/cart/lines", data={"variant_id": str(product.variant_id), "quantity": "1"})

    cart, details = await shop.get("/cart"), await shop.get("/checkout", follow_redirects=True)

    assert cart.text.count('data-testid="cart-line"') == 3
    assert within(weight(cart), CART), weight(cart)
    assert within(weight(details), CART), weight(details)
