"""Invoices: one for each order whose money was taken, numbered without a gap, and saying what the order says."""

from __future__ import annotations

import asyncio
from typing import Any
from unittest import mock
from uuid import UUID

import httpx
import pytest

from app.db.engines import EVERYONE, Busy, reading, writing
from app.ops import crosschecks
from app.orders import invoices, operations
from app.orders.events import IssueInvoice
from app.values import new_id
from app.web.pdf import NotOurs, document, own_file, pdf
from app.web.templates import render
from jobs import orders as jobs
from tests.checkout.walk import another_browser, place, to_token
from tests.knobs import Scripted, knobs, provider
from tests.makers import a_product, unique
from tests.orders.books import consequences_of, row_of
from tests.payments.money import a_captured_order, a_paid_order, request_capture, work

pytestmark = pytest.mark.usefixtures("databases")


async def rows_of(entity: str) -> list[tuple[int, UUID]]:
    async with reading(EVERYONE) as db:
        rows = await db.fetch("SELECT number, order_id FROM invoice WHERE entity = $1 ORDER BY number", entity)
    return [(row["number"], row["order_id"]) for row in rows]


def a_seller() -> str:
    """A legal entity of the test's own."""
    return unique("S").replace("-", "").replace(" ", "")[:20]


async def issued(order_id: UUID) -> str | None:
    """The job, as patient as the queue is."""
    while True:
        try:
            return await operations.issue_invoice(order_id)
        except Busy:
            await asyncio.sleep(0.05)


async def test_fifty_orders_at_once_are_numbered_from_one_to_fifty() -> None:
    state, code = await a_paid_order(), a_seller()
    async with reading(state.id) as db:
        facts = await db.fetchrow(invoices.FACTS, state.id)
    ids = [new_id(bucket * 20) for bucket in range(50)]  # of one order's facts: fifty checkouts would prove no more
    everyone = mock.patch.object(invoices, "facts_of", mock.AsyncMock(return_value=facts))

    with knobs(seller_code=code), everyone:
        numbers = await asyncio.gather(*(issued(id) for id in sorted([*ids, *ids])))

    assert set(numbers) == {f"{code}-{number:06d}" for number in range(1, 51)}
    rows = await rows_of(code)
    assert [number for number, _ in rows] == list(range(1, 51))
    assert {order_id for _, order_id in rows} == set(ids)


async def test_a_failure_half_way_leaves_no_gap() -> None:
    first, second, code = await a_paid_order(), await a_paid_order(), a_seller()
    clash = mock.patch.object(invoices, "ISSUE", invoices.ISSUE.replace("RETURNING number", "RETURNING number / 0"))

    with knobs(seller_code=code):
        with clash, pytest.raises(Exception, match="division by zero"):
            await operations.issue_invoice(first.id)
        assert await rows_of(code) == []
        told = [await operations.issue_invoice(state.id) for state in (second, first)]

    assert told == [f"{code}-000001", f"{code}-000002"]


async def test_the_invoice_follows_the_money_and_is_issued_once() -> None:
    state = await a_paid_order()
    before = await consequences_of(state.id)
    await request_capture(state.id, state.total)
    with provider(Scripted()):
        await work(state.id)
    code = a_seller()

    with knobs(seller_code=code):
        for _ in range(2):
            await jobs.issue_invoice(IssueInvoice(order_id=state.id), new_id(0))

    assert "IssueInvoice" not in before
    assert (await consequences_of(state.id)).count("IssueInvoice") == 1
    assert await rows_of(code) == [(1, state.id)]


async def test_money_of_a_cancelled_order_has_no_invoice() -> None:
    state = await a_paid_order()
    await request_capture(state.id, state.total)
    async with writing(state.id) as db:
        await db.execute("UPDATE orders SET status = 'cancelled' WHERE id = $1", state.id)

    with provider(Scripted()):
        await work(state.id)

    assert "IssueInvoice" not in await consequences_of(state.id)


async def test_the_invoice_adds_up_to_what_the_order_says_and_stays_as_it_was() -> None:
    state = await a_captured_order(lines={(await a_product(price=1999)).variant_id: 3})
    with knobs(seller_name="Larkfield Ltd", seller_address="1 Mill Row, Ludlow", seller_tax_number="GB 123"):
        await operations.issue_invoice(state.id)
    async with writing(state.id) as db:
        await db.execute("UPDATE order_line SET title = 'Changed' WHERE order_id = $1", state.id)
    await operations.issue_invoice(state.id)

    view, row = await invoices.invoice_of(state.id), await row_of(state.id)

    assert view is not None
    body = view.body
    assert (body.total, body.tax, body.subtotal, body.shipping, body.discount) == tuple(
        row[name] for name in ("total", "tax", "subtotal", "shipping", "discount")
    )
    assert sum(line.total for line in body.lines) + body.shipping == body.total
    assert sum(each.gross for each in body.taxes) == sum(each.net + each.tax for each in body.taxes) == body.total
    assert body.lines[0].title != "Changed"
    assert (body.seller, body.seller_lines, body.tax_number) == ("Larkfield Ltd", ["1 Mill Row", "Ludlow"], "GB 123")


