"""Many buyers, few units, one button: real requests to the app in process."""

from __future__ import annotations

import asyncio
from collections import Counter
from unittest import mock

import httpx
import pytest

from app.bench import _buyers
from app.checkout import operations as checkout
from app.db.engines import EVERYONE, all_shards, reading
from app.orders.drive import drive
from app.settings import settings
from tests.checkout.walk import another_browser, until_not_busy, words_of
from tests.knobs import knobs
from tests.makers import a_product, a_shipping_method
from tests.orders.books import numbers_of

pytestmark = pytest.mark.usefixtures("databases")


async def a_crowd(variant_id, many: int) -> list[bytes]:
    """Requests of so many shoppers, each with one of these in the cart and the review page open."""
    await a_shipping_method()
    async with reading(EVERYONE):
        [offer] = (await _buyers.sellables([variant_id])).values()
    return list(await _buyers.buyers([await _buyers.desk_of(offer)], many, settings()))


async def press(browser: httpx.AsyncClient, request: bytes) -> httpx.Response:
    return await browser.post("/checkout/place", content=request.partition(b"\r\n\r\n")[2], headers=_fields(request))


def _fields(request: bytes) -> dict[str, str]:
    head = request.decode().partition("\r\n\r\n")[0]
    return dict(line.split(": ", 1) for line in head.split("\r\n")[1:])


async def insisting(browser: httpx.AsyncClient, request: bytes) -> httpx.Response:
    """A shopper who is told that the shop is busy presses again."""
    return await until_not_busy(lambda: press(browser, request))


async def seen(browser: httpx.AsyncClient, request: bytes, answer: httpx.Response) -> str:
    """What a shopper reads in the end: the page that refuses, or, led to their order, what that says by now."""
    if answer.status_code == 303:
        answer = await browser.get(answer.headers["location"], headers={"Cookie": _fields(request)["Cookie"]})
    return words_of(answer)


async def outcomes(variant_id) -> dict[str, int]:
    """How many orders of this variant there are by status, when each has been driven on."""
    counts: Counter[str] = Counter()
    for shard in all_shards():
        async with reading(shard.first) as db:
            rows = await db.fetch("SELECT order_id FROM order_line WHERE variant_id = $1", variant_id)
        for row in rows:
            state = await drive(row["order_id"])
            counts[state.status] += 1
    return dict(counts)


async def test_of_a_hundred_buyers_of_one_unit_one_gets_it_and_the_others_are_told_so() -> None:
    product = await a_product(variants=[{"stock": 1}])
    crowd = await a_crowd(product.variant_id, 100)

    with knobs(payment_provider="instant"):
        async with another_browser() as browser:
            answers = await asyncio.gather(*(insisting(browser, each) for each in crowd))
            counts = await outcomes(product.variant_id)
            read = [await seen(browser, *each) for each in zip(crowd, answers, strict=True)]

    assert counts == {"placed": 1, "rejected": 99}
    assert {each.status_code for each in answers} <= {303, 409}
    thanked = [words for words in read if "Thank you" in words]
    told = [words for words in read if "None is left." in words or "is not there any more" in words]
    assert (len(thanked), len(told)) == (1, 99), {words[:300] for words in read} - {*thanked, *told}
    assert (await numbers_of(product.variant_id))[:2] == (1, 1)


async def test_a_button_pressed_twice_at_once_is_one_order() -> None:
    product = await a_product(variants=[{"stock": 5}])
    [request, *_] = await a_crowd(product.variant_id, 1)

    with knobs(payment_provider="instant"):
        async with another_browser() as browser:
            answers = await asyncio.gather(*(press(browser, request) for _ in range(6)))

    assert {each.headers["location"] for each in answers} == {answers[0].headers["location"]}
    assert await numbers_of(product.variant_id) == (5, 1, 0)


async def test_a_second_click_that_looked_just_before_the_first_one_ended_is_shown_the_order() -> None:
    product = await a_product(variants=[{"stock": 5}])
    [request, *_] = await a_crowd(product.variant_id, 1)
    real, looks = checkout.placed_before, iter([True])

    async def too_early(*args: object) -> str | None:
        return None if next(looks, False) else await real(*args)

    with knobs(payment_provider="instant"):
        async with another_browser() as browser:
            first = await press(browser, request)
            with mock.patch.object(checkout, "placed_before", too_early):
                second = await press(browser, request)

    assert second.headers["location"] == first.headers["location"]
