"""Our minor units are ISO 4217's; Stripe's differ for a few currencies, and some of its amounts must be rounded."""

from __future__ import annotations

from app.payments.chosen import NOT_STRIPES

# Stripe's documentation, "Supported currencies": the zero-decimal list, the three-decimal currencies, the special cases.
WHOLE_AS_CENTS = frozenset(
    {"ISK", "UGX"}
)  # "transitioned to a zero-decimal currency, but ... a two-decimal value": 5 UGX is 500
CENTS_AS_WHOLE = frozenset({"MGA"})  # on the zero-decimal list; ISO 4217 gives the ariary two digits
TO_TENS = frozenset(
    {"BHD", "JOD", "KWD", "OMR", "TND"}
)  # "the least-significant (last) digit to be 0 ... the nearest ten"
UNSUPPORTED = frozenset(NOT_STRIPES)  # not among the currencies a card can be charged in


def sent(amount: int, currency: str) -> int:
    """`amount` as Stripe takes it: rounded to its `unit`. Raises ValueError for a currency that it does not take."""
    if currency in UNSUPPORTED:
        raise ValueError(f"Stripe takes no {currency}")
    if currency in WHOLE_AS_CENTS:
        return amount * 100
    if currency in CENTS_AS_WHOLE:
        return (amount + 50) // 100
    return (amount + 5) // 10 * 10 if currency in TO_TENS else amount


def unit(currency: str) -> int:
    """The smallest step in which Stripe moves money, in our minor units: by less than that its amounts differ from ours."""
    return 100 if currency in CENTS_AS_WHOLE else 10 if currency in TO_TENS else 1


def given_back(amount: int, currency: str, *, before: int) -> int:
    """`amount` as Stripe gives it back after `before` went: rounded together with it, so that all parts are the whole."""
    return sent(before + amount, currency) - sent(before, currency)


def read(amount: int, currency: str, *, asked: int, before: int = 0) -> int:
    """Stripe's `amount` in our minor units; what was `asked` for when it is just that, rounded as Stripe wants it."""
    if currency not in UNSUPPORTED and amount == given_back(asked, currency, before=before):
        return asked
    if currency in WHOLE_AS_CENTS:
        return amount // 100
    return amount * 100 if currency in CENTS_AS_WHOLE else amount
