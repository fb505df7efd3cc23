from __future__ import annotations

from uuid import UUID

import msgspec
from litestar import Request, Response
from litestar.di import NamedDependency
from litestar.params import FromPath

from app.accounts import operations as accounts
from app.catalog import queries as catalog
from app.lists import operations, queries
from app.values import Refusal
from app.web.forms import read_form
from app.web.pages import Visitor, action, done, redirect, remember
from app.web.templates import url


class SaveForm(msgspec.Struct):
    """What a heart sends: which variant, or a product's name in its address where none was chosen; a full one what to take off."""

    variant_id: UUID | None = None
    product: str = ""
    remove: str = ""


class SavedView(msgspec.Struct, frozen=True, kw_only=True):
    """What was just put on the list, or taken off it. `still`: it is on another of theirs, so its heart stays full."""

    title: str
    slug: str
    picture: catalog.Picture | None = None
    gone: bool = False
    still: bool = False


class NotHere(Refusal):
    say = "This is not sold here any more. Nothing was saved."
    status = 404


@action("/lists/add", name="save_item")
async def save(request: Request, visitor: NamedDependency[Visitor]) -> Response:
    """Puts something on the visitor's list; the first time, that makes them a shopper with a session."""
    form = (await read_form(request, SaveForm)).value or SaveForm()
    if form.remove:
        return await _take_off(request, visitor, form.remove)
    found = (form.variant_id, True) if form.variant_id else await queries.variant_of(form.product)
    offer = (await catalog.sellables([found[0]])).get(found[0]) if found else None
    if found is None or offer is None or not offer.available:
        raise NotHere
    await operations.save(visitor.shopper_id or await _become_shopper(request), offer, chosen=found[1])
    view = SavedView(title=offer.title, slug=queries.slug_of(offer.url), picture=offer.picture)
    return done(request, then=url("account_lists"), template="lists/_saved.html", view=view)


async def _take_off(request: Request, visitor: Visitor, slug: str) -> Response:
    """Nothing of this product is on the visitor's own list any more; lists with names are changed on their pages only.

    Of what is not on sale nobody hears who had not saved it.
    """
    product = await catalog.ever_sold(slug) if slug.isprintable() else None
    if product is None:
        raise NotHere
    mine = visitor.shopper_id
    were, still = await operations.take_off(mine, product.variant_ids) if mine else (0, False)
    if not (were or still or product.on_sale):
        raise NotHere
    view = SavedView(title=product.title, slug=product.slug, gone=True, still=still)
    return done(request, then=url("account_lists"), template="lists/_saved.html", view=view)


@action("/lists/items/{item_id:uuid}/remove", name="forget_item")
async def forget(request: Request, item_id: FromPath[UUID], visitor: NamedDependency[Visitor]) -> Response:
    """Takes something off the list. Somebody else's is answered like none."""
    if visitor.shopper_id is None:
        raise operations.NoSuchItem
    gone = await operations.remove(visitor.shopper_id, item_id)
    return redirect(url("account_list", list_id=gone.list_id) if gone.list_id else url("account_lists"))


async def _become_shopper(request: Request) -> UUID:
    session = await accounts.open_session()
    remember(request, token=session.token, pv=session.pv, units=0)
    return session.shopper_id


ROUTES = [save, forget]
