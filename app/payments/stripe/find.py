"""Finding what belongs to an attempt among Stripe's objects."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any
from uuid import UUID

import stripe

from app.payments.gateway import Charge
from app.payments.stripe import asking, books
from app.payments.stripe.client import Refused, Silence, ask
from app.values import MINUTE

PAGE = 100
MOST_PAGES = 50  # beyond that an answer that was lost is looked for in vain: said, not guessed


async def session(client: stripe.StripeClient, charge: Charge) -> stripe.checkout.Session | None:
    """The attempt's Checkout Session with its PaymentIntent; None when there is none.

    By the name it told us; when that answer was lost, among the sessions of the time in which it can have been made: Stripe lists them
    by that alone, newest first, so those of the first minute are looked through before all of them.
    """
    expand: Any = {"expand": ["payment_intent"]}
    if charge.reference:
        try:
            return await ask(client.v1.checkout.sessions.retrieve_async(charge.reference, expand))
        except Refused as no:
            raise Silence(f"session {no.code}") from None
    begun, wanted = int(charge.begun.timestamp()), str(charge.attempt_id)
    for first, last in ((-MINUTE, MINUTE), (-asking.SLACK, asking.may_begin_for() + asking.SLACK)):
        span = {"gte": int(begun + first), "lte": int(begun + last)}
        told: Any = {"created": span, "limit": PAGE, "expand": ["data.payment_intent"]}
        async for each in _all(client.v1.checkout.sessions.list_async, told):
            if each.client_reference_id == wanted:
                return each
    return None


async def intent(client: stripe.StripeClient, charge: Charge) -> stripe.PaymentIntent | None:
    """The attempt's PaymentIntent; None while nobody has begun to pay."""
    found = await session(client, charge)
    return books.intent_in(found) if found else None


async def refund(client: stripe.StripeClient, charge: Charge, key: UUID) -> stripe.Refund | None:
    """The refund with this key, or None."""
    async for each in _of_intent(client.v1.refunds.list_async, client, charge):
        if books.noted(each, "refund_id") == str(key):
            return each
    return None


async def outside(client: stripe.StripeClient, charge: Charge) -> tuple[list[stripe.Refund], list[stripe.Dispute]]:
    """The refunds of its payment that carry no key of ours, and the disputes over it."""
    refunds = [each async for each in _of_intent(client.v1.refunds.list_async, client, charge)]
    disputes = [each async for each in _of_intent(client.v1.disputes.list_async, client, charge)]
    return [each for each in refunds if not books.noted(each, "refund_id")], disputes


async def _of_intent(list_async: Any, client: stripe.StripeClient, charge: Charge) -> AsyncIterator[Any]:
    paid = await intent(client, charge)
    if paid is None:
        raise Silence("no such payment")
    async for each in _all(list_async, {"payment_intent": paid.id, "limit": PAGE}):
        yield each


async def intents(client: stripe.StripeClient, since: datetime) -> AsyncIterator[stripe.PaymentIntent]:
    """PaymentIntents made since then, newest first, each with its charge."""
    told: Any = {"created": {"gte": int(since.timestamp())}, "limit": PAGE, "expand": ["data.latest_charge"]}
    async for each in _all(client.v1.payment_intents.list_async, told, most=None):
        yield each


async def _all(list_async: Any, told: dict[str, Any], *, most: int | None = MOST_PAGES) -> AsyncIterator[Any]:
    """Every object of a list, page by page. Raises Silence beyond `most` pages."""
    after: dict[str, str] = {}
    pages = 0
    while most is None or pages < most:
        page = await ask(list_async(told | after))
        for each in page.data:
            yield each
        if not page.has_more or not page.data:
            return
        after, pages = {"starting_after": page.data[-1].id}, pages + 1
    raise Silence("too many to look through")
