from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from app.alerts.links import bucket_in, hash_of, token_of
from app.catalog import queries as catalog
from app.db.engines import reading
from app.values import name_bucket
from app.web.templates import money

BUYABLE = ("in", "few", "later")


class Alert(msgspec.Struct, frozen=True, kw_only=True):
    """Who wants to hear of what. `confirmed`: its owner has said so; `price_seen`: what it has to cost less than, else they wait for it to be back."""

    id: UUID
    email: str
    variant_id: UUID
    confirmed: bool
    price_seen: int | None


class AlertMail(msgspec.Struct, frozen=True, kw_only=True):
    """A subject, a few sentences and one button to `path`; `stop_path` ends the alert."""

    to: str
    subject: str
    words: list[str]
    button: str
    path: str
    stop_path: str


class AlertRow(msgspec.Struct, frozen=True, kw_only=True):
    """An alert, for its owner's own records. `title`: of what; empty for what is known no more; `price_seen`: as in Alert."""

    title: str
    price_seen: int | None
    variant_id: UUID
    asked_at: datetime
    confirmed_at: datetime | None


FOUND = """
    SELECT id, email, variant_id, price_seen, confirmed_at IS NOT NULL AS confirmed FROM stock_alert WHERE expires_at > clock_timestamp()
"""


async def alert_of(token: str) -> Alert | None:
    """The alert of this link; None when it is malformed, unknown or over: they look the same."""
    bucket = bucket_in(token)
    if bucket is None:
        return None
    async with reading(bucket) as db:
        row = await db.fetchrow(FOUND + " AND token_hash = $1", hash_of(token))
    return Alert(**row) if row else None


async def alerts_of(email: str) -> list[AlertRow]:
    """What this address waits for."""
    async with reading(name_bucket(email)) as db:
        rows = await db.fetch(
            "SELECT variant_id, price_seen, asked_at, confirmed_at FROM stock_alert WHERE email = $1 ORDER BY asked_at",
            email,
        )
    offers = await catalog.sellables([row["variant_id"] for row in rows]) if rows else {}
    titles = {id: named(offer) for id, offer in offers.items()}
    return [AlertRow(title=titles.get(row["variant_id"], ""), **row) for row in rows]


async def thing(variant_id: UUID) -> catalog.Sellable | None:
    """What is sold under this id, if anything ever was."""
    return (await catalog.sellables([variant_id])).get(variant_id)


def named(offer: catalog.Sellable) -> str:
    """As people call it."""
    return ", ".join(filter(None, (offer.title, offer.variant_title)))


async def link_mail(alert_id: UUID) -> AlertMail | None:
    """The mail that asks whether it was them; None when they have said so, or nothing is to be told any more."""
    alert, offer = await _with_offer(alert_id)
    if alert is None or offer is None or alert.confirmed:
        return None
    when = "is back" if alert.price_seen is None else "costs less"
    words = [
        f"Somebody, perhaps you, wants to be told at this address when {named(offer)} {when}. Is that right?",
        "If it was not you, you need not do anything: without the click nothing is sent, and the address is forgotten in two days.",
    ]
    return _mail(alert, f"Tell you when {offer.title} {when}?", words, "Yes, tell me", path=_link(alert))


async def waits_again(alert_id: UUID) -> bool:
    """Whether somebody was quicker than the mail: it is sold out again, or costs as much as before."""
    alert, offer = await _with_offer(alert_id)
    if alert is None or offer is None or not offer.available:
        return False
    return offer.band not in BUYABLE or (alert.price_seen is not None and offer.unit_price >= alert.price_seen)


async def news_mail(alert_id: UUID) -> AlertMail | None:
    """The mail that it is back, or costs less; None when it was sent, stopped, or there is nothing to buy any more."""
    alert, offer = await _with_offer(alert_id)
    if alert is None or offer is None or not alert.confirmed or not offer.available:
        return None
    news, said = "is back", f"{named(offer)} can be bought again."
    if alert.price_seen is not None:
        cost, before = (money(each, offer.currency) for each in (offer.unit_price, alert.price_seen))
        news, said = "costs less", f"{named(offer)} costs {cost} now. It was {before} when you asked."
    end = "This was the only mail: the alert has ended, and we forget the address with it. We cannot set one aside for you."
    return _mail(alert, f"{offer.title} {news}", [said, end], "Look at it", path=offer.url)


async def _with_offer(alert_id: UUID) -> tuple[Alert | None, catalog.Sellable | None]:
    async with reading(alert_id) as db:
        row = await db.fetchrow(FOUND + " AND id = $1", alert_id)
    return (Alert(**row), await thing(row["variant_id"])) if row else (None, None)


def _link(alert: Alert) -> str:
    return f"/alerts/link/{token_of(alert.id)}"


def _mail(alert: Alert, subject: str, words: list[str], button: str, *, path: str) -> AlertMail:
    stop = f"/alerts/stop/{token_of(alert.id)}"
    return AlertMail(to=alert.email, subject=subject, words=words, button=button, path=path, stop_path=stop)
