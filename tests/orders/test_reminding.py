"""Who left the payment page open is told once where it is."""

from __future__ import annotations

from uuid import UUID

import pytest

from app.db.engines import writing
from app.orders import drive, reminding
from app.orders.events import SendReminder
from app.payments.gateway import Closed
from app.values import bucket_of, new_id
from jobs import mail
from jobs import orders as jobs
from tests.knobs import Scripted, knobs, provider
from tests.orders.books import at_the_page, consequences_of

pytestmark = pytest.mark.usefixtures("databases")


async def swept(order_id: UUID, *, placed: str = "11 minutes", left: str = "15 minutes") -> int:
    """How many reminders two sweeps leave for an order placed so long ago whose page is open for so long."""
    async with writing(order_id) as db:
        await db.execute("UPDATE orders SET created_at = now() - $2::text::interval WHERE id = $1", order_id, placed)
        await db.execute(
            "UPDATE payment_attempt SET until = now() + $2::text::interval WHERE order_id = $1", order_id, left
        )
    for _ in "12":
        await reminding.sweep_unpaid(bucket_of(order_id))
    return (await consequences_of(order_id)).count("SendReminder")


async def test_an_open_payment_page_is_reminded_of_once() -> None:
    state, _ = await at_the_page()

    assert await swept(state.id) == 1


@pytest.mark.parametrize("times", [{"placed": "9 minutes"}, {"left": "4 minutes"}, {"left": "-1 minutes"}])
async def test_nobody_is_reminded_too_soon_or_of_a_page_that_closes(times: dict[str, str]) -> None:
    state, _ = await at_the_page()

    assert await swept(state.id, **times) == 0


async def test_nobody_is_reminded_where_the_shop_does_not_want_it() -> None:
    state, _ = await at_the_page()

    with knobs(remind_seconds=0):
        assert await swept(state.id) == 0


async def test_the_mail_leads_to_the_order_and_is_not_sent_once_it_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    state, attempt = await at_the_page()
    sent: list[dict] = []

    async def send(row_id: UUID, **about: object) -> None:
        sent.append({"row_id": row_id} | about)

    monkeypatch.setattr(mail, "send", send)
    event = SendReminder(order_id=state.id)
    await jobs.remind_to_pay(event, new_id(0))
    with provider(Scripted(then=Closed())):
        await drive.look(attempt)
    await jobs.remind_to_pay(event, new_id(0))

    assert len(sent) == 1
    for part in mail.compose(**sent[0]).iter_parts():
        for words in (state.number, f"/orders/{state.number}/open/", "not paid yet"):
            assert words in part.get_content()
