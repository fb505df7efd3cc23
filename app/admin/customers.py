"""One customer on one page: account, addresses, orders, and what staff noted."""

from __future__ import annotations

from urllib.parse import urlencode

import msgspec
from litestar import Request, Response
from litestar.exceptions import NotFoundException

from app.accounts import operations as accounts
from app.accounts import queries as known
from app.admin import guard, rules
from app.admin import order_queries as orders
from app.admin.screens import screen, typed_fields
from app.db.edits import Edit, edits_of, noted_first
from app.values import Refusal
from app.web.pages import action, page, redirect

LONGEST = 254  # characters of a question


class CustomerView(msgspec.Struct, frozen=True, kw_only=True):
    """Who was asked for. `email` is empty when nobody was found; `member` is None for who has no account.

    `typed`: the note in its field; `theirs`: what somebody else saved meanwhile.
    """

    q: str
    email: str
    member: known.Member | None
    addresses: list[known.SavedAddress]
    orders: list[orders.OrderRow]
    edits: list[Edit]
    typed: str
    problem: str
    theirs: str


@page("/customers", name="admin_customers")
async def customers(request: Request) -> Response:
    """Whoever this e-mail address, whole, or this order's number belongs to."""
    q = rules.search_of(request.query_params.get("q", ""), LONGEST)
    return screen(request, "customer.html", await _view(q))


@action("/customers/note", name="admin_note_customer")
async def note(request: Request) -> Response:
    """The note says what was typed, unless somebody else changed it meanwhile."""
    fields = await typed_fields(request)
    email, typed, version = fields.get("email", "")[:LONGEST], fields.get("note", ""), fields.get("version", "")
    member = await known.member_by_email(email)
    if member is None or not (version.isascii() and version.isdigit() and len(version) < 9):
        raise NotFoundException
    try:
        by = guard.staff_of(request).email
        async with noted_first(by=by, what="account", which=member.account_id, did="changed", title="Note"):
            await accounts.change_note(member.account_id, typed, version=int(version))
    except Refusal as no:
        view = msgspec.structs.replace(await _view(email), typed=typed, problem=no.say)
        now = view.member.note if view.member and no.status == 409 else ""
        return screen(request, "customer.html", msgspec.structs.replace(view, theirs=now), status=no.status)
    return redirect("/customers?" + urlencode({"q": email}))


async def _view(q: str) -> CustomerView:
    email = accounts.normalised(q) if "@" in q else await _email_of(q)
    member = await known.member_by_email(email) if email else None
    rows = [row for row in await orders.order_rows(email) if row.email.lower() == email] if email else []
    return CustomerView(
        q=q,
        email=email if member or rows else "",
        member=member,
        addresses=await known.addresses_of(member.shopper_id) if member else [],
        orders=rows[: orders.PER_PAGE],
        edits=await edits_of(member.account_id) if member else [],
        typed=member.note if member else "",
        problem="",
        theirs="",
    )


async def _email_of(number: str) -> str:
    """Whose order this is; empty for a number that is none."""
    found = await orders.admin_order_view(number.upper()) if number else None
    return accounts.normalised(found.email) if found else ""
