"""The button is pressed once more: the same promise is the same order, another one takes its place."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import httpx
import pytest

from app.db.engines import EVERYONE, reading, writing
from tests.checkout.test_promotions import shopper_of
from tests.checkout.walk import DETAILS, place, to_review, to_token, token_of, words_of
from tests.makers import AProduct, a_product, a_shipping_method
from tests.orders.books import row_of

Edit = Callable[[httpx.AsyncClient, AProduct], Awaitable[str]]


async def to_another_address(shop: httpx.AsyncClient, lamp: AProduct) -> str:
    await shop.post("/checkout/details", data=DETAILS | {"line1": "5 New Street"})
    return ""


async def by_another_way(shop: httpx.AsyncClient, lamp: AProduct) -> str:
    await a_shipping_method("express", price=990)
    await shop.post("/checkout/shipping", data={"shipping_code": "express"})
    return ""


async def at_another_price(shop: httpx.AsyncClient, lamp: AProduct) -> str:
    async with writing(EVERYONE) as db:
        await db.execute("UPDATE price SET amount = 3000 WHERE variant_id = $1", lamp.variant_id)
    await shop.post("/cart/prices")
    return ""


async def with_a_note(shop: httpx.AsyncClient, lamp: AProduct) -> str:
    return "Ring twice"


@pytest.mark.parametrize("edit", [to_another_address, by_another_way, at_another_price, with_a_note])
async def test_what_was_changed_after_the_first_press_is_what_is_ordered(shop: httpx.AsyncClient, edit: Edit) -> None:
    lamp = await a_product(price=2000)
    first = await place(shop, await to_token(shop, {lamp.variant_id: 1}))
    before = await orders_of(shop)
    note = await edit(shop, lamp)
    tokens = [token_of(await shop.get("/checkout/review")) for _ in "ab"]

    again = await place(shop, tokens[0], note)
    others = [await place(shop, token, note) for token in (*tokens, tokens[0])]

    assert first.headers["location"] != again.headers["location"]
    assert again.headers["location"].startswith("/dev/pay/")
    assert len({answer.headers["location"] for answer in others}) == 1
    [old], [new] = before, [row for row in await orders_of(shop) if row["id"] != before[0]["id"]]
    ended = await row_of(old["id"])
    assert (ended["status"], ended["reason"]) == ("cancelled", "replaced"), "which counts for no limit of pieces"
    assert new["status"] == "awaiting_payment"
    told = ("address", "shipping_code", "total", "note")
    assert [new[name] for name in told] != [old[name] for name in told]
    assert new["replaces"] == [old["id"]]


async def test_one_page_sent_twice_with_two_notes_asks_again(shop: httpx.AsyncClient) -> None:
    token = await to_token(shop, {(await a_product()).variant_id: 1})
    await place(shop, token, "Ring")

    asked = await place(shop, token, "Knock")
    answer = await place(shop, token_of(asked), "Knock")

    assert asked.status_code == 409
    assert "with another note" in words_of(asked) and ">Knock</textarea>" in asked.text
    assert answer.headers["location"].startswith("/dev/pay/")
    assert [(row["note"], row["status"]) for row in await orders_of(shop)] == [
        ("Ring", "cancelled"),
        ("Knock", "awaiting_payment"),
    ]


async def test_who_would_pay_earlier_than_was_said_is_asked_again(shop: httpx.AsyncClient) -> None:
    lamp = await a_product()
    review = await to_review(shop, {lamp.variant_id: 1})
    async with writing(EVERYONE) as db:
        await db.execute("UPDATE variant SET policy = 'made_to_order', lead_days = 30 WHERE id = $1", lamp.variant_id)

    page = await place(shop, token_of(review))

    assert "no money is taken before the first parcel is sent" in words_of(review)
    assert page.status_code == 409
    assert "When the money is taken: before the first parcel is sent → when you order." in words_of(page)
    assert await orders_of(shop) == []


async def orders_of(shop: httpx.AsyncClient) -> list[dict]:
    shopper_id = await shopper_of(shop)
    async with reading(shopper_id) as db:
        rows = await db.fetch("SELECT * FROM orders WHERE shopper_id = $1 ORDER BY created_at", shopper_id)
    return [dict(row) for row in rows]
