"""Who takes the money: the gateways by their codes, and how they are asked."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

import asyncpg

from app.payments.gateway import Charge, Gateway, Unknown
from app.payments.queries import Attempt
from app.payments.testprovider import Instant, TestProvider
from app.settings import settings
from app.values import Refusal

PROVIDERS: dict[str, Gateway] = {"test": TestProvider(), "instant": Instant()}
NO_ANSWER = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError, Refusal)

A = TypeVar("A")


def gateway_of(attempt: Attempt) -> Gateway:
    """The provider that an attempt was begun with, whichever is chosen now."""
    return PROVIDERS[attempt.provider]


def charge_of(attempt: Attempt) -> Charge:
    """The attempt as its provider knows it."""
    return Charge(
        attempt_id=attempt.id,
        amount=attempt.amount,
        currency=attempt.currency,
        return_url=f"/checkout/return/{attempt.id}",
        reference=attempt.reference,
    )


async def asked(question: Awaitable[A]) -> A | Unknown:
    """The provider's answer, outside any transaction. Silence and failure are Unknown."""
    try:
        async with asyncio.timeout(settings().provider_timeout):
            return await question
    except NO_ANSWER as silence:
        return Unknown(why=repr(silence))
