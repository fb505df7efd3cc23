"""Whatever is bought: what product pages say is what the cart, the checkout, the payment and the order say."""

from __future__ import annotations

import random
import re

import httpx
import pytest

from app.promotions.terms import Action, Cheapest, Delivery, Fixed, Percent
from tests.cart.browsing import put_in
from tests.cart.test_codes import a_code, type_in
from tests.cart.test_sums import summary_of
from tests.checkout.walk import DETAILS, pay, place, token_of
from tests.makers import AProduct, a_product, a_promotion, a_shipping_method

CARTS = 8
PRICE = r"£([\d,]+\.\d\d)"
LINE = rf'data-testid="cart-line".*?href="([^"?]+).*?{PRICE}</span> each.*?line__total price">{PRICE}<.*?name="quantity"[^>]*?value="(\d+)"'


@pytest.fixture(autouse=True)
async def ways(own_database: None) -> None:
    """Standard is free from 60.00 on."""
    await a_shipping_method("standard", price=395, free_from=6000)
    await a_shipping_method("express", price=995)


@pytest.mark.parametrize("seed", range(CARTS))
async def test_what_is_promised_is_what_is_charged(shop: httpx.AsyncClient, seed: int) -> None:
    chance = random.Random(seed)
    wanted = [(await _a_product(chance), chance.choice([1, 1, 2, 3, 7, 20])) for _ in range(chance.randint(1, 4))]
    promised = {each.url: await _promised(shop, each, many) for each, many in wanted}
    for each, many in wanted:
        await put_in(shop, each, many)
    if action := chance.choice([None, *_actions(chance)]):
        promotion = await a_promotion(action, code=a_code(), minimum=chance.choice([0, 4000]))
        await type_in(shop, promotion.code)

    cart = await shop.get("/cart")
    lines = {url: (_pence(unit), _pence(total)) for url, unit, total, _ in re.findall(LINE, cart.text, re.S)}
    goods, *between, total = summary_of(cart)
    assert lines == promised
    assert goods == sum(total for _, total in lines.values())
    assert total == goods + sum(between)

    way = chance.choice(["standard", "express"])
    costs = await _choose(shop, way)
    review = await shop.get("/checkout/review")
    subtotal, off, delivery, due = _sums(review)
    assert (subtotal, delivery) == (goods, costs)
    assert due == goods - off + costs
    assert off == -sum(each for each in between if each < 0), "the cart and the checkout give the same off"

    to_pay = await place(shop, token_of(review))
    page = await shop.get(to_pay.headers["location"])
    assert f"Pay {_pounds(due)}" in review.text and f"Pay {_pounds(due)}" in page.text
    await pay(shop, to_pay.headers["location"], "4242424242424242")
    order = await shop.get(re.search(r"/orders/\w+", str((await shop.get("/account")).text))[0])  # type: ignore[index]
    assert _sums(order) == (subtotal, off, delivery, due)


async def _a_product(chance: random.Random) -> AProduct:
    price = chance.choice([99, 333, 1000, 1999, 14567])
    breaks = {3: price * 9 // 10, 10: price * 7 // 10} if chance.random() < 0.5 else None
    return await a_product(variants=[{"price": price, "breaks": breaks, "stock": 99}])


def _actions(chance: random.Random) -> list[Action]:
    return [
        Percent(basis_points=chance.randint(1, 9_999)),
        Fixed(amount=chance.randint(1, 99_999)),
        Cheapest(buy=2, get=1),
        Delivery(),
    ]


async def _promised(shop: httpx.AsyncClient, product: AProduct, many: int) -> tuple[int, int]:
    """What so many units cost each, and together, by the words of the product's page."""
    page = (await shop.get(product.url)).text
    unit = _pence(re.search(rf"product__price.*?<b>{PRICE}</b>", page)[1])  # type: ignore[index]
    for units, price in re.findall(rf"<span>(\d+) or more: <b>{PRICE}</b> each", page):
        unit = _pence(price) if many >= int(units) else unit
    return unit, unit * many


async def _choose(shop: httpx.AsyncClient, way: str) -> int:
    """Goes through the steps; what this way costs by the words of its choice."""
    await shop.post("/checkout/details", data=DETAILS)
    page = (await shop.get("/checkout/shipping")).text
    choice = re.search(rf'value="{way}".*?</label>', page, re.S)[0]  # type: ignore[index]
    await shop.post("/checkout/shipping", data={"shipping_code": way})
    return _pence(found[1]) if (found := re.search(PRICE, choice)) else 0


def _sums(page: httpx.Response) -> tuple[int, int, int, int]:
    """Goods, what is taken off them, delivery and total of the summary of a checkout's or an order's page."""
    rows = re.search(r'<dl class="sums">.*?sums__total.*?</dd>', page.text, re.S)[0]  # type: ignore[index]
    off = sum(_pence(each) for each in re.findall(rf"<dd>−{PRICE}", rows))
    delivery = re.search(r"<dt>Delivery.*?</dd>", rows, re.S)[0].split("</s>")[-1]  # type: ignore[index]
    costs = _pence(found[1]) if (found := re.search(PRICE, delivery)) else 0
    goods, total = (
        _pence(re.search(rf"{row}.*?<dd[^>]*>{PRICE}", rows, re.S)[1]) for row in ("Subtotal", "sums__total")
    )  # type: ignore[index]
    return goods, off, costs, total


def _pence(text: str) -> int:
    return int(text.replace(",", "").replace(".", ""))


def _pounds(pence: int) -> str:
    return f"£{pence // 100:,}.{pence % 100:02}"
