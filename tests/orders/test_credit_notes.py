"""Credit notes: one for each settled refund of an invoiced order, numbered without a gap, and saying what went back."""

from __future__ import annotations

import asyncio
from typing import Any
from unittest import mock
from uuid import UUID, uuid4

import httpx
import pytest

from app.db.engines import Busy, writing
from app.ops import papers as ops
from app.orders import credit_notes, operations, papers
from app.orders.events import SendRefunded
from app.orders.operations import Refunding
from app.orders.queries import State
from app.payments.events import RefundPayment
from app.payments.gateway import Failed, Refunded
from app.values import bucket_of, new_id
from app.web.templates import render
from jobs import mail
from jobs import orders as jobs
from jobs.payments import refund_payment
from tests.checkout.walk import another_browser, place, to_token
from tests.knobs import Scripted, knobs, provider
from tests.makers import a_product
from tests.orders.books import lines_of
from tests.orders.test_invoices import _id_of, a_seller, said
from tests.payments.money import a_captured_order, a_paid_order, refunds_of, request_capture, work

pytestmark = pytest.mark.usefixtures("databases")


async def refunded(order_id: UUID, units: int = 1, amount: int | None = None, **answers: Any) -> UUID:
    """So many units of the order's only line go back, at a provider that says yes; the refund's id."""
    [line] = await lines_of(order_id)
    ask = Refunding(lines={line["id"]: units} if units else {}, amount=amount, reason="It was cracked", restock=False)
    id = await operations.refund(order_id, ask, key=uuid4())
    with provider(Scripted()) as says:
        says.gives = answers.get("gives")
        await work(order_id)
    return id


async def an_invoiced_order(units: int = 3, price: int = 1999) -> State:
    state = await a_captured_order(lines={(await a_product(price=price, title="Lamp <b>")).variant_id: units})
    await operations.issue_invoice(state.id)
    return state


async def test_refunds_at_once_are_numbered_one_after_the_other_and_asking_again_changes_nothing() -> None:
    with knobs(seller_code=a_seller()):
        orders = [await an_invoiced_order() for _ in range(3)]
        asked = [(state.id, await refunded(state.id)) for state in orders for _ in range(2)]

        told = await asyncio.gather(*(_patient(*each) for each in [*asked, *asked]))

    assert sorted({int(number.rpartition("C")[2]) for number in told}) == [1, 2, 3, 4, 5, 6]
    assert told[:6] == told[6:]


async def _patient(order_id: UUID, refund_id: UUID) -> str:
    """The job, as patient as the queue is."""
    while True:
        try:
            number = await operations.issue_credit_note(order_id, refund_id)
        except Busy:
            await asyncio.sleep(0.05)
        else:
            assert number is not None
            return number


async def test_a_failure_half_way_leaves_no_gap() -> None:
    clash = mock.patch.object(
        credit_notes, "ISSUE", credit_notes.ISSUE.replace("RETURNING number", "RETURNING number / 0")
    )
    with knobs(seller_code=a_seller()):
        state = await an_invoiced_order()
        refund_id = await refunded(state.id)

        with clash, pytest.raises(Exception, match="division by zero"):
            await operations.issue_credit_note(state.id, refund_id)
        told = await operations.issue_credit_note(state.id, refund_id)

    assert told is not None
    assert told.endswith("-C000001")


async def test_it_says_which_units_of_which_invoice_and_all_refunds_together_give_back_all_of_the_tax() -> None:
    state = await an_invoiced_order(units=3, price=300)
    ids = [await refunded(state.id), await refunded(state.id, 0, amount=state.total - 900), await refunded(state.id, 2)]

    for id in ids:
        await operations.issue_credit_note(state.id, id)
    notes = [each.body for each in await credit_notes.credit_notes_of(state.id)]
    invoice = await credit_notes.invoices.invoice_of(state.id)

    assert invoice is not None
    assert [[(line.title, line.quantity, line.total) for line in note.lines] for note in notes] == [
        [("Lamp <b>", 1, 300)], [], [("Lamp <b>", 2, 600)],
    ]  # fmt: skip
    assert [(note.rest, note.rest_title) for note in notes[1:2]] == [(state.total - 900, "Allowance")]
    assert {note.invoice_number for note in notes} == {invoice.number}
    assert sum(note.total for note in notes) == state.total == invoice.body.total
    assert sum(note.tax for note in notes) == invoice.body.tax
    assert all(note.net + note.tax == note.total for note in notes)


