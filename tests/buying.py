"""A shopper without JavaScript, who buys form by form."""

from __future__ import annotations

import re

import httpx

from tests.stack import eventually

DETAILS = {
    "email": "ada@example.com",
    "name": "Ada",
    "line1": "1 High Street",
    "city": "London",
    "postcode": "SW1Y 4JH",
    "country": "GB",
}


def put_into_cart(client: httpx.Client, path: str, quantity: int = 1) -> None:
    found = eventually(lambda: re.search(r'name="variant_id" value="([^"]+)"', client.get(path).text), within=20)
    client.post("/cart/lines", data={"variant_id": found[1], "quantity": str(quantity)})


def review(client: httpx.Client, **details: str) -> httpx.Response:
    """The checkout's last page, with what is in the cart."""
    shipping = client.post("/checkout/details", data=DETAILS | details)
    return client.post(str(shipping.url), data=_fields(shipping.text))


def buy(client: httpx.Client, *, note: str = "", **details: str) -> str:
    """Buys a clock, and what is in the cart. Returns the order's number. The client must follow redirects."""
    put_into_cart(client, "/p/noon-clock")
    last = review(client, **details)
    pay = client.post("/checkout/place", data=_fields(last.text, "/checkout/place") | {"note": note})
    pay = _payment_page(client, pay)
    order = client.post(str(pay.url), data=_fields(pay.text) | {"number": "4242424242424242"})
    assert "/orders/" in str(order.url), order.text
    return str(order.url).rsplit("/", 1)[1]


def _payment_page(client: httpx.Client, page: httpx.Response) -> httpx.Response:
    """Where placing led to: on a busy machine it takes longer than an answer waits, and the order's page leads on later."""
    if "/orders/" not in page.url.path:
        return page
    way_on = f'action="{page.url.path}/pay"'
    eventually(lambda: way_on in client.get(page.url).text, within=30)
    return client.post(f"{page.url.path}/pay")


def _fields(html: str, action: str = "") -> dict[str, str]:
    """The hidden and chosen fields of the form that posts to `action` (the first form with fields without one)."""
    forms = re.findall(r"<form[^>]*>.*?</form>", html, re.S)
    form = next(f for f in forms if 'method="post"' in f and action in f)
    hidden = re.findall(r'<input[^>]*type="hidden"[^>]*name="([^"]+)"[^>]*value="([^"]*)"', form)
    chosen = re.findall(r'<input[^>]*type="radio"[^>]*name="([^"]+)"[^>]*value="([^"]*)"[^>]*checked', form)
    return dict(hidden + chosen)
