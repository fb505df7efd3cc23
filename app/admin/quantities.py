"""Lower prices from a quantity on, in the product form: one field of a variant, and one that stands for all of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from uuid import UUID

from app.admin import rules
from app.admin.pricing import PriceEdit
from app.admin.product_queries import VariantRow
from app.catalog.operations import BadBreaks, Breaks, judge_breaks
from app.settings import settings

ALL = "breaks-all"
STEP = re.compile(r"\s*([0-9]{1,6})\s*[:=]\s*(.+?)\s*")
PERCENT = re.compile(r"-?\s*([0-9]{1,2}(?:[.,][0-9]{1,2})?)\s*%")
HOW = "Type for example 6: 12.60; 12: 15% for a price, or a percentage off, from 6 and from 12 on."


def name_of(variant: VariantRow) -> str:
    return f"breaks-{variant.variant_id}"


def text_of(variant: VariantRow, currency: str) -> str:
    """What the field holds when the form is opened: "6: 12.60; 12: 11.90"."""
    return "; ".join(
        f"{units}: {rules.shown_price(amount, currency, settings().locale)}" for units, amount in variant.breaks
    )


def fields_of(variant: VariantRow, currency: str) -> dict[str, str]:
    """Empty ones are left out, since a product may have hundreds."""
    return {name_of(variant): text_of(variant, currency)} if variant.breaks else {}


def judged(
    typed: dict[str, str],
    read: dict[str, str],
    variants: Sequence[VariantRow],
    prices: Sequence[PriceEdit],
    *,
    currency: str,
) -> tuple[dict[UUID, Breaks], dict[str, str]]:
    """The lower prices that were typed anew, by variant; and what is wrong with others, by field."""
    amounts = {each.variant_id: each.amount for each in prices}
    found: dict[UUID, Breaks] = {}
    errors: dict[str, str] = {}
    for variant in variants:
        field, amount = _field(typed, read, variant), amounts.get(variant.variant_id, variant.amount)
        if field is None:
            continue
        try:
            found[variant.variant_id] = _read(typed[field], amount, currency)
        except (rules.Unreadable, BadBreaks) as why:
            errors[field] = str(why)
    return found, errors


def _field(typed: dict[str, str], read: dict[str, str], variant: VariantRow) -> str | None:
    """Which field says something new of this variant: its own, or else the one for all."""
    own = name_of(variant)
    if typed.get(own, read.get(own, "")) != read.get(own, ""):
        return own
    return ALL if typed.get(ALL) else None


def _read(text: str, price: int | None, currency: str) -> Breaks:
    """Steps as typed; a percentage is taken off the price of a single one, to whole minor units, in the shopper's favour."""
    if not text or text.casefold() == "none":
        return []
    if price is None:
        raise rules.Unreadable("A variant needs a price first.")
    steps = []
    for part in filter(str.strip, text[:300].split(";")):
        step = STEP.fullmatch(part)
        if step is None:
            raise rules.Unreadable(HOW)
        steps.append((int(step[1]), _amount(step[2], price, currency)))
    judge_breaks(steps, price)
    return steps


def _amount(text: str, price: int, currency: str) -> int:
    off = PERCENT.fullmatch(text)
    if off is None:
        return rules.price_of(text, currency, settings().locale)
    hundredths = round(float(off[1].replace(",", ".")) * 100)
    return price * (10_000 - hundredths) // 10_000