async def come_back(order_id: UUID, refund_id: UUID, why: str = "The account is closed.") -> None:
    """A bank returns it, days later."""
    with provider(Scripted()) as says:
        says.found = Failed(reason=why)
        await refund_payment(RefundPayment(order_id=order_id, refund_id=refund_id), new_id(0))


async def test_a_refund_that_a_bank_returns_is_taken_back_on_paper_and_can_be_repeated() -> None:
    with knobs(seller_code=a_seller()):
        state = await an_invoiced_order(units=3, price=333)
        first, second = await refunded(state.id), await refunded(state.id)
        numbers = [await operations.issue_credit_note(state.id, id) for id in (first, second)]

        await come_back(state.id, first)
        reversal = [await operations.issue_credit_note(state.id, first) for _ in range(2)]
        [freed] = await lines_of(state.id)
        await refunded(state.id, 2)  # nothing is to come then: it is cancelled, delivery goes back
        for refund in await refunds_of(state.id):
            await operations.issue_credit_note(state.id, refund.id)
        notes = [each.body for each in await credit_notes.credit_notes_of(state.id)]
        invoice = await credit_notes.invoices.invoice_of(state.id)
        lacking = [each async for each in papers.missing() if each.order_id == state.id]

    assert reversal == [f"{numbers[0][:-1]}3"] * 2, "the next number, once"
    assert freed["refunded"] == 1
    back = notes[2]
    assert (back.takes_back, back.total, back.lines[0].total) == (numbers[0], -333, -333)
    assert "The account is closed." in back.reason
    assert invoice and sum(note.total for note in notes) == invoice.body.total
    assert sum(note.tax for note in notes) == invoice.body.tax
    assert lacking == []


async def test_a_refund_that_came_back_and_was_done_after_all_has_a_paper_for_each() -> None:
    state = await an_invoiced_order()
    id = await refunded(state.id)
    await operations.issue_credit_note(state.id, id)
    await come_back(state.id, id)
    [lacking] = [each async for each in papers.missing() if each.order_id == state.id]

    issued = await papers.issue_missing(lacking)
    with provider(Scripted()) as says:
        says.found = Refunded(amount=1999, reference="theirs")
        await refund_payment(RefundPayment(order_id=state.id, refund_id=id), new_id(0))
    await operations.issue_credit_note(state.id, id)

    assert len(issued) == 1
    assert [each.body.total for each in await credit_notes.credit_notes_of(state.id)] == [1999, -1999, 1999]
    assert (await lines_of(state.id))[0]["refunded"] == 1


async def test_the_shopper_reads_that_it_came_back_and_nothing_that_is_not_true_any_more() -> None:
    state = await an_invoiced_order()
    id = await refunded(state.id)
    await come_back(state.id, id)
    told = []

    async def send(row_id: UUID, **about: Any) -> None:
        told.append((about["subject"], render(f"mail/{about['template']}.txt", view=about["view"])))

    with mock.patch.object(mail, "send", send):
        for came_back in (False, True):
            await jobs.send_refunded(SendRefunded(order_id=state.id, refund_id=id, came_back=came_back), new_id(0))

    assert [subject for subject, _ in told] == [f"Our refund for your order {state.number} came back"]
    assert "£19.99 came back" in told[0][1]


