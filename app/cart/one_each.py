"""One per customer: a cart can be ordered with one unit of such a product, whichever of its variants."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from app.cart.rules import Wanted
from app.catalog import queries as catalog
from app.values import Refusal

WORDS = "One per customer."


class OneEach(Refusal):
    status = 422


def judge_one(offer: catalog.Sellable, units: int) -> None:
    """Raises OneEach for more `units` in all than each customer may buy."""
    if offer.one_each and units > 1:
        raise OneEach(f"{WORDS} With this your cart would hold {units}. Nothing was changed.")


def too_many(lines: Iterable[Wanted], offers: Mapping[UUID, catalog.Sellable]) -> dict[UUID, int]:
    """How many each line can have, by its id, of those that ask for more: the lines above are served first."""
    served: set[UUID] = set()
    left = {}
    for line in lines:
        offer = offers.get(line.variant_id)
        if offer is None or not offer.one_each:
            continue
        given = 0 if offer.product_id in served else 1
        served.add(offer.product_id)
        if given < line.quantity:
            left[line.line_id] = given
    return left


def words_of(left: int) -> str:
    """What a shopper reads of a line that asks for more."""
    return WORDS if left else f"{WORDS} Another line is of the same."
