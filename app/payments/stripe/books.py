"""What Stripe's objects say, as the shop's answers."""

from __future__ import annotations

from collections.abc import Sequence
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
    Outside,
    Redirect,
    Refunded,
    Returned,
    Unknown,
)
from app.payments.minor import in_words
from app.payments.stripe import amounts

# How a dispute has ended; every other status is that of an open one. A warning that is closed never took any money.
DISPUTES = {"won": "won", "warning_closed": "won", "prevented": "won", "lost": "lost"}
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


def returned(refund: stripe.Refund) -> Returned:
    """What a refund's row says. One that is `pending` is not decided."""
    if refund.status == "succeeded":
        currency = refund.currency.upper()
        before = noted(refund, "before")
        amount = amounts.read(
            refund.amount, currency, asked=_asked(refund), before=int(before) if before.isdigit() else 0
        )
        return Refunded(amount=amount, reference=refund.id)
    if refund.status in ("failed", "canceled"):
        return Failed(reason=refund.failure_reason or refund.status, reference=refund.id)
    return Unknown(why=f"refund {refund.status}")


def outside(refunds: Sequence[stripe.Refund], disputes: Sequence[stripe.Dispute]) -> Outside:
    """What was done at Stripe itself. A refund that is not decided yet is told of again."""
    answers = (returned(each) for each in refunds)
    stands = [DISPUTES.get(each.status, "open") for each in disputes]
    status = next((one for one in ("open", "lost", "won") if one in stands), "")
    words = (
        f"{in_words(amounts.read(each.amount, each.currency.upper(), asked=each.amount), each.currency.upper())}: {each.reason.replace('_', ' ')}"
        for each in disputes
    )
    return Outside(
        refunds=tuple(each for each in answers if isinstance(each, Refunded | Failed)),
        dispute=status,
        why="; ".join(words),
    )


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
        unit=amounts.unit(currency),
        disputed=isinstance(made, stripe.Charge) and made.disputed,
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
