"""What goods save now: the promotions that are live, what is left of them, and the one rule."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from app.catalog import queries as catalog
from app.db.engines import EVERYONE, reading
from app.inventory import queries as inventory
from app.promotions import rules, words
from app.promotions.rules import Offer, Reckoning
from app.promotions.terms import Basket, Check, Item, Promotion, Uses, why_not
from app.promotions.views import NOTHING, Ask, CodeSaid, Discount, Reckoned, Use
from app.settings import settings
from app.web.templates import money, shown_date

COLUMNS = (
    "p.id, p.title, p.state, p.trigger, p.starts_at, p.ends_at, p.priority, p.combines, p.currency, p.terms, p.most_uses,"
    " p.most_each, p.version"
)
# What applies by itself now, and whatever a code names, be it over: its shopper is told why.
FOUND = f"""
    SELECT {COLUMNS}, '' AS code, clock_timestamp() AS now FROM promotion p
    WHERE p.trigger = 'automatic' AND p.state = 'active' AND (p.starts_at IS NULL OR p.starts_at <= now())
        AND (p.ends_at IS NULL OR p.ends_at > now())
    UNION ALL
    SELECT {COLUMNS}, c.code, clock_timestamp() FROM promotion_code c JOIN promotion p ON p.id = c.promotion_id
    WHERE c.code = $1 AND p.trigger <> 'automatic'
"""  # noqa: S608 - constants


async def reckoned(ask: Ask) -> Reckoned:
    """What these goods save: one statement of the shared database, one more where some goods differ, one per shard that counts."""
    async with reading(EVERYONE, fresh=ask.placing, one_plan=True) as db:
        rows = await db.fetch(FOUND, ask.code)
    found = [offer_of(row) for row in rows]
    if not found:
        return Reckoned(code=_unknown(ask.code)) if ask.code else NOTHING
    basket = await basket_of(ask, found, rows[0]["now"])
    used = await taken(found, ask.email, ask.own)
    good = {offer: why_not(offer.promotion, basket, left(offer, ask.email, used)) for offer in found}
    reckoning = rules.reckon(basket.items, [offer for offer, wrong in good.items() if wrong is None])
    return _result(ask, basket, reckoning, good)


def offer_of(row: Any) -> Offer:
    """A promotion's row, and what was typed for it."""
    fields = {name: row[name] for name in Promotion.__struct_fields__}
    return Offer(promotion=msgspec.convert(fields, Promotion), code=row["code"])


async def basket_of(ask: Ask, offers: Sequence[Offer], now: datetime) -> Basket:
    """What is bought, as far as these offers need to know it. `now`: by the database's clock."""
    among = {id for offer in offers for id in (*offer.promotion.terms.only, *offer.promotion.terms.but_not)}
    groups = await catalog.groups_of([line.product_id for line in ask.lines], list(among)) if among else {}
    asks_first = ask.is_first and any(offer.promotion.terms.first_order for offer in offers)
    return Basket(
        items=tuple(
            Item(
                variant_id=line.variant_id,
                unit_price=line.unit_price,
                quantity=line.quantity,
                groups=groups.get(line.product_id, frozenset({line.product_id})),
            )
            for line in ask.lines
        ),
        currency=ask.currency,
        market=settings().market,
        now=now,
        first_order=await ask.is_first() if ask.is_first and asks_first else None,
    )


def uses_of(offer: Offer, email: str) -> tuple[Use, ...]:
    """What an order of this address uses up of a promotion's limits."""
    promotion, title = offer.promotion, offer.code or offer.promotion.title
    name = rules.limit_name(promotion.id)
    wanted = [
        (name, "", promotion.most_uses),
        (name, email, promotion.each if email else None),
        (rules.code_name(offer.code), "", 1 if promotion.trigger == "codes" else None),
    ]
    return tuple(
        Use(name=what, customer=who, most=most, title=title, version=promotion.version)
        for what, who, most in wanted
        if most is not None
    )


async def taken(offers: Sequence[Offer], email: str, own: UUID | None = None) -> dict[UUID, int]:
    """How often each of their limits was used by others than `own`, as far as this address is concerned and somebody can count it."""
    limits = {use.limit_id for offer in offers for use in uses_of(offer, email)}
    return await inventory.uses_of(limits, besides=own) if limits else {}


def left(offer: Offer, email: str, taken: dict[UUID, int]) -> Uses:
    """What is left of its limits, from how often each was used."""
    limits = uses_of(offer, email)
    if not all(use.limit_id in taken for use in limits):
        return Uses(counted=False)
    uses = [(use.customer, use.most - taken[use.limit_id]) for use in limits]
    of_all = [many for customer, many in uses if not customer]
    return Uses(left=min(of_all) if of_all else None, share=next((many for customer, many in uses if customer), None))


def _result(ask: Ask, basket: Basket, reckoning: Reckoning, good: dict[Offer, Check | None]) -> Reckoned:
    def off(offer: Offer, amount: int = 0) -> Discount:
        of = offer.promotion
        return Discount(
            title=of.title, code=offer.code, amount=amount, promotion_id=of.id, uses=uses_of(offer, ask.email)
        )

    parts = reckoning.parts or [0] * len(basket.items)
    return Reckoned(
        discounts=tuple(off(saving.offer, saving.amount) for saving in reckoning.savings),
        line_discounts={
            (line.variant_id, line.personal_text): part for line, part in zip(ask.lines, parts, strict=True) if part
        },
        code=_said(ask, basket, reckoning, good) if ask.code else None,
        free=tuple((offer, off(offer)) for offer in reckoning.delivery),
        near=_near(ask, basket, good),
    )


def _near(ask: Ask, basket: Basket, good: dict[Offer, Check | None]) -> tuple[str, ...]:
    """What little is missing for offers that apply by themselves."""
    by_themselves = [(offer.promotion, wrong) for offer, wrong in good.items() if not offer.code]
    said = [
        words.nearly(
            offered, wrong, rules.units_missing(offered.terms, basket.items), lambda sum: money(sum, ask.currency)
        )
        for offered, wrong in by_themselves
    ]
    return tuple(filter(None, said))


def _said(ask: Ask, basket: Basket, reckoning: Reckoning, good: dict[Offer, Check | None]) -> CodeSaid:
    offer, wrong = next(((offer, wrong) for offer, wrong in good.items() if offer.code), (None, None))
    if offer is None or (wrong and wrong.kind == "state"):
        return _unknown(ask.code)
    if wrong:
        says = words.why(wrong, offer.promotion, money=lambda amount: money(amount, ask.currency), day=shown_date)
    elif offer in reckoning.unused:
        says = words.OTHERS_SAVE_MORE
    else:
        says = words.ASKED_LATER if offer.promotion.terms.first_order and basket.first_order is None else ""
    applied = wrong is None and offer not in reckoning.unused
    refused = wrong is not None and wrong.kind in words.HARD
    return CodeSaid(code=ask.code, title=offer.promotion.title, applied=applied, refused=refused, says=says)


def _unknown(code: str) -> CodeSaid:
    return CodeSaid(code=code, title="", applied=False, refused=True, says=words.UNKNOWN)
