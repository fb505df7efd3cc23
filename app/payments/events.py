from __future__ import annotations

from uuid import UUID

from app.db.outbox import Event


class CapturePayment(Event, frozen=True, kw_only=True):
    """What an order's attempt has set aside is to be taken, as far as its row says."""

    order_id: UUID
    attempt_id: UUID


class VoidPayment(Event, frozen=True, kw_only=True):
    """What an attempt has set aside, or may have, goes back to the shopper."""

    order_id: UUID
    attempt_id: UUID


class RefundPayment(Event, frozen=True, kw_only=True):
    """A refund is to be made, or looked up if it was."""

    order_id: UUID
    refund_id: UUID


class CountDecline(Event, frozen=True, kw_only=True):
    """A payment was declined; it counts against the client too, by its fingerprint, whose bucket is another."""

    client: str


class WebhookDue(Event, frozen=True, kw_only=True):
    """The test provider owes the shop a webhook. `message_id` is the provider's name for what it reports."""

    session_id: UUID
    message_id: str
    state: str
