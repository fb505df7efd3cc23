"""Minor units: how many a currency has. Money is an integer number of them, never a float."""

from __future__ import annotations

# ISO 4217, table A.1: the active currencies whose minor unit is not a hundredth.
NONE = frozenset(
    [
        "BIF",
        "CLP",
        "DJF",
        "GNF",
        "ISK",
        "JPY",
        "KMF",
        "KRW",
        "PYG",
        "RWF",
        "UGX",
        "UYI",
        "VND",
        "VUV",
        "XAF",
        "XOF",
        "XPF",
    ]
)
THOUSANDTHS = frozenset(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"])


def digits(currency: str) -> int:
    """Decimal places of an amount: 1790 GBP is 17.90, 1790 JPY is 1790, 1790 KWD is 1.790."""
    return 0 if currency in NONE else 3 if currency in THOUSANDTHS else 2


def in_words(amount: int, currency: str) -> str:
    """An amount as staff read it in histories and reports: 1790, GBP -> 17.90 GBP."""
    places = digits(currency)
    text = f"{abs(amount):0{places + 1}d}"
    whole = f"{text[:-places]}.{text[-places:]}" if places else text
    return f"{'-' if amount < 0 else ''}{whole} {currency}"