async def test_the_pdf_says_number_and_total_and_is_the_same_each_time() -> None:
    state = await a_captured_order(lines={(await a_product(title="Lamp <b>")).variant_id: 1})
    number = await operations.issue_invoice(state.id)
    html = render("orders/invoice.html", view=await invoices.invoice_of(state.id))

    first = await pdf(html)
    await asyncio.sleep(1)  # a clock that leaks into the document has moved on
    again = await pdf(html)

    assert first.startswith(b"%PDF")
    assert first == again
    words = said(html)
    for text in (number, "£17.90", "Lamp <b>", "Ada Lovelace", "VAT at 20 %", state.number):
        assert text in words


def said(html: str) -> str:
    """What stands on the pages that the PDF is drawn from."""

    def texts(box: Any) -> list[str]:
        own = [box.text] if hasattr(box, "text") else []
        return own + [text for child in getattr(box, "children", ()) for text in texts(child)]

    return " ".join(text for each in document(html).render().pages for text in texts(each._page_box))


@pytest.mark.parametrize("url", ["http://elsewhere.example/a.css", "file:///etc/hostname", "http://localhost:8080/account",
                                 "http://localhost:8080/static/0/invoice.css", "data:text/css,a{}"])  # fmt: skip
def test_a_document_sees_our_static_files_and_nothing_else(url: str) -> None:
    with pytest.raises(NotOurs):
        own_file(url)


async def test_its_owner_saves_it_and_a_stranger_cannot_tell_it_from_a_missing_one(shop: httpx.AsyncClient) -> None:
    with knobs(payment_provider="instant", capture="placed"):
        token = await to_token(shop, {(await a_product()).variant_id: 1})
        address = (await place(shop, token)).headers["location"]
        order_id = await _id_of(address)
        early = await shop.get(f"{address}/invoice.pdf")
        linked_early = "invoice.pdf" in (await shop.get(address)).text
        await work(order_id)
    number = await operations.issue_invoice(order_id)

    page, found = await shop.get(address), await shop.get(f"{address}/invoice.pdf")
    async with another_browser() as stranger:
        await stranger.post("/cart/lines", data={"variant_id": str((await a_product()).variant_id), "quantity": "1"})
        strange = await stranger.get(f"{address}/invoice.pdf")
        missing = await stranger.get("/orders/nonsense/invoice.pdf")

    assert (early.status_code, linked_early) == (404, False)
    assert f'href="{address}/invoice.pdf"' in page.text
    assert (found.status_code, found.headers["content-type"]) == (200, "application/pdf")
    assert found.headers["cache-control"] == "private, no-store"
    assert found.headers["content-disposition"] == f'attachment; filename="invoice-{number}.pdf"'
    assert found.content.startswith(b"%PDF")
    assert strange.status_code == missing.status_code == 404
    assert strange.text.replace(address, "") == missing.text.replace("/orders/nonsense", "")
    assert strange.headers["cache-control"] == "private, no-store"


async def _id_of(address: str) -> UUID:
    from app.admin.order_queries import order_id_of

    found = await order_id_of(address.rpartition("/")[2])
    assert found is not None
    return found


async def test_an_order_without_its_invoice_is_noticed() -> None:
    state = await a_captured_order()

    missing = await _violates(state.id)
    await operations.issue_invoice(state.id)
    there = await _violates(state.id)
    await _change_total(state.id, 1)
    wrong = await _violates(state.id)
    await _change_total(state.id, -1)

    assert (missing, there, wrong) == (True, False, True)


async def _change_total(order_id: UUID, by: int) -> None:
    async with writing(EVERYONE) as db:
        await db.execute("UPDATE invoice SET total = total + $2 WHERE order_id = $1", order_id, by)


async def _violates(order_id: UUID) -> bool:
    """Whether the sentence is broken for this order, whatever others have done."""
    tallied: dict[UUID, bool] = {}

    class Noted(crosschecks.Tally):
        def add(self, id: Any, holds: bool) -> None:
            tallied[id] = holds
            super().add(id, holds)

    with mock.patch.object(crosschecks, "Tally", Noted):
        await crosschecks._over(crosschecks.all_shards(), crosschecks._taken_is_invoiced, 0)
    return not tallied[order_id]
