"""Whether the chosen payment provider has the settings it needs. Light, so that `up` can ask before it starts anything."""

from __future__ import annotations

import re

from app.settings import BadSetting, Settings

ORIGIN = re.compile(r"https?://[A-Za-z0-9.-]+(:\d{1,5})?")
# The smallest charge by currency, in ours of its minor units: Stripe's documentation, "Supported currencies", minimum charge
# amounts. It counts in the currency that is paid out: a shop paid out in another one may meet a higher one there.
LEAST_OF_STRIPE = {
    "AED": 200, "AUD": 50, "BGN": 100, "BRL": 50, "CAD": 50, "CHF": 50, "CZK": 1500, "DKK": 250, "EUR": 50, "GBP": 30, "HKD": 400,
    "HUF": 17500, "INR": 50, "JPY": 50, "MXN": 1000, "MYR": 200, "NOK": 300, "NZD": 50, "PLN": 200, "RON": 200, "SEK": 300,
    "SGD": 50, "THB": 1000, "USD": 50,
}  # fmt: skip
NOT_STRIPES = ("IQD", "LYD", "UYI")


def check(settings: Settings) -> None:
    """Raises BadSetting when what the chosen provider needs is missing; never says what a key is."""
    if settings.payment_provider != "stripe":
        return
    needed = ("stripe_key", "stripe_webhook_secret", "pay_origins")
    missing = [f"VITRINE_{name.upper()}" for name in needed if not getattr(settings, name).strip()]
    if missing:
        raise BadSetting(f"VITRINE_PAYMENT_PROVIDER=stripe needs {' and '.join(missing)} beside it")
    if any(not ORIGIN.fullmatch(origin) for origin in settings.payment_origins):
        raise BadSetting("VITRINE_PAY_ORIGINS holds origins such as https://pay.example, separated by spaces")
    if settings.currency in NOT_STRIPES:
        raise BadSetting(f"VITRINE_CURRENCY={settings.currency} is none that Stripe takes")


def least(settings: Settings) -> int:
    """The smallest sum above 0 that the chosen provider takes, as far as we know; minor units of the shop's currency."""
    return LEAST_OF_STRIPE.get(settings.currency, 0) if settings.payment_provider == "stripe" else 0
