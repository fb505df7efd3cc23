"""Prices in the product form: from what was typed to what must change."""

from __future__ import annotations

from uuid import UUID

import msgspec

from app.admin import rules
from app.admin.product_queries import VariantRow
from app.settings import settings


class PriceEdit(msgspec.Struct, frozen=True, kw_only=True):
    """A price that was typed anew, in minor units."""

    variant_id: UUID
    amount: int
    was: int | None


def judged_price(
    typed: dict[str, str], read: dict[str, str], variant: VariantRow, *, currency: str
) -> tuple[PriceEdit | None, dict[str, str]]:
    """The new price, if it is another than the form showed at first: what one did not touch is nobody's wish."""
    price, was = f"price-{variant.variant_id}", f"was-{variant.variant_id}"
    texts = {name: typed.get(name, read[name]) for name in (price, was)}
    if all(texts[name] == read[name] for name in texts):
        return None, {}
    amounts, errors = {}, {}
    for name, text in texts.items():
        try:
            amounts[name] = rules.price_of(text, currency, settings().locale) if text else None
        except rules.Unreadable as why:
            errors[name] = str(why)
    if not errors:
        errors = _impossible(price, was, amounts)
    amount = amounts.get(price)
    if errors or amount is None:
        return None, errors
    return PriceEdit(variant_id=variant.variant_id, amount=amount, was=amounts[was]), {}


def _impossible(price: str, was: str, amounts: dict[str, int | None]) -> dict[str, str]:
    amount, before = amounts[price], amounts[was]
    if amount is None:
        return {price: "A variant needs a price."}
    if before is not None and before <= amount:
        return {was: "The earlier price is higher than the price, or empty."}
    return {}
