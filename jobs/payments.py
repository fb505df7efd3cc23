from __future__ import annotations

from uuid import UUID

import httpx

from app.payments import testprovider
from app.payments.events import WebhookDue
from app.settings import settings

TIMEOUT = 10.0


async def deliver_webhook(event: WebhookDue, row_id: UUID) -> None:
    """The test provider tells the shop, over HTTP as a stranger would, and tells it again until the shop takes it."""
    async with httpx.AsyncClient(base_url=settings().public_origin, timeout=TIMEOUT) as client:
        await testprovider.deliver(event, client)
