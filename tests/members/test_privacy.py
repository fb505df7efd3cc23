from __future__ import annotations

from uuid import uuid4

import httpx

from app.db.engines import all_shards
from app.orders import invoices, operations
from app.reviews import voting
from tests.checkout.walk import DETAILS
from tests.knobs import Scripted, provider
from tests.makers import a_product, a_review
from tests.members.people import shopper_of, sign_up
from tests.orders.books import lines_of
from tests.orders.test_shipping import ship
from tests.payments.money import a_captured_order, a_paid_order, refund


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


async def test_what_became_of_orders_and_what_was_typed_can_be_taken_along(shop: httpx.AsyncClient) -> None:
    email = await sign_up(shop)
    shopper_id = await shopper_of(email)
    with provider(Scripted()):
        order = await a_captured_order(shopper_id=shopper_id, lines={(await a_product(price=1000)).variant_id: 2})
        [line] = await lines_of(order.id)
        await ship(order.id, {line["id"]: 2})
    await operations.request_return(order.id, {line["id"]: 1}, "Too small", key=uuid4())
    await refund(order.id, 300, uuid4(), reason="Scratched")
    await invoices.issue(order.id)
    pot = await a_product(title="Pell pot")
    await voting.vote(shopper_id, await a_review(pot, title="Pours well"), helpful=False)
    made = await shop.post("/account/lists", data={"name": "Birthday"})
    await shop.post(made.headers["location"] + "/share")
    await shop.post("/cart/lines", data={"variant_id": str(pot.variant_id), "quantity": "1"})
    await shop.post("/checkout/details", data=DETAILS | {"name": "Ada on the way"})

    page, told = await shop.get("/account/privacy"), (await shop.get("/account/export.json")).json()

    [bought] = told["orders"]
    assert [each["reason"] for each in bought["refunds"]] == ["Scratched"]
    assert [(each["reason"], each["lines"][0]["quantity"]) for each in bought["returns"]] == [("Too small", 1)]
    assert [(each["kind"], each["total"]) for each in bought["papers"]] == [("invoice", bought["total"])]
    assert told["votes"] == [{"review": "Pours well", "product": "Pell pot", "helpful": False}]
    assert told["lists"][0]["name"] == "Birthday" and "/shared/" in told["lists"][0]["link"]
    assert [each["name"] for each in told["checkout"]] == ["Ada on the way"]
    for said in ("Scratched", "Too small", "Pours well", "Birthday", "Ada on the way", "Invoice"):
        assert said in page.text, said


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
