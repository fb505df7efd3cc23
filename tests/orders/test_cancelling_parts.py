"""Units of an order that was not sent are cancelled: what is taken is what is left."""

from __future__ import annotations

import asyncio
from uuid import UUID, uuid4

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.ops import verify
from app.orders import invoice_body, operations, queries, rules
from app.orders.cancelling import BeingTaken, NothingToCancel, NothingWouldBePaid, NotToBeCancelled
from app.orders.events import SendPartCancelled
from app.orders.invoices import invoice_of
from app.orders.queries import State
from app.orders.shipping import NotThatManyLeft, SentBefore
from app.payments.gateway import Failed
from app.values import new_id
from jobs import mail
from jobs import orders as jobs
from tests.knobs import Scripted, provider
from tests.makers import a_placing, a_product
from tests.orders.books import consequences_of, history_of, lines_of, numbers_of, row_of, state_of
from tests.orders.test_shipping import ship, statuses
from tests.outboxes import settle
from tests.payments.money import a_captured_order, a_paid_order, attempt_of, refunds_of, request_capture, scripted, work

pytestmark = pytest.mark.usefixtures("own_database")


async def an_order(units: int = 3, price: int = 1000) -> tuple[State, UUID, UUID]:
    """A paid order of these units of one of 20; its line and its variant."""
    variant_id = (await a_product(price=price)).variant_id
    state = await a_paid_order(lines={variant_id: units})
    return state, (await lines_of(state.id))[0]["id"], variant_id


async def drop(order_id: UUID, lines: dict[UUID, int], *, key: UUID | None = None) -> None:
    await operations.cancel_part(order_id, lines, reason="The kiln broke.", key=key or uuid4())


async def settled() -> None:
    with provider(Scripted()):
        await settle()


async def broken() -> list[str]:
    """What is not true of all orders; these tests' provider keeps no books."""
    return [each for each in await verify.violations() if "provider's books" not in each]


async def test_what_is_taken_is_what_is_left_and_the_invoice_says_just_that() -> None:
    state, line, variant_id = await an_order()

    await drop(state.id, {line: 1})
    between = await statuses(state.id), await numbers_of(variant_id)
    with provider(Scripted()) as asked:
        await settle()
        await ship(state.id, {line: 2})
        await settle()

    assert between[0] == ("placed", "authorised", "unfulfilled")
    assert asked.asked == ["capture"]
    assert (await attempt_of(state.id)).captured == state.total - 1000
    assert await statuses(state.id) == ("closed", "captured", "fulfilled")
    assert await numbers_of(variant_id) == (18, 0, 3)
    assert await refunds_of(state.id) == []
    invoice = await invoice_of(state.id)
    assert invoice is not None
    body = invoice.body
    assert (body.total, [each.quantity for each in body.lines], body.subtotal) == (state.total - 1000, [2], 2000)
    assert body.tax == sum(each.tax for each in body.lines) + rules.tax_in(body.shipping, 2000)
    assert await broken() == []


async def test_the_same_form_again_is_no_second_cancelling_and_another_one_is_said_to_be() -> None:
    state, line, _ = await an_order()
    key = uuid4()

    await asyncio.gather(*(drop(state.id, {line: 1}, key=key) for _ in range(4)))
    with pytest.raises(SentBefore):
        await drop(state.id, {line: 2}, key=key)

    assert [(each["cancelled"], each["uncharged"]) for each in await lines_of(state.id)] == [(1, 1)]
    assert (await consequences_of(state.id)).count("SendPartCancelled") == 1
    assert (await history_of(state.id)).count("part_cancelled") == 1


async def test_with_its_last_unit_the_whole_order_is_cancelled_and_delivery_is_free_again() -> None:
    state, line, variant_id = await an_order(2)

    await drop(state.id, {line: 1})
    await drop(state.id, {line: 1})
    await settled()

    assert await statuses(state.id) == ("cancelled", "voided", "cancelled")
    assert await numbers_of(variant_id) == (20, 0, 2)
    kinds = await consequences_of(state.id)
    assert (kinds.count("SendCancelled"), kinds.count("SendPartCancelled")) == (1, 1)
    assert await invoice_of(state.id) is None
    assert await broken() == []


