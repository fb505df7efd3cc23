"""How a product is sold and sent, and what shoppers may have written on it, in its form: from a few fields to one rule each."""

from __future__ import annotations

from typing import Any, cast

import msgspec

from app.admin import rules
from app.admin.product_queries import Product
from app.catalog.operations import SHIPPING_CLASSES, BadPersonal, Personal, judge_personal
from app.settings import settings

LABELS = {
    "text-label": "Name of the text",
    "text-most": "Longest text",
    "text-chars": "What it may hold",
    "text-needed": "Whether it is needed",
    "text-extra": "What it costs more",
}


SELLING = {"shipping": "How it is sent", "each": "How many a customer may buy"}


def fields_of(product: Product) -> dict[str, str]:
    """What the fields hold when the form is opened; those of a text only where one can be written."""
    fields = {"shipping": product.shipping_class, "each": "one" if product.one_each else "any"}
    if (personal := product.personalisation) is None:
        return fields
    extra = rules.shown_price(personal.extra, product.currency, settings().locale) if personal.extra else ""
    needed = "yes" if personal.needed else "no"
    texts = (personal.label, str(personal.most), personal.chars, needed, extra)
    return fields | dict(zip(LABELS, texts, strict=True))


def judged_sending(typed: dict[str, str], read: dict[str, str]) -> tuple[str | msgspec.UnsetType, dict[str, str]]:
    """How it is to be sent, UNSET where nothing was touched; and what is wrong."""
    sent = typed.get("shipping", read["shipping"])
    if sent not in SHIPPING_CLASSES:
        return msgspec.UNSET, {"shipping": "Choose one of the two."}
    return (msgspec.UNSET if sent == read["shipping"] else sent), {}


def judged_each(typed: dict[str, str], read: dict[str, str]) -> tuple[bool | msgspec.UnsetType, dict[str, str]]:
    """Whether a customer may buy only one, UNSET where nothing was touched; and what is wrong."""
    each = typed.get("each", read["each"])
    if each not in ("any", "one"):
        return msgspec.UNSET, {"each": "Choose one of the two."}
    return (msgspec.UNSET if each == read["each"] else each == "one"), {}


def judged(
    typed: dict[str, str], read: dict[str, str], currency: str
) -> tuple[Personal | msgspec.UnsetType | None, dict[str, str]]:
    """The rule that was typed anew, None for an empty name, UNSET where nothing was touched; and what is wrong."""
    texts = {name: typed.get(name, read.get(name, "")) for name in LABELS}
    if not texts["text-label"]:
        return (None if read.get("text-label") else msgspec.UNSET), {}
    if all(text == read.get(name, "") for name, text in texts.items()):
        return msgspec.UNSET, {}
    extra, errors = 0, {}
    try:
        extra = rules.price_of(texts["text-extra"], currency, settings().locale) if texts["text-extra"] else 0
    except rules.Unreadable as why:
        errors["text-extra"] = str(why)
    most = texts["text-most"]
    personal = Personal(
        label=texts["text-label"],
        most=int(most) if most.isascii() and most.isdigit() and len(most) < 4 else 0,
        chars=cast(Any, texts["text-chars"] or "letters"),  # judged below
        needed=texts["text-needed"] == "yes",
        extra=extra,
    )
    try:
        judge_personal(personal)
    except BadPersonal as no:
        errors[f"text-{no.about['field']}"] = no.say
    return personal, errors
