"""Stripe as a provider: its hosted Checkout takes the card, we are told. Money is set aside first and captured later."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import stripe

from app.logs import log
from app.payments.gateway import (
    Answer,
    Booked,
    Cancelled,
    Captured,
    Charge,
    Closed,
    Failed,
    Message,
    Outside,
    Redirect,
    Returned,
    Taken,
    Unknown,
    Voided,
)
from app.payments.stripe import amounts, asking, books, find, webhooks
from app.payments.stripe.client import Mismatch, Refused, ask, client_of, or_unknown
from app.settings import Settings
from app.values import HOUR


class Stripe:
    """The gateway to one Stripe account."""

    key_seconds = 23.0 * HOUR  # Stripe keeps keys for at least a day; an hour is the margin

    def __init__(self, settings: Settings) -> None:
        self.client = client_of(settings)
        self.secrets = settings.stripe_webhook_secret.split()

    def __repr__(self) -> str:
        return "Stripe()"

    async def start(self, charge: Charge) -> Answer:
        """A Checkout Session of Stripe's own page; asked again, the same one: the attempt's id is the key."""
        return await or_unknown(self._start(charge))

    async def _start(self, charge: Charge) -> Answer:
        try:
            made = await ask(
                self.client.v1.checkout.sessions.create_async(asking.session(charge), _key(str(charge.attempt_id)))
            )
        except Refused as no:
            log.error("stripe refused to begin a payment", attempt=str(charge.attempt_id), code=no.code)
            return Failed(reason=no.code)
        except Mismatch:  # a setting changed between two tries: what the first one began is what counts
            log.error("stripe key used before", attempt=str(charge.attempt_id))
            return await self._look_up(charge)
        answer = books.answer_of(made, charge, until=asking.until(charge))
        if isinstance(answer, Redirect) and not asking.may_lead_to(answer.url):
            log.error("browsers may refuse to go to the payment page: add its origin to VITRINE_PAY_ORIGINS")
        # A replayed answer tells what was true when it was first given.
        return answer if isinstance(answer, Redirect) and not _is_replayed(made) else await self._look_up(charge)

    async def look_up(self, charge: Charge) -> Answer:
        """What Stripe says now: always fetched, whatever a webhook or a browser claimed."""
        return await or_unknown(self._look_up(charge))

    async def _look_up(self, charge: Charge) -> Answer:
        session = await find.session(self.client, charge)
        return (
            books.answer_of(session, charge, until=asking.until(charge)) if session else Unknown(why="no such session")
        )

    async def void(self, charge: Charge) -> Answer:
        """Expires the session, so that nobody can pay on its page any more. One that was paid stays so."""
        return await or_unknown(self._void(charge))

    async def _void(self, charge: Charge) -> Answer:
        session = await find.session(self.client, charge)
        if session is None:  # could a lost request still begin it?
            too_late = charge.asked_for > asking.may_begin_for() + asking.SLACK
            return Closed() if too_late else Unknown(why="it may still begin")
        if session.status == "open":
            try:
                await ask(self.client.v1.checkout.sessions.expire_async(session.id))
            except Refused:
                log.info("a session ended before it could be expired", session=session.id)
        return await self._look_up(charge)

    async def cancel(self, charge: Charge) -> Cancelled:
        """Cancels the PaymentIntent: what was set aside is free at once."""
        return await or_unknown(self._cancel(charge))

    async def _cancel(self, charge: Charge) -> Cancelled:
        intent = await find.intent(self.client, charge)
        if intent and intent.status not in ("canceled", "succeeded"):
            try:
                intent = await ask(self.client.v1.payment_intents.cancel_async(intent.id))
            except Refused:
                intent = await find.intent(self.client, charge)
        if intent is None or intent.status not in ("canceled", "succeeded"):
            return Unknown(why=f"payment {intent.status if intent else 'unknown'}")
        if intent.status == "canceled":
            return Voided()
        return Captured(amount=amounts.read(intent.amount_received, intent.currency.upper(), asked=charge.amount))

    async def capture(self, charge: Charge, amount: int) -> Taken:
        """Captures once; Stripe gives the rest back by itself."""
        return await or_unknown(self._capture(charge, amount))

    async def _capture(self, charge: Charge, amount: int) -> Taken:
        intent = await find.intent(self.client, charge)
        if intent and intent.status == "requires_capture":
            told: Any = {"amount_to_capture": amounts.sent(amount, charge.currency)}
            try:
                # Without a key: an intent is captured once anyhow, and a key would repeat a refusal when staff try again.
                intent = await ask(self.client.v1.payment_intents.capture_async(intent.id, told))
            except Refused as no:
                intent = await find.intent(self.client, charge)
                if intent and intent.status == "requires_capture":
                    return Failed(reason=no.code)
        if intent and intent.status == "succeeded":
            return Captured(amount=amounts.read(intent.amount_received, intent.currency.upper(), asked=amount))
        if intent and intent.status == "canceled":
            return Failed(reason=f"the authorisation is over ({intent.cancellation_reason})")
        return Unknown(why=f"payment {intent.status if intent else 'unknown'}")

    async def refund(self, charge: Charge, amount: int, *, key: UUID) -> Returned:
        """Gives back part of what was captured, once for each key."""
        return await or_unknown(self._refund(charge, amount, key))

    async def _refund(self, charge: Charge, amount: int, key: UUID) -> Returned:
        intent = await find.intent(self.client, charge)
        if intent is None:
            return Unknown(why="no such payment")
        sent = amounts.given_back(amount, charge.currency, before=charge.before)
        if not sent:
            return Failed(reason="It is less than Stripe can give back in this currency.")
        noted = {"refund_id": key, "attempt_id": charge.attempt_id, "amount": amount, "before": charge.before}
        metadata = {name: str(value) for name, value in noted.items()}
        told: Any = {"payment_intent": intent.id, "amount": sent, "metadata": metadata}
        try:
            made = await ask(self.client.v1.refunds.create_async(told, _key(f"refund-{key}")))
        except Refused as no:
            return Failed(reason=no.code)
        return books.returned(made)

    async def look_up_refund(self, charge: Charge, *, key: UUID) -> Returned:
        """The refund that carries this key in Stripe's list, or Closed."""
        return await or_unknown(self._look_up_refund(charge, key))

    async def _look_up_refund(self, charge: Charge, key: UUID) -> Returned:
        made = await find.refund(self.client, charge, key)
        return books.returned(made) if made else Closed()

    async def outside(self, charge: Charge) -> Outside | Unknown:
        """Refunds made in Stripe's dashboard, and disputes."""
        found = await or_unknown(find.outside(self.client, charge))
        return found if isinstance(found, Unknown) else books.outside(*found)

    async def attempt_of(self, reference: str) -> UUID | Unknown | None:
        """The attempt noted on a PaymentIntent, if this shop has noted it."""
        try:
            intent = await or_unknown(ask(self.client.v1.payment_intents.retrieve_async(reference)))
        except Refused:
            return None
        if isinstance(intent, Unknown):
            return intent
        return books.uuid_in(books.noted(intent, "attempt_id"))

    async def list_since(self, at: datetime) -> AsyncIterator[Booked]:
        """Every PaymentIntent that this shop began since then and that brought money, newest first."""
        async for intent in find.intents(self.client, at):
            booked = books.booked(intent)
            if booked:
                yield booked

    def verify_webhook(self, headers: Mapping[str, str], body: bytes, *, at: float) -> Message | None:
        """A message one of our secrets signed."""
        return webhooks.message_of(headers, body, secrets=self.secrets, at=at)


def _is_replayed(made: stripe.checkout.Session) -> bool:
    """Whether this is what Stripe answered before under the same key."""
    response = made.last_response
    return response is not None and response.headers.get("idempotent-replayed") == "true"


def _key(text: str) -> Any:
    return {"idempotency_key": text}
