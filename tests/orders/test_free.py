"""Orders that cost nothing: nobody is asked for money, and they are sent, closed, invoiced and cancelled like others."""

from __future__ import annotations

from unittest import mock
from uuid import uuid4

import pytest

from app.catalog.queries import sellables
from app.ops import verify
from app.orders import operations, steps
from app.orders.drive import drive, look
from app.orders.invoices import invoice_of, issue
from app.orders.queries import State, order_to_mail
from app.orders.queries import quote as orders_quote
from app.promotions.terms import Delivery
from app.settings import settings
from tests.checkout.walk import another_browser, to_review, token_of, words_of
from tests.knobs import Scripted, knobs, provider
from tests.makers import a_product, a_promotion, an_order, unique
from tests.orders.books import attempts_of, consequences_of, history_of, lines_of, pass_time, row_of
from tests.outboxes import settle
from tests.payments.money import attempt_of, refunds_of, work

pytestmark = pytest.mark.usefixtures("databases")


async def a_free_order(units: int = 1) -> State:
    """A gift, delivered for nothing; placed, though nobody who could take money may be asked."""
    product = await a_product(price=0)
    goods = [((await sellables([product.variant_id]))[product.variant_id], units)]
    quote = orders_quote(goods, ("gift", "Gift", 0), settings().currency)
    with provider(Scripted()) as asked:
        state = await an_order({product.variant_id: units}, quote=quote)
    assert asked.asked == []
    return state


async def send(state: State, units: int) -> None:
    [line] = await lines_of(state.id)
    await operations.ship(state.id, {line["id"]: units}, carrier="Royal Post", tracking="RP 123", key=uuid4())


@pytest.mark.parametrize("capture", ["placed", "fulfilled"])
async def test_what_costs_nothing_is_placed_and_paid_without_a_provider(capture: str) -> None:
    with knobs(capture=capture):
        state = await a_free_order()
    row = await row_of(state.id)
    invoice = await issue(state.id)

    assert (row["status"], row["payment_status"]) == ("placed", "captured")
    assert await attempts_of(state.id) == ["captured"]
    assert {"SendConfirmation", "ClaimStock", "IssueInvoice"} <= set(await consequences_of(state.id))
    assert "CapturePayment" not in await consequences_of(state.id)
    assert invoice is not None
    assert (await invoice_of(state.id)).body.total == 0  # type: ignore[union-attr]


async def test_what_cost_nothing_is_sent_in_parcels_and_then_closed() -> None:
    state = await a_free_order(2)

    await send(state, 1)
    between = await row_of(state.id)
    await send(state, 1)
    row = await row_of(state.id)

    assert (between["status"], between["fulfilment_status"]) == ("placed", "partial")
    assert (row["status"], row["payment_status"], row["fulfilment_status"]) == ("closed", "captured", "fulfilled")


async def test_what_cost_nothing_is_cancelled_without_a_refund() -> None:
    state = await a_free_order()

    await operations.cancel_placed(state.id)
    await operations.cancel_placed(state.id)
    with provider(Scripted()) as asked:
        await work(state.id)

    assert (await row_of(state.id))["status"] == "cancelled"
    assert (asked.asked, await refunds_of(state.id)) == ([], [])
    assert (await row_of(state.id))["payment_status"] == "voided"


async def test_a_look_at_what_cost_nothing_changes_nothing() -> None:
    state = await a_free_order()
    before = await history_of(state.id)

    await look(await attempt_of(state.id))
    await drive(state.id)

    assert await history_of(state.id) == before


async def test_what_cost_nothing_goes_on_when_its_process_dies_before_the_answer_is_written() -> None:
    with mock.patch.object(steps, "settle", side_effect=TimeoutError):
        state = await a_free_order()
    died = await attempts_of(state.id)
    await pass_time(state.id, 60)

    await drive(state.id)
    await drive(state.id)

    assert died == ["sending"]
    assert (await row_of(state.id))["status"] == "placed"
    assert (await history_of(state.id)).count("placed") == 1


@pytest.mark.parametrize("htmx", [False, True])
async def test_a_checkout_of_nothing_leads_from_its_button_to_the_order(htmx: bool) -> None:
    product = await a_product(price=0)
    promotion = await a_promotion(Delivery(), code=unique("GIFT").upper())
    async with another_browser() as shop:
        await to_review(shop, {product.variant_id: 1})
        await shop.post("/cart/code", data={"code": promotion.code})
        page = await shop.get("/checkout/review")
        headers = {"HX-Request": "true"} if htmx else {}
        placed = await shop.post("/checkout/place", data={"token": token_of(page), "note": ""}, headers=headers)
        order = await shop.get(placed.headers["location"])

    assert "There is nothing to pay" in words_of(page)
    assert (placed.status_code, placed.headers["location"].startswith("/orders/")) == (303, True)
    assert "your order is placed" in words_of(order)
    assert "£0.00" in words_of(order)


@pytest.mark.usefixtures("own_database")  # what other tests left open here would never settle
async def test_every_sentence_about_orders_is_true_of_those_that_cost_nothing() -> None:
    closed, cancelled = await a_free_order(), await a_free_order()
    await send(closed, 1)
    await operations.cancel_placed(cancelled.id)
    await settle()

    told = await order_to_mail(closed.id)

    assert told is not None
    assert told.totals.total == 0
    ids = {str(closed.id), str(cancelled.id), str((await attempt_of(closed.id)).id)}
    assert [each.name for each in await verify.verify(0) if ids & set(each.examples)] == []
