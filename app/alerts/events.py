from __future__ import annotations

from uuid import UUID

from app.db.outbox import Event


class SendAlertLink(Event, frozen=True, kw_only=True):
    """Somebody typed an address to be told there; only a click in its mail says that it was its owner."""

    alert_id: UUID


class AlertsDue(Event, frozen=True, kw_only=True):
    """A variant can be bought, or somebody new waits for it: whoever waits is told, if it is so."""

    variant_id: UUID


class SendAlert(Event, frozen=True, kw_only=True):
    """The one mail of an alert is due; with it the alert ends."""

    alert_id: UUID
