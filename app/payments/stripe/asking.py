"""What is asked of Stripe for an attempt: the same words however often, or the idempotency key would not match."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from app.payments.gateway import Charge
from app.payments.stripe import amounts
from app.settings import settings

SHORTEST = 1800  # seconds a session must still have when it is made: Stripe's rule
SLACK = 600  # ... so a request that is repeated, word for word, for ten minutes is still valid


def lasts() -> float:
    """Seconds from the attempt's beginning to the end of its session."""
    return max(settings().pay_seconds, SHORTEST) + SLACK


def may_begin_for() -> float:
    """Seconds from the attempt's beginning in which its session can be made: after them its end is too near for Stripe to take it."""
    return lasts() - SHORTEST


def until(charge: Charge) -> datetime:
    """When the shop stops waiting: counted from the attempt, so that asking twice says the same."""
    return charge.begun + timedelta(seconds=settings().pay_seconds)


def may_lead_to(url: str) -> bool:
    """Whether our pages' policy lets a form lead there."""
    return any(url.startswith(f"{origin}/") for origin in settings().payment_origins)


def session(charge: Charge) -> Any:
    """What is asked of Stripe: the same words for the same attempt, however often, or the key would not match."""
    back = settings().public_origin + charge.return_url
    about = {"attempt_id": str(charge.attempt_id), "amount": str(charge.amount), "shop": settings().public_origin}
    price = {
        "currency": charge.currency.lower(),
        "unit_amount": amounts.sent(charge.amount, charge.currency),
        "product_data": {"name": f"Order at {settings().shop_name}"},
    }
    return {
        "mode": "payment",
        "allowed_payment_method_types": ["card"],  # others cannot be set aside, or take days to decide
        "adaptive_pricing": {"enabled": False},
        "client_reference_id": str(charge.attempt_id),
        "metadata": about,
        "payment_intent_data": {"capture_method": "manual", "metadata": about},
        "line_items": [{"quantity": 1, "price_data": price}],
        "success_url": back,
        "cancel_url": back,
        "expires_at": int(charge.begun.timestamp() + lasts()),
    }
