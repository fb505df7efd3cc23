"""The code in a cart: typed, counted, kept or refused; and taken out again."""

from __future__ import annotations

from uuid import UUID

from app.cart import queries, rules
from app.cart.operations import BUMP, Changed, changed
from app.catalog import queries as catalog
from app.db.engines import writing
from app.promotions import operations as codes
from app.promotions import queries as promotions
from app.promotions.queries import TOO_OFTEN, UNKNOWN
from app.values import Refusal, seconds

# Every try counts, right or wrong: an answer must not tell more than its words do.
TRIED = """
    UPDATE cart SET code_tries = CASE WHEN code_tried_at > clock_timestamp() - $2::interval THEN code_tries + 1 ELSE 1 END,
        code_tried_at = CASE WHEN code_tried_at > clock_timestamp() - $2::interval THEN code_tried_at ELSE clock_timestamp() END
    WHERE shopper_id = $1 AND status = 'active' RETURNING code_tries
"""
KEPT = "UPDATE cart SET code = $2 WHERE shopper_id = $1 AND status = 'active'"


class CodeRefused(Refusal):
    """It can't work, whatever else is put in; unknown codes and drafts say the same."""

    status = 422


class TooManyCodes(Refusal):
    say = TOO_OFTEN
    status = 429


class NothingToTakeOff(Refusal):
    say = "Your cart is empty, so there is nothing a code could take something off."


async def enter(shopper_id: UUID, typed: str) -> Changed:
    """The cart holds the code; it may still say what is missing for it. Raises CodeRefused, TooManyCodes, NothingToTakeOff."""
    async with writing(shopper_id) as db:
        tries = await db.fetchval(TRIED, shopper_id, seconds(rules.CODES_IN))
    cart = await queries.cart_of(shopper_id)
    if tries is None or cart is None or not cart.items:
        raise NothingToTakeOff
    if tries > rules.CODES:
        raise TooManyCodes
    code = codes.tidy_code(typed)
    offers = await catalog.sellables([item.variant_id for item in cart.items])
    off = await promotions.reckoned(queries.asked(cart, offers, code or "?"))
    if code is None or off.code is None or off.code.refused:
        raise CodeRefused(off.code.says if off.code else UNKNOWN)
    return await _keep(shopper_id, code)


async def take_out(shopper_id: UUID) -> Changed:
    """The cart holds no code."""
    return await _keep(shopper_id, "")


async def _keep(shopper_id: UUID, code: str) -> Changed:
    """A change like that of a line: who is about to place the cart as it was is asked again."""
    async with writing(shopper_id) as db:
        await db.execute(BUMP, shopper_id)
        await db.execute(KEPT, shopper_id, code)
        return await changed(db, shopper_id)
