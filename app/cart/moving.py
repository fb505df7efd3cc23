"""Forms that move things between the cart and what is kept beside it."""

from __future__ import annotations

from uuid import UUID

from litestar import Request, Response
from litestar.di import NamedDependency
from litestar.params import FromPath

from app.cart import aside, operations, queries
from app.lists import operations as lists
from app.web.pages import Visitor, action, done, redirect, remember
from app.web.templates import url


@action("/cart/lines/{line_id:uuid}/later", name="save_for_later")
async def save_for_later(request: Request, line_id: FromPath[UUID], visitor: NamedDependency[Visitor]) -> Response:
    """Puts a line under the cart. Somebody else's is answered like none."""
    if visitor.shopper_id is None:
        raise operations.NoSuchLine
    changed = await aside.save_for_later(visitor.shopper_id, line_id)
    remember(request, pv=changed.pv, units=changed.units)
    return await changed_cart(request, visitor.shopper_id)


@action("/cart/kept/{item_id:uuid}", name="bring_back")
async def bring_back(request: Request, item_id: FromPath[UUID], visitor: NamedDependency[Visitor]) -> Response:
    """Puts into the cart what was removed, kept for later or saved."""
    if visitor.shopper_id is None:
        raise lists.NoSuchItem
    back = await aside.bring(visitor.shopper_id, item_id)
    remember(request, pv=back.changed.pv, units=back.changed.units)
    return await changed_cart(request, visitor.shopper_id)


@action("/cart/kept/{item_id:uuid}/remove", name="forget_later")
async def forget_later(request: Request, item_id: FromPath[UUID], visitor: NamedDependency[Visitor]) -> Response:
    """Takes away what was kept for later."""
    if visitor.shopper_id is None:
        raise lists.NoSuchItem
    await lists.remove(visitor.shopper_id, item_id)
    return await changed_cart(request, visitor.shopper_id)


@action("/cart/prices", name="accept_prices")
async def accept_prices(request: Request, visitor: NamedDependency[Visitor]) -> Response:
    """The shopper has read that prices changed."""
    if visitor.shopper_id is None:
        return redirect(url("cart"))
    await aside.accept_prices(visitor.shopper_id)
    return await changed_cart(request, visitor.shopper_id)


async def changed_cart(request: Request, shopper_id: UUID, removed: UUID | None = None) -> Response:
    """The cart after a change: its inside for htmx, else its page, whose address says what was just removed."""
    then = f"{url('cart')}?removed={removed}" if removed else url("cart")
    view = await queries.cart_view(shopper_id, removed)
    return done(request, then=then, template="cart/_changed.html", view=view, announce="cart-changed")


ROUTES = [save_for_later, bring_back, forget_later, accept_prices]