async def test_a_cancelled_order_whose_money_was_taken_is_credited_with_its_delivery() -> None:
    state = await an_invoiced_order(units=2)
    await operations.cancel_placed(state.id)
    with provider(Scripted()):
        await work(state.id)
    [refund] = await refunds_of(state.id)

    await operations.issue_credit_note(state.id, refund.id)
    [note] = [each.body for each in await credit_notes.credit_notes_of(state.id)]

    assert [(line.quantity, line.total) for line in note.lines] == [(2, 3998)]
    assert note.total == state.total
    assert (note.rest, note.reason) == (state.total - 3998, "The order was cancelled")


async def test_nothing_is_credited_of_what_did_not_go_back_or_was_never_invoiced() -> None:
    failed = await an_invoiced_order()
    failed_refund = await refunded(failed.id, gives=Failed(reason="closed account"))
    late = await a_paid_order()
    await request_capture(late.id, late.total)
    async with writing(late.id) as db:
        await db.execute("INSERT INTO order_event (id, order_id, kind, at) VALUES ($1, $2, 'cancelled', now() - interval '1 h')",
                         new_id(0), late.id)  # fmt: skip
    with provider(Scripted()):
        await work(late.id)
    late_refund = await refunded(late.id)

    told = [
        await operations.issue_credit_note(failed.id, failed_refund),
        await operations.issue_credit_note(late.id, late_refund),
    ]

    assert told == [None, None]


async def test_the_mail_names_it_and_a_repetition_names_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    state = await a_captured_order()
    refund_id = await refunded(state.id)
    sent: list[str] = []

    async def send(row_id: UUID, **letter: Any) -> None:
        sent.append(render("mail/refunded.txt", view=letter["view"]))

    monkeypatch.setattr(mail, "send", send)
    row_id = new_id(bucket_of(state.id))
    for _ in range(2):
        await jobs.send_refunded(SendRefunded(order_id=state.id, refund_id=refund_id), row_id)
    [note] = await credit_notes.credit_notes_of(state.id)

    assert note.number in sent[0]
    assert sent[0] == sent[1]


async def test_the_document_says_what_the_law_asks_for() -> None:
    state = await an_invoiced_order()
    await operations.issue_credit_note(state.id, await refunded(state.id, 1, amount=1500))
    [note] = await credit_notes.credit_notes_of(state.id)

    words = said(render("orders/credit_note.html", view=note))

    for text in (
        note.number,
        note.body.invoice_number,
        "It was cracked",
        "Lamp <b>",
        "£15.00",
        "Adjustment",
        "Ada Lovelace",
    ):
        assert text in words


async def test_its_owner_saves_it_from_the_orders_page_and_a_stranger_cannot(shop: httpx.AsyncClient) -> None:
    with knobs(payment_provider="instant", capture="placed"):
        token = await to_token(shop, {(await a_product()).variant_id: 1})
        address = (await place(shop, token)).headers["location"]
        order_id = await _id_of(address)
        await work(order_id)
    await operations.issue_credit_note(order_id, await refunded(order_id))
    [note] = await credit_notes.credit_notes_of(order_id)
    path = f"{address}/credit-notes/{note.id}"

    page, found = await shop.get(address), await shop.get(path)
    async with another_browser() as stranger:
        await stranger.post("/cart/lines", data={"variant_id": str((await a_product()).variant_id), "quantity": "1"})
        strange = await stranger.get(path)

    assert f'href="{path}"' in page.text
    assert (found.status_code, found.headers["content-type"]) == (200, "application/pdf")
    assert found.headers["cache-control"] == "private, no-store"
    assert strange.status_code == 404


async def test_what_was_paid_and_refunded_before_there_were_papers_gets_them_once() -> None:
    state = await a_captured_order(lines={(await a_product()).variant_id: 2})
    refund_id = await refunded(state.id)
    unpaid = await a_paid_order()

    lacking = {each.order_id: each for each in await ops.lacking()}
    told = await operations.issue_missing(lacking[state.id])
    again = {each.order_id for each in await ops.lacking()}

    assert lacking[state.id] == papers.Missing(order_id=state.id, invoice=True, refunds=[refund_id])
    assert len(told) == 2
    assert not {state.id, unpaid.id} & again
    assert unpaid.id not in lacking
