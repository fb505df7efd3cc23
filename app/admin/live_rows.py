"""Whether shoppers see what was saved of a collection, a section of a page, the facets of a type, a way to deliver, or a redirect."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode
from uuid import UUID

import msgspec
from litestar import Request, Response

from app.admin import guard, live, rules
from app.admin.screens import piece
from app.db.engines import EVERYONE, writing
from app.edge import tags
from app.values import HOUR, seconds
from app.web.pages import page, redirect

# What the triggers of app/db/changes.sql wrote of this row, or of rows that belong to it.
NOTES = """
    SELECT count(*) AS many, count(*) FILTER (WHERE o.done_at IS NULL) AS open,
        min(o.created_at) FILTER (WHERE o.done_at IS NULL) AS first, max(o.done_at) AS last, clock_timestamp() AS at,
        array_agg(x.path) FILTER (WHERE x.path IS NOT NULL) AS paths
    FROM outbox o CROSS JOIN LATERAL (
        SELECT max(coalesce(r->'new'->>'old_path', r->'old'->>'old_path')) AS path FROM jsonb_array_elements(o.body->'rows') r
        WHERE $1 IN (r->>'id', r->'new'->>'collection_id', r->'old'->>'collection_id') HAVING count(*) > 0) x
    WHERE o.kind = 'changed' AND {since}
"""
# Purges that an edge node which serves has not confirmed yet; the relay goes on telling it.
OWED = """
    SELECT count(*) FROM edge_delivery d JOIN edge_purge p ON p.id = d.purge_id JOIN edge_node n ON n.url = d.target
    WHERE d.acked_at IS NULL AND n.state = 'live' AND p.tags ?| $1
"""
TAGS: dict[
    str, Callable[[UUID, list[str]], list[str]]
] = {  # what pages that show such a row, or were at `paths`, carry
    "collections": lambda id, _: [tags.collection(id)],
    "sections": lambda *_: [tags.blocks("home")],
    "facets": lambda id, _: [tags.product_type(id)],
    "delivery": lambda *_: [tags.delivery(), tags.bulky()],
    "redirects": lambda _, paths: [tags.path(path) for path in paths],
}


@page("/live/{screen:str}/{row_id:uuid}", name="admin_live_row")
async def live_row(request: Request, screen: str, row_id: UUID) -> Response:
    """The panel that says whether a change is live; it asks for itself again until it is."""
    here = rules.own_path(request.query_params.get("here", "/"))
    saved = request.query_params.get("saved", "")
    return piece("_live.html", await row_view(screen if screen in TAGS else "sections", row_id, saved=saved, here=here))


async def of_request(request: Request, screen: str, row_id: UUID | None) -> live.LiveView | None:
    """The panel of a page whose address may say when something was saved; without `row_id` the address says which, too."""
    asked = request.query_params
    try:
        row_id = row_id or UUID(asked.get("of", ""))
    except ValueError:
        return None
    return await row_view(screen, row_id, saved=asked.get("saved", ""), here=request.url.path)


async def row_view(screen: str, row_id: UUID, *, saved: str, here: str) -> live.LiveView:
    """How far what was saved of this row at `saved` (milliseconds, as the address has it) has come."""
    since = rules.moment_of(saved)
    sql = NOTES.format(since="o.created_at >= $2" if since else "o.done_at IS NULL AND o.created_at >= $2")
    async with writing(EVERYONE) as db:  # the primary: a replica may not know yet what was noted
        row = await db.fetchrow(sql, str(row_id), since or live.ALWAYS)
        found = dict(row or {})
        owed = await db.fetchval(OWED, TAGS[screen](row_id, found.pop("paths") or []))
    notes = msgspec.convert(found, live.Notes)
    if since is not None and notes.at - since > seconds(HOUR):
        since = None
    view = live.view_of(since, notes, waiting=owed, path=here, query={"saved": saved})
    if view.again is None:
        return view
    again = f"/live/{screen}/{row_id}?{urlencode({'saved': saved, 'here': here})}"
    return msgspec.structs.replace(view, again=again)


def saved(request: Request, to: str, **more: str) -> Response:
    """To a page, with the moment from which its panel looks for what is not live yet."""
    query = urlencode({"saved": rules.mark_of(guard.staff_of(request).at), **more})
    return redirect(f"{to}?{query}")
