"""Whether the chosen payment provider has the settings it needs. Light, so that `up` can ask before it starts anything."""

from __future__ import annotations

import re

from app.settings import BadSetting, Settings

ORIGIN = re.compile(r"https?://[A-Za-z0-9.-]+(:\d{1,5})?")
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
