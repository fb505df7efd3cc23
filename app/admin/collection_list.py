"""The list of collections."""

from __future__ import annotations

import msgspec
from litestar import Request, Response

from app.admin import collection_form as form
from app.admin import collection_queries as queries
from app.admin import live_rows, rules
from app.admin.live import LiveView
from app.admin.screens import screen
from app.web.pages import page


class ListView(msgspec.Struct, frozen=True, kw_only=True):
    """A page of all collections, in their order."""

    rows: list[queries.Row]
    fills: dict[str, str]
    total: int
    page: int
    pages: int
    live: LiveView | None


@page("/collections", name="admin_collections")
async def collections(request: Request) -> Response:
    """Every collection and how it is filled."""
    number = rules.page_of(request.query_params.get("page", ""))
    rows, many = await queries.rows(number)
    pages = max(1, -(-many // queries.PER_PAGE))
    live = await live_rows.of_request(request, "collections", None)
    view = ListView(rows=rows, fills=form.FILLS, total=many, page=number, pages=pages, live=live)
    return screen(request, "collections.html", view)
