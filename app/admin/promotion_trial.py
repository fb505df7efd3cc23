"""An example cart for a promotion, as staff type it: a SKU in each line, perhaps with how many."""

from __future__ import annotations

import re
from functools import partial
from uuid import UUID

import msgspec

from app.catalog import queries as catalog
from app.db.engines import EVERYONE, reading
from app.orders import queries as orders
from app.promotions import queries as promotions
from app.promotions.queries import Row, Tried, Wanted
from app.settings import settings

LINE = re.compile(r"(\S{1,80})(?:\s+[x×]?\s*([0-9]{1,2}))?", re.IGNORECASE)
MOST_LINES = 60


class TrialLine(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the example and what is taken off it, minor units."""

    title: str
    quantity: int
    cost: int
    meant: bool
    alone: int
    together: int


class Trial(msgspec.Struct, frozen=True, kw_only=True):
    """What a promotion does for an example. `wrong`: what could not be read; `result` is None then."""

    cart: str
    email: str
    wrong: str = ""
    result: Tried | None = None
    lines: list[TrialLine] = []
    currency: str = "GBP"


async def trial_of(row: Row, cart: str, email: str) -> Trial:
    """The promotion tried on this cart (SKU and quantity a line), for this e-mail address if one is given."""
    cart, email = cart[:5000].replace("\x00", ""), email[:254].replace("\x00", "").strip()
    asked = Trial(cart=cart, email=email, currency=settings().currency)
    units: dict[str, int] = {}
    for line in [line.strip() for line in cart.splitlines() if line.strip()][:MOST_LINES]:
        found = LINE.fullmatch(line)
        if not found or found[2] == "0":
            return msgspec.structs.replace(asked, wrong=f"“{line[:60]}” is not a SKU with a quantity.")
        units[found[1].upper()] = units.get(found[1].upper(), 0) + int(found[2] or 1)
    if not units:
        return msgspec.structs.replace(asked, wrong="Type a SKU, such as one from the list of products.")
    return await _tried(asked, row, units)


async def _tried(asked: Trial, row: Row, units: dict[str, int]) -> Trial:
    ids = await _variants(list(units))
    unknown = [sku for sku in units if sku not in ids]
    if unknown:
        return msgspec.structs.replace(asked, wrong=f"No variant has the SKU “{unknown[0][:60]}”.")
    offers = await catalog.sellables(list(ids.values()))
    goods = [(offers[ids[sku]], many) for sku, many in units.items() if ids[sku] in offers]
    ask = promotions.Ask(
        lines=[
            Wanted(variant_id=o.variant_id, product_id=o.product_id, unit_price=o.price_for(many), quantity=many)
            for o, many in goods
        ],
        currency=asked.currency,
        email=asked.email,
        is_first=partial(orders.is_first, UUID(int=0), asked.email) if asked.email else None,
    )
    result = await promotions.tried(row.promotion, row.code, ask)
    lines = [
        TrialLine(
            title=f"{offer.title}, {offer.variant_title}".removesuffix(", "), quantity=many, cost=line.cost,
            meant=line.meant, alone=line.alone, together=line.together,
        )
        for (offer, many), line in zip(goods, result.lines, strict=True)
    ]  # fmt: skip
    return msgspec.structs.replace(asked, result=result, lines=lines)


async def _variants(skus: list[str]) -> dict[str, UUID]:
    async with reading(EVERYONE) as db:
        rows = await db.fetch("SELECT sku, id FROM variant WHERE sku = ANY($1)", skus)
    return {row["sku"]: row["id"] for row in rows}
