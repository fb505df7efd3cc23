"""A promotion tried on an example: why it applies or not, and what it takes off each line."""

from __future__ import annotations

import msgspec

from app.db.engines import EVERYONE, reading
from app.promotions import reckoning, rules, words
from app.promotions.rules import Offer
from app.promotions.terms import Promotion, checks, is_for
from app.promotions.views import Ask
from app.web.templates import money, shown_date


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """One condition, whether it holds, in words."""

    good: bool
    words: str


class TriedLine(msgspec.Struct, frozen=True, kw_only=True):
    """A line: whether it is what the promotion is for, what the promotion takes off it alone, and all live offers together."""

    cost: int
    meant: bool
    alone: int
    together: int


class Tried(msgspec.Struct, frozen=True, kw_only=True):
    """`applies`: every condition holds. `offers`: what a shopper would be shown, with this promotion if it is live and wins."""

    applies: bool
    checks: list[Checked]
    lines: list[TriedLine]
    alone: int
    offers: list[tuple[str, int]]
    free_delivery: bool


async def tried(promotion: Promotion, code: str, ask: Ask) -> Tried:
    """What this promotion would do for such a cart, as if it were live; its state is one of the conditions told."""
    offer = Offer(promotion=promotion, code=code)
    async with reading(EVERYONE) as db:
        now = await db.fetchval("SELECT clock_timestamp()")
    basket = await reckoning.basket_of(ask, [offer], now)
    taken = await reckoning.taken([offer], ask.email)
    found = checks(promotion, basket, reckoning.left(offer, ask.email, taken))
    good = {each.kind: each.good for each in found}
    possible = good["goods"] and good["minimum"]
    alone = rules.reckon(basket.items, [offer] if possible else [])
    shop = await reckoning.reckoned(msgspec.structs.replace(ask, code=code))
    parts = alone.parts or [0] * len(basket.items)
    return Tried(
        applies=all(good.values()),
        checks=[
            Checked(
                good=each.good, words=words.told(each, money=lambda amount: money(amount, ask.currency), day=shown_date)
            )
            for each in found
        ],
        lines=[
            TriedLine(
                cost=item.cost,
                meant=is_for(promotion.terms, item),
                alone=part,
                together=shop.line_discounts.get((item.variant_id, ""), 0),
            )
            for item, part in zip(basket.items, parts, strict=True)
        ],
        alone=alone.amount,
        offers=[(each.title, each.amount) for each in shop.discounts],
        free_delivery=bool(shop.free),
    )
