from __future__ import annotations

import pytest

from app.payments import chosen
from app.settings import BadSetting, Settings

GOOD = {"stripe_key": "sk_very", "stripe_webhook_secret": "whsec_very", "pay_origins": "https://pay.example"}


def stripe(**more: str) -> Settings:
    return Settings(payment_provider="stripe", **(GOOD | more))  # type: ignore[arg-type]


def test_a_shop_with_everything_stripe_needs_may_start() -> None:
    chosen.check(stripe())
    chosen.check(Settings())


@pytest.mark.parametrize(
    ("missing", "named"),
    [({"stripe_key": ""}, "VITRINE_STRIPE_KEY"), ({"stripe_webhook_secret": " "}, "VITRINE_STRIPE_WEBHOOK_SECRET"),
     ({"pay_origins": ""}, "VITRINE_PAY_ORIGINS"), ({"pay_origins": "pay.example"}, "VITRINE_PAY_ORIGINS"),
     ({"pay_origins": "https://pay.example; script-src *"}, "VITRINE_PAY_ORIGINS"), ({"currency": "IQD"}, "VITRINE_CURRENCY")],
)  # fmt: skip
def test_what_is_missing_is_said_in_one_sentence_without_the_keys(missing: dict[str, str], named: str) -> None:
    with pytest.raises(BadSetting, match=named) as refused:
        chosen.check(stripe(**missing))

    assert "very" not in str(refused.value)
    assert "\n" not in str(refused.value)


def test_keys_are_never_shown_with_the_settings() -> None:
    shown = repr(
        Settings(
            secret="hush",
            shared_dsn="postgresql://a:hush@h/d",
            smtp_url="smtp://a:hush@h",
            **{**GOOD, "stripe_key": "hush", "stripe_webhook_secret": "hush"},
        )
    )  # type: ignore[arg-type]

    assert "hush" not in shown
    assert "payment_provider='test'" in shown
