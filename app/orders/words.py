"""What a shopper reads of an order's state: one place, so that page, list and mail say the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Told(NamedTuple):
    """A heading and a sentence."""

    headline: str
    explanation: str


BY_STATUS = {
    "placing": Told(
        "We are placing your order", "This takes a few seconds. You can close this page: the order goes on without it."
    ),
    "placed": Told("Thank you, your order is placed", "A confirmation is on its way to your mailbox."),
    "closed": Told("Your order is complete", "Everything has been sent. Thank you."),
}
ENDING = Told(
    "We are ending your earlier order first",
    "So that you never pay twice. The payment provider has not told us yet that its payment page is closed, so please don't pay"
    " there any more. You can close this page: the order goes on without it.",
)
AWAY = Told(
    "Your order has to wait a little",
    "Part of the shop is temporarily unavailable. Nothing was charged. We go on as soon as we can, or tell you here within"
    " some minutes that we can't; you can close this page, or cancel.",
)
PARTLY = Told("Your order is complete", "All that was still to come has been sent. Thank you.")
BY_REASON = {
    "sold_out": Told(
        "Not enough is left",
        "Nothing was charged, and your cart is as it was: you can order what is there.",
    ),
    "used_up": Told(
        "A discount has just run out",
        "Somebody else was quicker with it. Nothing was charged, and your cart is as it was: look at the new total.",
    ),
    "bought_before": Told(
        "One per customer",
        "You have bought this already: one per customer. Nothing was charged, and your cart is as it was: take it out to"
        " order the rest.",
    ),
    "expired": Told(
        "This took too long",
        "What you wanted could not be kept any longer. Nothing was charged, and your cart is as it was.",
    ),
    "paid_before": Told(
        "You have paid for your earlier order",
        "So we did not order it once more. Nothing was charged for this one. What that order does not contain is still in your cart.",
    ),
    "not_ended": Told(
        "Your earlier order could not be ended",
        "The payment provider has not told us what became of its payment, so we did not ask for another one. Nothing was charged"
        " for this order, and your cart is as it was.",
    ),
    "unpaid": Told(
        "This order was not paid", "Nothing was charged, and what was put aside for you is back on the shelf."
    ),
    "staff": Told("This order was cancelled", "What was set aside or paid for it goes back to you."),
    "shopper": Told("You cancelled this order", "What was set aside or paid for it goes back to you."),
    "withdrawn": Told("You cancelled this order", "Nothing was charged, and your cart is as it was."),
    "replaced": Told(
        "This order was replaced", "You placed another one from the same cart. Nothing was charged for this one."
    ),
}
BY_PAYMENT = {
    "failed": Told(
        "The payment did not go through",
        "Nothing was charged. Everything is still put aside for you: try again, with another card if you like.",
    ),
    "at_page": Told("Waiting for your payment", "Everything is put aside for you until the payment page closes."),
    "unclear": Told(
        "We are looking into your payment",
        "The payment provider has booked something else than we asked for. Somebody here sets that right and writes to you; please"
        " don't pay again. Everything is still put aside for you.",
    ),
    "asking": Told(
        "Waiting for the payment provider",
        "We have asked and not heard yet. Please don't pay again: this page tells you as soon as we know.",
    ),
}
SHORT = {
    "placing": "Being placed",
    "awaiting_payment": "Waiting for payment",
    "placed": "Placed",
    "closed": "Complete",
    "rejected": "Not placed",
    "cancelled": "Cancelled",
}
OVER = Told("This order was cancelled", "Nothing was charged.")

EVENTS = {
    "placing": "You placed the order.",
    "ending_earlier": "An earlier order of yours is ended first:",
    "reserved": "Everything was put aside for you.",
    "requires_action": "The payment page was opened.",
    "unknown": "The payment provider has not answered yet.",
    "declined": "The payment was declined.",
    "not_opened": "The payment page could not be opened, which is not your card's doing.",
    "retried": "You tried to pay again.",
    "placed": "The payment was accepted; the order is placed.",
    "rejected": "The order could not be kept.",
    "cancelled": "The order was cancelled.",
    "closed": "Nothing more is to come.",
    "part_cancelled": "We can't send this, and you don't pay for it:",
    "captured": "The payment was taken.",
    "voided": "What was set aside for this order is free again; nothing was charged.",
    "refunded": "Money went back to you.",
    "return_requested": "You asked to send something back.",
    "return_approved": "We agreed to take it back.",
    "return_rejected": "We could not agree to take it back.",
    "return_received": "What you sent back has arrived.",
    "return_refunded": "What you sent back is settled.",
    "return_exchanged": "A new one is on its way to you for what you sent back.",
    "shipped": "A parcel is on its way.",
    "refund_returned": "Your bank sent our refund back to us:",
    "refund_opened": "Money is on its way back to you:",
    "nothing_due": "There was nothing to pay back:",
}
FOR_STAFF = frozenset(
    {
        "dispute_open",
        "dispute_won",
        "dispute_lost",
        "payment_frozen",
        "payment_late",
        "payment_refused",
        "payment_unclear",
        "refund_failed",
        "capture_retried",
    }
)  # kinds that only the admin shows


def told(status: str, reason: str, attempt: str | None, *, partly: bool = False, waits: bool = False) -> Told:
    """Headline and explanation. `attempt`: the status of the last payment attempt; `partly`: some units will never be sent.

    `waits`: it could not be placed when it was tried again.
    """
    if status in ("rejected", "cancelled"):
        return BY_REASON.get(reason, OVER)
    if status == "placing" and (reason or waits):
        return ENDING if reason else AWAY
    if status != "awaiting_payment":
        return PARTLY if partly and status == "closed" else BY_STATUS[status]
    if attempt == "requires_action":
        return BY_PAYMENT["at_page"]
    if attempt == "unclear":
        return BY_PAYMENT["unclear"]
    return BY_PAYMENT["asking" if attempt in ("created", "sending", "unknown") else "failed"]


def too_few(title: str, left: int | None, asked: int) -> str:
    """Why an order could not be kept: not so many are there. `left`: None when there are enough again."""
    if left is None:
        return f"{title} was put aside for somebody else, and is free again: you can order it now."
    if not left:
        return f"{title} is not there any more."
    return f"{title}: only {left} {'is' if left == 1 else 'are'} left, you asked for {asked}."


def spent(title: str, *, one_each: bool) -> tuple[str, str]:
    """The reason, and its words, when nothing is left of a limit: of a promotion, or of what is one per customer."""
    if one_each:
        return "bought_before", f"{title} is one per customer."
    return "used_up", f"{title} has just been used up."


def of_event(kind: str, note: str) -> str:
    """One line of the timeline."""
    said = EVENTS.get(kind, kind.replace("_", " "))
    return f"{said} {note}" if note else said


def address_lines(name: str, address: Mapping[str, str]) -> list[str]:
    """Name and address as they stand on a parcel."""
    parts = (address.get(key, "") for key in ("line1", "line2", "city", "postcode", "country_name"))
    return [name, *(part for part in parts if part)]
