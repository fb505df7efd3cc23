"""What a shopper has saved: their own list, for guests, too, and lists with names, for those with an account."""

from __future__ import annotations

from uuid import UUID

import msgspec
from litestar import Request, Response
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from app.lists import operations
from app.lists import queries as saved
from app.members.door import member_of, member_or_refuse, shown, to_sign_in
from app.settings import settings
from app.web.forms import read_form
from app.web.pages import Page, Visitor, action, page, redirect
from app.web.templates import url


class ListsView(msgspec.Struct, frozen=True, kw_only=True):
    """One list of who is signed in, or of a guest's browser. `here`: which of `lists`; None: their own. `hearts`: what fills hearts."""

    signed_in: bool
    items: list[saved.ItemView]
    lists: list[saved.Wishlist]
    counts: dict[UUID | None, int]
    here: saved.Wishlist | None
    hearts: list[str]
    link: str
    typed: dict[str, str]
    errors: dict[str, str]


class SharedView(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody's list, for whoever has its link. It does not say whose."""

    name: str
    items: list[saved.ItemView]


class NameForm(msgspec.Struct):
    name: str = ""


class PlaceForm(msgspec.Struct):
    """`to`: a list's id, or nothing for the shopper's own."""

    to: UUID | None = None
    does: str = "move"


@page("/account/lists", name="account_lists")
async def account_lists(visitor: NamedDependency[Visitor]) -> Page:
    """The shopper's own list at today's prices."""
    return shown("lists", await _view(visitor, None))


@page("/account/lists/{list_id:uuid}", name="account_list")
async def account_list(request: Request, list_id: FromPath[UUID], visitor: NamedDependency[Visitor]) -> Page | Response:
    """One with a name. Somebody else's is answered like none."""
    if await member_of(visitor) is None:
        return to_sign_in(request)
    return shown("lists", await _view(visitor, list_id))


@page("/shared/{token:str}", name="shared_list")
async def shared_list(token: FromPath[str]) -> Page:
    """A list that its owner shows, by a link that nobody guesses; never kept, so that it ends with the link."""
    found = await saved.shared_view(token)
    if found is None:
        raise NotFoundException
    return shown("shared", SharedView(name=found[0], items=found[1]))


@action("/account/lists", name="make_list")
async def make(request: Request, visitor: NamedDependency[Visitor]) -> Page | Response:
    """One more list."""
    member = await member_or_refuse(visitor)
    form = await read_form(request, NameForm)
    try:
        made = await operations.make_list(member.shopper_id, form.typed.get("name", ""))
    except operations.BadName as no:
        return shown("lists", await _view(visitor, None, typed=form.typed, errors={"name": no.say}), no.status)
    return redirect(url("account_list", list_id=made))


@action("/account/lists/{list_id:uuid}/name", name="rename_list")
async def rename(request: Request, list_id: FromPath[UUID], visitor: NamedDependency[Visitor]) -> Page | Response:
    """It is called something else."""
    member = await member_or_refuse(visitor)
    form = await read_form(request, NameForm)
    try:
        await operations.rename_list(member.shopper_id, list_id, form.typed.get("name", ""))
    except operations.BadName as no:
        return shown("lists", await _view(visitor, list_id, typed=form.typed, errors={"rename": no.say}), no.status)
    return redirect(url("account_list", list_id=list_id))


@action("/account/lists/{list_id:uuid}/share", name="share_list")
async def share(list_id: FromPath[UUID], visitor: NamedDependency[Visitor]) -> Response:
    """Whoever has the link sees it."""
    member = await member_or_refuse(visitor)
    await operations.share_list(member.shopper_id, list_id, shared=True)
    return redirect(url("account_list", list_id=list_id))


@action("/account/lists/{list_id:uuid}/unshare", name="unshare_list")
async def unshare(list_id: FromPath[UUID], visitor: NamedDependency[Visitor]) -> Response:
    """The link shows nothing any more."""
    member = await member_or_refuse(visitor)
    await operations.share_list(member.shopper_id, list_id, shared=False)
    return redirect(url("account_list", list_id=list_id))


@action("/account/lists/{list_id:uuid}/delete", name="throw_list_away")
async def throw_away(list_id: FromPath[UUID], visitor: NamedDependency[Visitor]) -> Response:
    """The list and what is on it are gone."""
    member = await member_or_refuse(visitor)
    await operations.throw_list_away(member.shopper_id, list_id)
    return redirect(url("account_lists"))


@action("/account/lists/items/{item_id:uuid}", name="place_item")
async def place(request: Request, item_id: FromPath[UUID], visitor: NamedDependency[Visitor]) -> Response:
    """Something saved is on another list, or on that one, too."""
    member = await member_or_refuse(visitor)
    form = (await read_form(request, PlaceForm)).value or PlaceForm()
    await operations.place(member.shopper_id, item_id, form.to, copy=form.does == "copy")
    return redirect(url("account_list", list_id=form.to) if form.to else url("account_lists"))


async def _view(
    visitor: Visitor, list_id: UUID | None, *, typed: dict[str, str] | None = None, errors: dict[str, str] | None = None
) -> ListsView:
    found = await saved.list_view(visitor.shopper_id, list_id) if visitor.shopper_id else saved.ListView(items=[])
    here = next((each for each in found.lists if each.list_id == list_id), None)
    if list_id and here is None:
        raise operations.NoSuchList
    return ListsView(
        signed_in=visitor.signed_in,
        items=found.items,
        lists=found.lists if visitor.signed_in else [],
        counts=found.counts,
        here=here,
        hearts=found.hearts,
        link=settings().public_origin + url("shared_list", token=here.share) if here and here.share else "",
        typed=typed or {},
        errors=errors or {},
    )


ROUTES = [account_lists, account_list, shared_list, make, rename, share, unshare, throw_away, place]
