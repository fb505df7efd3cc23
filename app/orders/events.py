from __future__ import annotations

from uuid import UUID

from app.db.outbox import Event


class ClaimStock(Event, frozen=True, kw_only=True):
    """The order is paid for: what it reserved is sold."""

    order_id: UUID


class ReleaseStock(Event, frozen=True, kw_only=True):
    """The order will never be paid: what it reserved can be bought by others."""

    order_id: UUID


class ClearHeir(Event, frozen=True, kw_only=True):
    """The order's cart had gone into this shopper's when the order was paid: what was bought is not to be bought again."""

    order_id: UUID
    shopper_id: UUID


class SendConfirmation(Event, frozen=True, kw_only=True):
    """The shopper is to be told that the order is placed."""

    order_id: UUID


class SendReminder(Event, frozen=True, kw_only=True):
    """The shopper has not come back from the payment page: a mail leads there."""

    order_id: UUID


class SendShipped(Event, frozen=True, kw_only=True):
    """The shopper is to be told that a parcel is on its way."""

    order_id: UUID
    shipment_id: UUID


class SendCancelled(Event, frozen=True, kw_only=True):
    """The shopper is to be told that the order was cancelled."""

    order_id: UUID


class SendPartCancelled(Event, frozen=True, kw_only=True):
    """The shopper is to be told that `units` of some lines can't be sent, and that they pay for the rest only."""

    order_id: UUID
    units: dict[UUID, int]
    reason: str


class SendRefunded(Event, frozen=True, kw_only=True):
    """The shopper is to be told that money went back, or that their bank has returned it; a paper says the same."""

    order_id: UUID
    refund_id: UUID
    came_back: bool = False


class SendReturn(Event, frozen=True, kw_only=True):
    """The shopper is to be told that a return has come to a status."""

    order_id: UUID
    return_id: UUID
    status: str


class PutBack(Event, frozen=True, kw_only=True):
    """Units that an order had taken can be sold again."""

    order_id: UUID
    variant_id: UUID
    quantity: int


class TakeReplacement(Event, frozen=True, kw_only=True):
    """Units were sent in exchange for what came back: they are no longer on the shelf."""

    order_id: UUID
    variant_id: UUID
    quantity: int


class OrderOpened(Event, frozen=True, kw_only=True):
    """Somebody may read the order now who did not place it: they find it among their own."""

    order_id: UUID
    shopper_id: UUID


class IssueInvoice(Event, frozen=True, kw_only=True):
    """The order's money was taken: its invoice is due."""

    order_id: UUID


class OrderChanged(Event, frozen=True, kw_only=True):
    """What staff see of the order has changed; `order_index` follows."""

    order_id: UUID
