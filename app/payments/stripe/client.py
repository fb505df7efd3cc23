"""Stripe's own library, asked over asynchronous HTTP, with our time limits and no retries of its own.

Retrying is ours: it must survive the process, and follows what the shop's rows say.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable
from typing import TypeVar

import httpx
import stripe

from app.logs import log
from app.payments.gateway import Unknown
from app.settings import Settings

CONNECT = 1.0  # seconds
T = TypeVar("T")


class Refused(Exception):
    """Stripe understood, and will not do it: nothing has changed. `code`: Stripe's own word for why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Mismatch(Exception):
    """The idempotency key was used before for something else."""


class Silence(ConnectionError):
    """No answer that decides anything. Never holds a key, a header or a body."""


def client_of(settings: Settings) -> stripe.StripeClient:
    """A client with the shop's key. Its connections are made at the first question."""
    stripe.enable_telemetry = False
    logging.getLogger("stripe").setLevel(logging.WARNING)
    timeout = httpx.Timeout(settings.provider_timeout, connect=min(CONNECT, settings.provider_timeout))
    return stripe.StripeClient(
        settings.stripe_key,
        base_addresses={"api": settings.stripe_api.rstrip("/")} if settings.stripe_api else None,
        max_network_retries=0,
        http_client=stripe.HTTPXClient(timeout=timeout),
    )


async def ask(question: Awaitable[T]) -> T:
    """Stripe's answer. Raises Refused, Mismatch or Silence.

    Never chained to the library's own errors: a traceback would print Stripe's text, which repeats part of a wrong key.
    """
    try:
        return await question
    except stripe.StripeError as error:
        told = _told(error)
    raise told


def _told(error: stripe.StripeError) -> Exception:
    words = f"{type(error).__name__} {error.http_status or ''} {error.code or ''}".strip()
    if isinstance(error, stripe.IdempotencyError):
        return Mismatch(words)
    if isinstance(error, stripe.AuthenticationError | stripe.PermissionError):
        log.error("stripe does not take the shop's key", status=error.http_status)
    if isinstance(error, stripe.CardError | stripe.InvalidRequestError) and error.http_status not in (409, 429):
        return Refused(error.code or "refused")
    return Silence(words)


async def or_unknown(question: Awaitable[T]) -> T | Unknown:
    """The same; silence as Unknown."""
    try:
        return await question
    except (Silence, Mismatch) as silence:
        return Unknown(why=f"stripe: {silence}")
