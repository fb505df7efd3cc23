from __future__ import annotations

import httpx

from app.db.engines import all_shards
from tests.members.people import shopper_of, sign_up
from tests.payments.money import a_paid_order


async def test_everything_that_is_known_can_be_taken_along(shop: httpx.AsyncClient, other: httpx.AsyncClient) -> None:
    email = await sign_up(shop)
    await shop.post(
        "/account/addresses",
        data={"name": "Ada", "line1": "12 Long Lane", "city": "York", "postcode": "YO1 7AA", "country": "GB"},
    )
    order = await a_paid_order(shopper_id=await shopper_of(email), note="Ring twice")

    page, file = await shop.get("/account/privacy"), await shop.get("/account/export.json")

    told = file.json()
    assert (told["account"]["email"], told["addresses"][0]["line1"]) == (email, "12 Long Lane")
    assert (told["orders"][0]["number"], told["orders"][0]["note"]) == (order.number, "Ring twice")
    assert file.headers["cache-control"] == "private, no-store" and "attachment" in file.headers["content-disposition"]
    assert order.number in page.text and "12 Long Lane" in page.text
    assert (await other.get("/account/export.json")).headers["location"].startswith("/account/sign-in")


async def test_many_orders_cost_no_more_questions_than_one(shop: httpx.AsyncClient) -> None:
    shopper_id = await shopper_of(await sign_up(shop))
    orders = [await a_paid_order(shopper_id=shopper_id)]
    once = await shop.get("/account/export.json")
    orders += [await a_paid_order(shopper_id=shopper_id) for _ in range(3)]

    many = await shop.get("/account/export.json")

    assert [each["number"] for each in many.json()["orders"]] == [order.number for order in reversed(orders)]
    assert all(each["lines"][0]["paid"] > 0 for each in many.json()["orders"])
    asked = [int(each.headers["server-timing"].rpartition("desc=")[2]) for each in (once, many)]
    assert asked[0] <= asked[1] <= asked[0] + len(all_shards()) - 1