async def test_the_rest_can_still_be_cancelled_whole() -> None:
    state, line, variant_id = await an_order()

    await drop(state.id, {line: 1})
    await operations.cancel_placed(state.id)
    await settled()

    assert await statuses(state.id) == ("cancelled", "voided", "cancelled")
    assert await numbers_of(variant_id) == (20, 0, 3)
    assert await broken() == []


async def test_of_an_order_whose_money_was_taken_the_units_are_refunded() -> None:
    variant_id = (await a_product(price=1000)).variant_id
    state = await a_captured_order(lines={variant_id: 3})
    [line] = await lines_of(state.id)
    key = uuid4()

    for _ in range(2):
        await drop(state.id, {line["id"]: 1}, key=key)
    await settled()

    assert [(each.amount, each.status) for each in await refunds_of(state.id)] == [(1000, "done")]
    assert [(each["cancelled"], each["uncharged"]) for each in await lines_of(state.id)] == [(1, 0)]
    assert await statuses(state.id) == ("placed", "partially_refunded", "unfulfilled")
    assert await numbers_of(variant_id) == (18, 0, 3)
    assert await broken() == []


async def test_units_that_were_sent_are_not_cancelled() -> None:
    state, line, _ = await an_order()
    with provider(Scripted()):
        await ship(state.id, {line: 2})

    with pytest.raises(NotThatManyLeft) as no:
        await drop(state.id, {line: 2})
    await drop(state.id, {line: 1})
    await settled()

    assert no.value.about == {"line_id": line}
    assert [each.amount for each in await refunds_of(state.id)] == [1000]
    assert await statuses(state.id) == ("closed", "partially_refunded", "fulfilled")


async def test_what_cannot_be_is_refused_and_nothing_changes() -> None:
    state, line, _ = await an_order()
    stranger, other, _ = await an_order()

    for wrong, no in (({line: 4}, NotThatManyLeft), ({line: 0}, NotThatManyLeft), ({other: 1}, NotThatManyLeft), ({}, NothingToCancel)):  # fmt: skip
        with pytest.raises(no):
            await drop(state.id, wrong)
    await operations.cancel_placed(stranger.id)
    for order_id in (stranger.id, new_id(5)):
        with pytest.raises(NotToBeCancelled):
            await drop(order_id, {other: 1})

    assert [each["cancelled"] for each in await lines_of(state.id)] == [0]
    assert "part_cancelled" not in await history_of(state.id)


async def test_while_the_money_is_being_taken_nothing_is_cancelled_and_after_it_is_a_refund() -> None:
    state, line, _ = await an_order()
    await request_capture(state.id, state.total)

    with pytest.raises(BeingTaken):
        await drop(state.id, {line: 1})
    with provider(Scripted()):
        await work(state.id)
    await drop(state.id, {line: 1})

    assert [each.amount for each in await refunds_of(state.id)] == [1000]


async def test_sending_and_cancelling_a_part_at_once_never_sends_what_is_not_paid() -> None:
    state, line, _ = await an_order(2)

    with provider(Scripted()):
        await asyncio.gather(
            ship(state.id, {line: 2}), drop(state.id, {line: 1}), ship(state.id, {line: 1}), return_exceptions=True
        )
        await settle()

    [now], attempt = await lines_of(state.id), await attempt_of(state.id)
    assert now["shipped"] + now["cancelled"] <= 2
    assert attempt.captured == state.total - 1000 * now["uncharged"]
    assert sum(each.amount for each in await refunds_of(state.id)) == 1000 * (now["cancelled"] - now["uncharged"])
    assert await broken() == []


async def test_a_capture_that_failed_is_tried_again_over_what_is_left() -> None:
    state, line, _ = await an_order()
    await drop(state.id, {line: 1})
    with provider(scripted(takes=Failed(reason="no"))), pytest.raises(Exception):  # noqa: B017
        await ship(state.id, {line: 1})
    with pytest.raises(NotToBeCancelled):
        await drop(state.id, {line: 1})

    await operations.capture_again(state.id)
    with provider(Scripted()):
        await work(state.id)

    assert (await attempt_of(state.id)).captured == state.total - 1000


