"""Who of the staff did what and when: every edit, the last first."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

import msgspec
from litestar import Request, Response

from app.admin import rules
from app.admin.screens import screen
from app.db.engines import EVERYONE, writing
from app.web.pages import page

PER_PAGE = 50
# Where the form of a thing is; what has none is only named.
FORMS = {
    "product": "/products/",
    "promotion": "/promotions/",
    "collection": "/collections/",
    "block": "/sections/",
    "product_type": "/facets/",
    "shipping_method": "/delivery/",
    "review": "/reviews/",
    "synonym": "/search/synonyms/",
}
ROWS = """
    SELECT id, at, by, what, which, did, title, changes FROM edit
    WHERE ($1 = '' OR by = $1 OR title ILIKE $2 OR changes::text ILIKE $2) AND ($3 = '' OR what = $3)
        AND ($4::timestamptz IS NULL OR (at, id) < ($4, $5::uuid)) ORDER BY at DESC, id DESC LIMIT $6
"""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One edit. `changes`: (field, before, after)."""

    id: UUID
    at: datetime
    by: str
    what: str
    which: UUID
    did: str
    title: str
    changes: list[tuple[str, str, str]]

    @property
    def url(self) -> str:
        """The form of what was edited, if it still has one."""
        return f"{FORMS[self.what]}{self.which}" if self.what in FORMS and self.did != "deleted" else ""


class AuditView(msgspec.Struct, frozen=True, kw_only=True):
    """A page of all edits that were asked for."""

    q: str
    what: str
    rows: list[Row]
    older_url: str | None


@page("/edits", name="admin_edits")
async def audit(request: Request) -> Response:
    """The list; `q`: an address of staff, or a part of what was edited; `what`: one kind of things."""
    asked = request.query_params
    q, what = rules.search_of(asked.get("q", "")), rules.search_of(asked.get("what", ""))
    at, id = rules.cursor_of(asked.get("after", "")) or (None, None)
    async with writing(EVERYONE) as db:  # the primary: who just saved wants to see it
        found = await db.fetch(ROWS, q, rules.like(q), what, at, id, PER_PAGE + 1)
    rows = [msgspec.convert(dict(row), Row) for row in found[:PER_PAGE]]
    more = {"q": q, "what": what, "after": rules.cursor(rows[-1].at, rows[-1].id)} if len(found) > PER_PAGE else {}
    older = "/edits?" + urlencode({name: text for name, text in more.items() if text}) if more else None
    return screen(request, "audit.html", AuditView(q=q, what=what, rows=rows, older_url=older))
