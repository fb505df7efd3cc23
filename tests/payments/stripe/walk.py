"""A shopper's way to Stripe's page and back, and what the shop then knows."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import httpx
import pytest

from app.orders.queries import State
from app.payments.gateway import Charge
from app.payments.providers import charge_of, gateway_of
from app.payments.queries import Attempt
from app.payments.stripe.gateway import Stripe
from app.settings import settings
from app.values import any_bucket, new_id, now
from tests.checkout.walk import place, to_token
from tests.makers import a_product, an_order
from tests.payments.money import attempt_of
from tests.payments.stripe_fake import Fake

SESSIONS = "/v1/checkout/sessions"
WRONG = ["lost", *(pytest.param(how, marks=pytest.mark.slow) for how in ("500", "500 done", "429", "reset", "silent"))]


def a_charge(amount: int = 1790, currency: str = "GBP", asked_for: float = 0) -> Charge:
    id, back = new_id(any_bucket()), "/checkout/return"
    return Charge(
        attempt_id=id, amount=amount, currency=currency, return_url=f"{back}/{id}", begun=now(), asked_for=asked_for
    )


def a_gateway() -> Stripe:
    return Stripe(settings())


async def to_page(shop: httpx.AsyncClient) -> str:
    """The address of Stripe's page for a new order of this browser."""
    answer = await place(shop, await to_token(shop, {(await a_product()).variant_id: 1}))
    assert answer.status_code == 303
    return answer.headers["location"]


async def at_the_page(**more: Any) -> tuple[State, Attempt]:
    state = await an_order(**more)
    assert state.attempt is not None
    return state, state.attempt


async def typed(page: str, **form: str) -> httpx.Response:
    """What Stripe's page answers."""
    async with httpx.AsyncClient() as browser:
        return await browser.post(page, data=form)


async def paid(fake: Fake) -> State:
    """An order paid on Stripe's page, and told."""
    from app.orders.drive import look

    state, attempt = await at_the_page()
    fake.books.pay(attempt.reference, "ok")
    await look(attempt)
    return state


async def charge_at(order_id: UUID) -> tuple[Stripe, Charge]:
    attempt = await attempt_of(order_id)
    gateway = gateway_of(attempt)
    assert isinstance(gateway, Stripe)
    return gateway, charge_of(attempt)
