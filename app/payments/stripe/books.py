"""What Stripe's objects say, as the shop's answers."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import stripe

from app.payments.gateway import (
    Answer,
    Authorised,
    Booked,
    Charge,
    Closed,
    Declined,
    Failed,
    Redirect,
    Refunded,
    Returned,
    Unknown,
)
from app.payments.stripe import amounts

DECLINED = "The card was declined."


def answer_of(session: stripe.checkout.Session, charge: Charge, *, until: datetime) -> Answer:
    """What a Checkout Session and its PaymentIntent (expanded) say. `until`: when the shop stops waiting for the page."""
    intent = intent_in(session)
    if intent and intent.status in ("requires_capture", "succeeded"):
        return Authorised(reference=session.id, amount=_amount(intent, charge), currency=intent.currency.upper())
    if session.status == "open" and session.url:
        ends = datetime.fromtimestamp(session.expires_at, UTC)
        return Redirect(url=session.url, until=min(until, ends), reference=session.id)
    if intent is None or intent.status == "canceled" or session.status == "expired":
        return Closed() if session.status == "expired" or intent else Unknown(why=f"session {session.status}")
    if intent.status == "requires_payment_method":
        return Declined(reason=DECLINED, reference=session.id)
    return Unknown(why=f"payment {intent.status}")


def _amount(intent: stripe.PaymentIntent, charge: Charge) -> int:
    """What was set aside, not what was captured of it: that is another question."""
    currency = intent.currency.upper()
    set_aside = intent.amount_capturable if intent.status == "requires_capture" else intent.amount
    return amounts.read(set_aside, currency, asked=charge.amount)


def intent_in(session: stripe.checkout.Session) -> stripe.PaymentIntent | None:
    """The session's PaymentIntent, where it was expanded and exists: a session that nobody used has none."""
    intent = session.payment_intent
    return intent if isinstance(intent, stripe.PaymentIntent) else None


def returned(refund: stripe.Refund, *, asked: int | None = None) -> Returned:
    """What a refund's row says. One that is `pending` is not decided."""
    if refund.status == "succeeded":
        currency = refund.currency.upper()
        known = asked if asked is not None else _asked(refund)
        return Refunded(amount=amounts.read(refund.amount, currency, asked=known), reference=refund.id)
    if refund.status in ("failed", "canceled"):
        return Failed(reason=refund.failure_reason or refund.status, reference=refund.id)
    return Unknown(why=f"refund {refund.status}")


def _asked(of: stripe.Refund | stripe.PaymentIntent) -> int:
    """The amount in our minor units, as we noted it on the object."""
    told = noted(of, "amount")
    return int(told) if told.isdigit() else of.amount


def booked(intent: stripe.PaymentIntent) -> Booked | None:
    """A PaymentIntent of this shop that brought money, at least for a while; None for every other."""
    attempt_id = uuid_in(noted(intent, "attempt_id"))
    made = intent.latest_charge
    taken = isinstance(made, stripe.Charge) and made.status == "succeeded"
    states = {"requires_capture": "authorised", "succeeded": "captured", "canceled": "voided" if taken else ""}
    state = states.get(intent.status, "")
    if not state or attempt_id is None:
        return None
    currency, asked = intent.currency.upper(), _asked(intent)
    refunded = made.amount_refunded if isinstance(made, stripe.Charge) and state == "captured" else 0
    return Booked(
        attempt_id=attempt_id,
        reference=intent.id,
        state=state,
        amount=amounts.read(intent.amount, currency, asked=asked),
        currency=currency,
        captured=amounts.read(intent.amount_received, currency, asked=asked) if state == "captured" else 0,
        refunded=amounts.read(refunded, currency, asked=asked),
        shop=noted(intent, "shop"),
    )


def noted(of: stripe.Refund | stripe.PaymentIntent, name: str) -> str:
    """What we noted on an object of Stripe's, or an empty text."""
    return str(of.metadata.to_dict().get(name, "")) if of.metadata else ""


def uuid_in(text: str | None) -> UUID | None:
    """The id in a text of somebody else's, or None."""
    try:
        return UUID(text or "")
    except ValueError:
        return None
