"""Prices for a while in the product form: from what was typed to a timed price, and what it means in words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from app.admin import rules
from app.admin.product_queries import Planned, VariantRow
from app.catalog.operations import BadTime, Timed, judge_time
from app.settings import settings
from app.values import ZONE, now
from app.web.templates import money, shown_time

FIELDS = ("sale", "from", "until")
LABELS = {"sale": "Price for a while", "from": "Beginning of it", "until": "End of it"}


def names_of(variant: VariantRow) -> list[str]:
    return [f"{name}-{variant.variant_id}" for name in FIELDS]


def fields_of(variant: VariantRow, currency: str) -> dict[str, str]:
    """What the three fields hold when the form is opened; empty ones are left out, since a product may have hundreds."""
    if (planned := variant.planned) is None:
        return {}
    amount = rules.shown_price(planned.amount, currency, settings().locale)
    texts = [amount, _typed(planned.starts_at), _typed(planned.ends_at) if planned.ends_at else ""]
    return dict(zip(names_of(variant), texts, strict=True))


def judged(texts: dict[str, str], read: dict[str, str], currency: str) -> tuple[Timed | None, dict[str, str]]:
    """The timed price that three fields ask for, None for an empty one; and what is wrong with them."""
    (sale, amount), (begin, begins), (end, ends) = texts.items()
    if not amount:
        return None, {begin: "Say which price, or leave this empty."} if begins or ends else {}
    try:
        price = rules.price_of(amount, currency, settings().locale)
    except rules.Unreadable as why:
        return None, {sale: str(why)}
    moments = {name: _moment(text) for name, text in ((begin, begins), (end, ends))}
    errors = {name: "Type a day and a time." for name in moments if texts[name] and moments[name] is None}
    timed = Timed(
        amount=price,
        starts_at=None if begins == read.get(begin) else moments[begin],
        ends_at=moments[end],
    )
    if not errors:
        try:
            judge_time(timed)
        except BadTime as no:
            errors[end] = no.say
    return (None, errors) if errors else (timed, {})


def words_of(variant: VariantRow, currency: str) -> Iterator[str]:
    """What shoppers will see, and when, for whoever plans it."""
    if variant.was and variant.shown_was != variant.was and not (variant.planned and variant.planned.runs):
        yield _told(variant.shown_was, variant.amount or 0, currency)
    if (planned := variant.planned) is None:
        return
    begins = "Now" if planned.runs else f"From {shown_time(planned.starts_at)}"
    ends = f"until {shown_time(planned.ends_at)}" if planned.ends_at else "for good"
    yield f"{begins} {money(planned.amount, currency)}, {ends}. {_beside(planned, variant, currency)}"
    if planned.more:
        yield f"{planned.more} more planned after it."


def _beside(planned: Planned, variant: VariantRow, currency: str) -> str:
    if planned.amount >= (variant.amount or 0):
        return "It is no reduction, so it looks like any price."
    before = variant.amount if planned.lowest is None else planned.lowest
    return _told(before if before and before > planned.amount else None, planned.amount, currency)


def _told(before: int | None, amount: int, currency: str) -> str:
    if before is None:
        return f"Not shown as a reduction: within the 30 days before, it cost {money(amount, currency)} or less."
    return f"Beside it stands {money(before, currency)}, the lowest price of the 30 days before."


def _typed(moment: datetime) -> str:
    return moment.astimezone(ZONE).strftime("%Y-%m-%dT%H:%M")


def _moment(text: str) -> datetime | None:
    """What a field for a day and a time sends, in the shop's own zone."""
    try:
        found = datetime.strptime(text[:16], "%Y-%m-%dT%H:%M").replace(tzinfo=ZONE)
    except ValueError:
        return None
    return found if abs(found.year - now().year) <= 20 else None
