"""Staff say what shoppers may have written on a product."""

from __future__ import annotations

from uuid import UUID

import msgspec

from app.catalog.personal import CHARS, LONGEST, Personal
from app.db.engines import Database
from app.values import Refusal

MOST_EXTRA = 100_000_000  # minor units; more is a slip of the finger


class BadPersonal(Refusal):
    """`about` names the `field`."""

    status = 422


def judge_personal(personal: Personal) -> None:
    """Raises BadPersonal."""
    if not 1 <= len(personal.label) <= 80:
        raise BadPersonal("A name of 1 to 80 characters, which shoppers read beside the field.", field="label")
    if not 1 <= personal.most <= LONGEST:
        raise BadPersonal(f"A whole number from 1 to {LONGEST}.", field="most")
    if personal.chars not in CHARS:
        raise BadPersonal("Choose one of the three.", field="chars")
    if not 0 <= personal.extra <= MOST_EXTRA:
        raise BadPersonal("A price of 0 or more.", field="extra")


async def write_personal(db: Database, product_id: UUID, personal: Personal | None) -> None:
    """This may be written on the product, or nothing; in the caller's transaction."""
    rule = personal and msgspec.to_builtins(personal)
    await db.execute("UPDATE product SET personalisation = $2 WHERE id = $1", product_id, rule)
