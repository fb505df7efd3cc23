"""When what was typed can't be written on a thing, or is no number of it: the field again, with the reason beside it."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

import msgspec
from litestar import Request, Response

from app.cart.operations import WrongText
from app.cart.rules import MOST
from app.catalog import queries as catalog
from app.web import hx
from app.web.pages import Page
from app.web.seal import fragment_response


class TextView(msgspec.Struct, frozen=True, kw_only=True):
    """What was to be put in the cart, with what was typed for it; `error` says why that can't be written, `miscounted` why it is no number."""

    offer: catalog.Sellable
    personal: catalog.Personal | None
    typed: str
    error: str
    quantity: int
    miscounted: str = ""


def asked_again(request: Request, wrong: WrongText, typed: str, quantity: int) -> Page | Response:
    """422: for htmx the field alone, else a page that asks for nothing but the text. Raises `wrong` where nothing can be written."""
    offer = wrong.about["offer"]
    if not isinstance(offer, catalog.Sellable) or offer.personal is None:
        raise wrong
    shown = typed[: catalog.LONGEST * 4]
    view = TextView(
        offer=offer, personal=offer.personal, typed=shown, error=wrong.say, quantity=min(max(quantity, 1), MOST)
    )
    if hx.asked(request):
        return fragment_response("cart/_text.html", view, status=422, headers=hx.retarget("#personal", "outerHTML"))
    return Page(template="cart/text.html", view=view, status=422)


async def counted_again(variant_id: UUID, typed: Mapping[str, str], words: str) -> Page | None:
    """422: a page that asks how many, with all else as it was sent; None for what is not sold."""
    offer = (await catalog.sellables([variant_id])).get(variant_id)
    if offer is None or not offer.available:
        return None
    said, text = typed.get("quantity", "").strip()[:20], typed.get("personal_text", "")[: catalog.LONGEST * 4]
    miscounted = f"“{said}”: {words}" if said else words
    view = TextView(offer=offer, personal=offer.personal, typed=text, error="", quantity=1, miscounted=miscounted)
    return Page(template="cart/text.html", view=view, status=422)
