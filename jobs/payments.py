from __future__ import annotations

from uuid import UUID

import httpx

from app.orders import operations as orders
from app.payments import declines, testprovider
from app.payments import operations as payments
from app.payments.events import CapturePayment, CountDecline, RefundPayment, VoidPayment, WebhookDue
from app.settings import settings

TIMEOUT = 10.0


class NoAnswer(RuntimeError):
    """The provider has not said what became of it: asked again, under the same key."""


async def capture_payment(event: CapturePayment, row_id: UUID) -> None:
    """Takes what was set aside. Twice is once."""
    answer = await payments.capture(event.attempt_id)
    if isinstance(answer, payments.Unknown):
        raise NoAnswer(answer.why)
    await orders.captured(event.order_id, event.attempt_id, answer)


async def void_payment(event: VoidPayment, row_id: UUID) -> None:
    """Lets go of what was set aside. Twice is once."""
    answer = await payments.cancel(event.attempt_id)
    if isinstance(answer, payments.Unknown):
        raise NoAnswer(answer.why)
    await orders.voided(event.order_id, event.attempt_id, answer)


async def refund_payment(event: RefundPayment, row_id: UUID) -> None:
    """Gives money back. Twice is once; a silent provider is asked again and, in the end, looked up."""
    answer = await payments.give_back(event.refund_id)
    await orders.refund_settled(event.order_id, event.refund_id, answer)
    if isinstance(answer, payments.Unknown):
        raise NoAnswer(answer.why)


async def count_decline(event: CountDecline, row_id: UUID) -> None:
    """A declined payment counts against the e-mail address. Twice is once."""
    await declines.count_for_client(row_id, event.client)


async def deliver_webhook(event: WebhookDue, row_id: UUID) -> None:
    """The test provider tells the shop, over HTTP as a stranger would, and tells it again until the shop takes it."""
    async with httpx.AsyncClient(base_url=settings().public_origin, timeout=TIMEOUT) as client:
        await testprovider.deliver(event, client)
