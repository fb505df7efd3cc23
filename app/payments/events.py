from __future__ import annotations

from uuid import UUID

from app.db.outbox import Event


class WebhookDue(Event, frozen=True, kw_only=True):
    """The test provider owes the shop a webhook. `message_id` is the provider's name for what it reports."""

    session_id: UUID
    message_id: str
    state: str
