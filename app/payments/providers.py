"""Who takes the money: the gateways by their codes, and how they are asked."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

import asyncpg

from app.payments import nothing
from app.payments.gateway import Charge, Gateway, Unknown
from app.payments.queries import Attempt
from app.payments.testprovider import Instant, TestProvider
from app.settings import settings
from app.values import Refusal, minted_at

PROVIDERS: dict[str, Gateway] = {"test": TestProvider(), "instant": Instant()}  # and `stripe`, once it is needed
NO_ANSWER = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError, Refusal)

A = TypeVar("A")


class NoSuchProvider(Exception):
    """Settings that were there when the payment began are gone."""


def named(code: str) -> Gateway | None:
    """The provider with this code, or None. Stripe's library is loaded only by a shop that has a key for it."""
    if code == nothing.CODE:
        return nothing.Nothing()
    if code == "stripe" and code not in PROVIDERS and settings().stripe_key:
        from app.payments.stripe.gateway import Stripe

        PROVIDERS[code] = Stripe(settings())
    return PROVIDERS.get(code)


def gateway_of(attempt: Attempt) -> Gateway:
    """The provider that an attempt was begun with, whichever is chosen now. Raises NoSuchProvider."""
    found = named(attempt.provider)
    if found is None:
        raise NoSuchProvider(f"attempt {attempt.id} was begun with {attempt.provider}, for which there are no settings")
    return found


def charge_of(attempt: Attempt, *, before: int = 0) -> Charge:
    """The attempt as its provider knows it; `before` a refund of it."""
    return Charge(
        attempt_id=attempt.id,
        amount=attempt.amount,
        currency=attempt.currency,
        return_url=f"/checkout/return/{attempt.id}",
        begun=attempt.begun_at or minted_at(attempt.id),  # an attempt that nobody was asked for is looked for, too
        asked_for=attempt.asked_for,
        reference=attempt.reference,
        before=before,
    )


async def asked(question: Awaitable[A]) -> A | Unknown:
    """The provider's answer, outside any transaction. Silence and failure are Unknown."""
    try:
        async with asyncio.timeout(settings().provider_timeout):
            return await question
    except NO_ANSWER as silence:
        return Unknown(why=repr(silence))
