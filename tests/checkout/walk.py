"""A shopper's way through the checkout, one request a step, as a browser without JavaScript sends them."""

from __future__ import annotations

import asyncio
import html
import re
from collections.abc import Awaitable, Callable
from uuid import UUID

import httpx

from tests.apps import the_app
from tests.makers import a_shipping_method

DETAILS = {
    "email": "ada@example.org",
    "name": "Ada Lovelace",
    "line1": "12 Long Lane",
    "city": "York",
    "postcode": "yo17aa",
    "country": "GB",
}


def another_browser() -> httpx.AsyncClient:
    """Somebody else on the same shop."""
    transport = httpx.ASGITransport(the_app("create_app"), raise_app_exceptions=False)
    return httpx.AsyncClient(
        transport=transport, base_url="http://localhost:8080", headers={"Sec-Fetch-Site": "same-origin"}
    )


async def fill_cart(shop: httpx.AsyncClient, lines: dict[UUID, int]) -> None:
    for variant_id, quantity in lines.items():
        answer = await shop.post("/cart/lines", data={"variant_id": str(variant_id), "quantity": str(quantity)})
        assert answer.status_code == 303


async def to_review(shop: httpx.AsyncClient, lines: dict[UUID, int]) -> httpx.Response:
    """The review page of a cart with these units."""
    await a_shipping_method()
    await fill_cart(shop, lines)
    await shop.post("/checkout/details", data=DETAILS)
    await shop.post("/checkout/shipping", data={"shipping_code": "standard"})
    page = await shop.get("/checkout/review")
    assert page.status_code == 200
    return page


async def to_token(shop: httpx.AsyncClient, lines: dict[UUID, int]) -> str:
    return token_of(await to_review(shop, lines))


def token_of(page: httpx.Response) -> str:
    """The signed promise in a review page."""
    found = re.search(r'name="token" value="([^"]+)"', page.text)
    assert found, "no place-order form"
    return found[1]


async def place(shop: httpx.AsyncClient, token: str, note: str = "") -> httpx.Response:
    return await shop.post("/checkout/place", data={"token": token, "note": note})


async def pay(shop: httpx.AsyncClient, page: str, number: str) -> httpx.Response:
    return await shop.post(page, data={"number": number})


def words_of(page: httpx.Response) -> str:
    """What a page says, without its markup."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page.text)))


def status_of(page: httpx.Response) -> str:
    found = re.search(r'data-testid="order-status">([^<]+)', page.text)
    assert found
    return found[1]


async def until_not_busy(press: Callable[[], Awaitable[httpx.Response]]) -> httpx.Response:
    """Presses again while the shop says it is busy, after a longer pause each time: a hundred who never paused would keep it so."""
    tries = 0
    while (answer := await press()).status_code == 503:
        assert answer.headers["retry-after"]
        tries += 1
        await asyncio.sleep(tries * 0.1)
    return answer
