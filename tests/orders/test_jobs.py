from __future__ import annotations

import re
from email.message import EmailMessage
from typing import Any
from unittest import mock
from uuid import UUID

import pytest

from app.db.engines import EVERYONE, reading
from app.orders import operations, projection
from app.orders.events import ClaimStock, OrderChanged, ReleaseStock, SendConfirmation
from app.values import new_id
from jobs import mail
from jobs import orders as jobs
from tests.knobs import Scripted, knobs, provider
from tests.makers import a_product, an_order
from tests.orders.books import reservations_of
from tests.orders.test_operations import declined

pytestmark = pytest.mark.usefixtures("databases")


async def mailed(order_id: UUID, row_id: UUID) -> EmailMessage:
    """The mail that the job would send."""
    sent: list[dict[str, Any]] = []

    async def send(row_id: UUID, **about: Any) -> None:
        sent.append({"row_id": row_id} | about)

    with mock.patch.object(mail, "send", send):
        await jobs.send_confirmation(SendConfirmation(order_id=order_id), row_id)
    [one] = sent
    return mail.compose(**one)


async def test_the_confirmation_says_what_was_bought_in_text_and_html() -> None:
    product = await a_product(title="Lamp <b>& shade</b>", price=14000)
    with knobs(payment_provider="instant"):
        state = await an_order({product.variant_id: 2}, note="Ring twice & wait")

    message = await mailed(state.id, new_id(0))

    text, page = (message.get_body((kind,)) for kind in ("plain", "html"))
    assert text is not None
    assert page is not None
    assert message["To"] == "ada@example.org"
    assert state.number in message["Subject"]
    for words in (state.number, "£283.90", "of which VAT £47.32", "12 Long Lane", f"/orders/{state.number}"):
        assert words in text.get_content()
        assert words in page.get_content()
    assert "Ring twice & wait" in text.get_content()
    assert "2 x Lamp <b>& shade</b>" in text.get_content()
    assert "Lamp &lt;b&gt;&amp; shade" in page.get_content()
    assert 'style="' in page.get_content()
    assert not re.search(r"<style|<script|<link", page.get_content())


async def test_a_repeated_confirmation_carries_the_same_message_id() -> None:
    with knobs(payment_provider="instant"):
        state = await an_order()
    row_id = new_id(0)

    first, second = await mailed(state.id, row_id), await mailed(state.id, row_id)

    assert first["Message-ID"] == second["Message-ID"]


async def test_a_sale_without_stock_is_not_hidden() -> None:
    product = await a_product()
    with provider(Scripted(declined)):
        state = await an_order({product.variant_id: 1})
    await _release(state.id)

    with pytest.raises(jobs.NotAllPinned):
        await jobs.claim_stock(ClaimStock(order_id=state.id), new_id(0))

    assert await reservations_of(state.id, product.variant_id) == [2]


async def test_staff_find_the_order_as_it_is_and_never_as_it_was() -> None:
    with provider(Scripted(declined)):
        state = await an_order()
    await jobs.index_order(OrderChanged(order_id=state.id), new_id(0))
    before = await _indexed(state.id)

    with knobs(payment_provider="instant"):
        await operations.pay_again(state.id)
    changed = [await projection.index(state.id), await projection.index(state.id)]

    after = await _indexed(state.id)
    assert (before["status"], before["payment_status"]) == ("awaiting_payment", "failed")
    assert (after["status"], after["payment_status"], after["number"]) == ("placed", "authorised", state.number)
    assert changed == [True, False]


async def test_an_event_about_an_order_nobody_knows_is_done_with() -> None:
    nothing = new_id(5)

    await jobs.claim_stock(ClaimStock(order_id=nothing), new_id(0))
    await jobs.send_confirmation(SendConfirmation(order_id=nothing), new_id(0))

    assert not await projection.index(nothing)


async def _indexed(order_id: UUID) -> dict[str, Any]:
    async with reading(EVERYONE) as db:
        row = await db.fetchrow("SELECT * FROM order_index WHERE order_id = $1", order_id)
    assert row is not None
    return dict(row)


async def _release(order_id: UUID) -> None:
    await jobs.release_stock(ReleaseStock(order_id=order_id), new_id(0))
