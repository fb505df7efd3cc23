"""What staff see of promotions: the list, one of them, its codes, and how often each was used."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from app.db.engines import EVERYONE, writing
from app.inventory import queries as inventory
from app.promotions import rules
from app.promotions.terms import Promotion

STANDINGS = ("active", "scheduled", "draft", "ended")
STANDING = """
    CASE WHEN state = 'draft' THEN 'draft' WHEN state = 'ended' OR ends_at <= now() THEN 'ended'
        WHEN starts_at > now() THEN 'scheduled' ELSE 'active' END
"""
LISTED = f"""
    SELECT p.*, {STANDING} AS standing, (SELECT CASE count(*) WHEN 1 THEN min(code) END FROM promotion_code c
        WHERE c.promotion_id = p.id AND p.trigger = 'code') AS code,
        (SELECT count(*) FROM promotion_code c WHERE c.promotion_id = p.id AND p.trigger = 'codes') AS codes,
        coalesce(t.orders, 0) AS orders, coalesce(t.given, 0) AS given
    FROM promotion p LEFT JOIN promotion_tally t ON t.promotion_id = p.id
"""  # noqa: S608 - our own words


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A promotion as staff know it. `orders`, `given`: orders that took it off, and what all of them saved (promotion_tally)."""

    promotion: Promotion
    standing: str
    code: str
    codes: int
    changed_by: str
    updated_at: datetime
    orders: int = 0
    given: int = 0


class CodeRow(msgspec.Struct, frozen=True, kw_only=True):
    code: str
    used: bool
    at: datetime


async def listed(standing: str = "", *, most: int = 500) -> list[Row]:
    """Promotions of this standing (all without one), those first that were changed last."""
    sql = f"SELECT * FROM ({LISTED}) p WHERE $1 = '' OR standing = $1 ORDER BY updated_at DESC, id LIMIT $2"  # noqa: S608
    async with writing(EVERYONE) as db:  # the primary: a replica may not know yet what was just saved
        rows = await db.fetch(sql, standing, most)
    return [_row(row) for row in rows]


async def counts() -> dict[str, int]:
    """How many promotions there are of each standing."""
    async with writing(EVERYONE) as db:
        rows = await db.fetch(f"SELECT {STANDING} AS standing, count(*) AS many FROM promotion GROUP BY 1")  # noqa: S608
    return {row["standing"]: row["many"] for row in rows}


async def one(promotion_id: UUID) -> Row | None:
    """A promotion as it stands, or None."""
    async with writing(EVERYONE) as db:
        rows = await db.fetch(f"SELECT * FROM ({LISTED}) p WHERE id = $1", promotion_id)  # noqa: S608
    return _row(rows[0]) if rows else None


def _row(row: Any) -> Row:
    fields = {name: row[name] for name in Promotion.__struct_fields__}
    more = ("standing", "codes", "changed_by", "updated_at", "orders", "given")
    return Row(
        promotion=msgspec.convert(fields, Promotion), code=row["code"] or "", **{name: row[name] for name in more}
    )


async def codes_of(promotion_id: UUID) -> list[CodeRow]:
    """All codes of a promotion in their order, and whether each was used."""
    async with writing(EVERYONE) as db:
        rows = await db.fetch("SELECT code, at FROM promotion_code WHERE promotion_id = $1 ORDER BY code", promotion_id)
    limits = {inventory.limit_of(rules.code_name(row["code"])): row["code"] for row in rows}
    used = {limits[id] for id, uses in (await inventory.uses_of(limits)).items() if uses}
    return [CodeRow(code=row["code"], used=row["code"] in used, at=row["at"]) for row in rows]