async def test_what_would_leave_nothing_to_pay_is_refused() -> None:
    free, dear = (await a_product(price=0)).variant_id, (await a_product(price=1000)).variant_id
    quote = (await a_placing({free: 1, dear: 1})).quote
    quote = msgspec.structs.replace(
        quote, shipping=0, total=1000, tax=quote.tax - rules.tax_in(quote.shipping or 0, 2000)
    )
    state = await a_paid_order(lines={free: 1, dear: 1}, quote=quote)
    lines = {line["variant_id"]: line["id"] for line in await lines_of(state.id)}

    with pytest.raises(NothingWouldBePaid):
        await drop(state.id, {lines[dear]: 1})

    assert (await state_of(state.id)).due == state.total == 1000


async def test_the_mail_and_the_page_say_what_cannot_be_sent_and_what_is_paid(monkeypatch: pytest.MonkeyPatch) -> None:
    state, line, _ = await an_order(3, price=1100)
    await drop(state.id, {line: 2})
    sent: list[dict] = []

    async def send(row_id: UUID, **about: object) -> None:
        sent.append({"row_id": row_id} | about)

    monkeypatch.setattr(mail, "send", send)
    event = SendPartCancelled(order_id=state.id, units={line: 2}, reason="The kiln broke.")
    await jobs.send_part_cancelled(event, new_id(0))
    view = await queries.order_of(state.shopper_id, state.number)

    due = state.total - 2200
    for part in mail.compose(**sent[0]).iter_parts():
        for words in ("2 ", "Brown teapot", "The kiln broke.", f"£{due / 100:.2f}", state.number):
            assert words in part.get_content()
    assert view is not None and (view.uncharged, view.lines[0].cancelled) == (2200, 2)
    assert "2 × Brown teapot" in view.events[-1].words


@given(
    price=st.integers(0, 10**6), off=st.integers(0, 10**6), quantity=st.integers(1, 30), data=st.data(), shipping=st.integers(0, 999)
)  # fmt: skip
def test_an_invoice_of_a_part_and_what_was_given_up_are_the_whole(
    price: int, off: int, quantity: int, data: st.DataObject, shipping: int
) -> None:
    uncharged, off = data.draw(st.integers(0, quantity)), min(off, price * quantity)
    first = data.draw(st.integers(0, off))
    whole = rules.priced(UUID(int=1), price, quantity, off, rate=2000)
    line = {"quantity": quantity, "uncharged": uncharged, "unit_price": price, "discount": off, "tax": whole.tax, "total": whole.total}  # fmt: skip
    discounts = [{"title": "t", "code": "", "amount": each, "shipping": 0} for each in (first, off - first)]
    tax = whole.tax + rules.tax_in(shipping, 2000)
    words = dict.fromkeys(("title", "variant_title", "sku"), "")

    sums = invoice_body.sums_of(
        {"lines": [line | words], "discounts": discounts, "discount": off, "tax": tax, "shipping": shipping}
    )

    given_up = rules.part_of(whole.total, quantity, before=0, units=uncharged)
    assert sums["total"] == whole.total + shipping - given_up == sums["subtotal"] - sums["discount"] + shipping
    assert sum(each.amount for each in sums["discounts"]) == sums["discount"] >= 0
    assert 0 <= sums["tax"] - rules.tax_in(shipping, 2000) <= whole.tax
    if not uncharged:
        assert [each.amount for each in sums["discounts"]] == [first, off - first] and sums["tax"] == tax


async def test_an_order_of_which_a_part_was_cancelled_forgets_no_money(monkeypatch: pytest.MonkeyPatch) -> None:
    state, line, _ = await an_order(3, price=333)
    await drop(state.id, {line: 1})
    with provider(Scripted()):
        await ship(state.id, {line: 2})
        await operations.refund(
            state.id, operations.Refunding(lines={line: 2}, amount=None, reason="Chipped", restock=False), key=uuid4()
        )
        await settle()

    assert [each.amount for each in await refunds_of(state.id)] == [666]
    assert (await row_of(state.id))["payment_status"] == "partially_refunded"
    assert await broken() == []
