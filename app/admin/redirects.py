"""Where addresses that are no more lead: those that a rename left, and those written here."""

from __future__ import annotations

from urllib.parse import urlsplit
from uuid import UUID

import msgspec
from litestar import Request, Response

from app.admin import guard, live_rows, rules
from app.admin.live import LiveView
from app.admin.screens import screen, typed_fields
from app.catalog import operations as catalog
from app.db.engines import EVERYONE, writing
from app.web.pages import action, page

PER_PAGE = 50
LONGEST = 2000  # characters that are looked at
ROWS = """
    SELECT id, old_path, new_path, count(*) OVER () AS total FROM redirect
    WHERE $1 = '' OR old_path LIKE $2 OR new_path LIKE $2 ORDER BY old_path LIMIT $3 OFFSET $4
"""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    old_path: str
    new_path: str


class RedirectsView(msgspec.Struct, frozen=True, kw_only=True):
    """A page of all that were found, and the form for one more."""

    q: str
    rows: list[Row]
    total: int
    page: int
    pages: int
    typed: dict[str, str]
    errors: dict[str, str]
    live: LiveView | None


@page("/redirects", name="admin_redirects")
async def listed(request: Request) -> Response:
    """The list; `q` finds parts of either address."""
    return await _shown(request, typed={"old": _path(request.query_params.get("old", ""))})


@action("/redirects", name="admin_add_redirect")
async def add(request: Request) -> Response:
    """One more, or what is wrong beside its field."""
    fields = await typed_fields(request)
    typed = {"old": _path(fields.get("old", "")), "new": _path(fields.get("new", ""))}
    try:
        id = await catalog.add_redirect(typed["old"], typed["new"], by=guard.staff_of(request).email)
    except catalog.BadRedirect as no:
        return await _shown(request, typed=typed, errors={no.field: no.say}, status=no.status)
    return live_rows.saved(request, "/redirects", of=str(id))


@action("/redirects/{redirect_id:uuid}/delete", name="admin_delete_redirect")
async def remove(request: Request, redirect_id: UUID) -> Response:
    """It leads nowhere."""
    await catalog.remove_redirect(redirect_id, by=guard.staff_of(request).email)
    return live_rows.saved(request, "/redirects", of=str(redirect_id))


async def _shown(
    request: Request, *, typed: dict[str, str], errors: dict[str, str] | None = None, status: int = 200
) -> Response:
    q = rules.search_of(request.query_params.get("q", ""))
    number = rules.page_of(request.query_params.get("page", ""))
    async with writing(EVERYONE) as db:  # the primary: who just added one wants to see it
        rows = await db.fetch(ROWS, q, rules.like(q), PER_PAGE, (number - 1) * PER_PAGE)
    total = rows[0]["total"] if rows else 0
    view = RedirectsView(
        q=q,
        rows=[Row(id=row["id"], old_path=row["old_path"], new_path=row["new_path"]) for row in rows],
        total=total,
        page=number,
        pages=max(1, -(-total // PER_PAGE)),
        typed=typed,
        errors=errors or {},
        live=await live_rows.of_request(request, "redirects", None),
    )
    return screen(request, "redirects.html", view, status=status)


def _path(text: str) -> str:
    """The path of what was typed or pasted: a whole address counts as its path, without query and closing slash."""
    try:
        path = urlsplit(text[:LONGEST].strip()).path
    except ValueError:
        return text[:LONGEST]
    return path.rstrip("/") or path
