"""From a rendered page to a response: which form of it, what the edge may keep, and its holes."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Container, Iterable
from datetime import datetime
from typing import Any

from litestar import Request, Response

from app.db.engines import TALLY
from app.edge import tags as edge_tags
from app.edge.keep import Keep
from app.logs import log
from app.settings import settings
from app.values import now
from app.web.answers import Page
from app.web.assets import asset
from app.web.templates import hole_mark, holes_in, render
from app.web.visitor import ANONYMOUS, Visitor

NOT_KEPT = {"Cache-Control": "private, no-store"}
HTML = "text/html"  # Litestar adds the charset


class CookieOnKeptPage(RuntimeError):
    """A page that may be kept tried to set a cookie."""


async def sealed(request: Request, page: Page, keep: Keep | None) -> Response:
    """The page as a response.

    With `keep` and an edge in front (header X-Vitrine-Form), the form the edge asked for: anonymous, holes in place,
    or personal, holes as ESI includes but for those that follow from X-Vitrine-Value, which is part of the edge's key.
    Otherwise the page is private and its holes are filled for the visitor.
    """
    form = request.headers.get("x-vitrine-form") if keep else None
    menu = await _menus.known(request, page.menu_age)
    html = render(page.template, view=page.view, menu=lambda: menu, request_path=request.url.path)
    if keep:
        page.headers = {"Speculation-Rules": f'"{asset("speculation.json")}"', **page.headers}
    if form is None or keep is None:
        return _private(await filled(html, await _visitor(request)), page)
    if request.scope.get("vitrine.cookies"):
        raise CookieOnKeptPage(request.url.path)
    headers = _kept(keep, {*page.tags, edge_tags.menu()}, page.until) | page.headers
    html, whole = await _composed(request, html, form)
    body = html.encode()
    if whole:  # the same bytes for whoever shares the key, so a validator is true
        headers["ETag"] = f'"{hashlib.blake2s(body, digest_size=12).hexdigest()}"'
    else:
        headers |= {"Surrogate-Control": 'content="ESI/1.0"', "X-Vitrine-Holes": " ".join(holes_in(html))}
    return Response(body, status_code=page.status, media_type=HTML, headers=headers)


async def _composed(request: Request, html: str, form: str) -> tuple[str, bool]:
    """The page in its form, and whether nothing is left for the edge to fill."""
    if form != "personal":
        return await filled(html, ANONYMOUS), True
    by_value = "x-vitrine-value" in request.headers
    if by_value:
        html = await filled(html, await _visitor(request), ("value",))
    composed = _with_includes(html)
    return composed, by_value and composed == html


def fragment_response(
    template: str,
    view: Any,
    *,
    keep: Keep | None = None,
    tags: Iterable[str] = (),
    until: datetime | None = None,
    headers: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    """A piece of HTML: kept when `keep` says so, else private."""
    body = render(template, view=view).encode()
    extra = _kept(keep, tags, until) if keep else NOT_KEPT
    extra = extra | {"X-Robots-Tag": "noindex"} | (headers or {})
    return Response(body, status_code=status, media_type=HTML, headers=extra)


def raw_response(
    body: bytes,
    content_type: str,
    *,
    keep: Keep | None,
    tags: Iterable[str] = (),
    until: datetime | None = None,
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> Response:
    """Bytes that hold no holes and are the same for everyone."""
    extra = _kept(keep, tags, until) if keep else NOT_KEPT
    return Response(
        body,
        status_code=status,
        media_type=content_type.removesuffix("; charset=utf-8"),
        headers=extra | (headers or {}),
    )


def _kept(keep: Keep, tags: Iterable[str], until: datetime | None) -> dict[str, str]:
    """What makes the edge keep an answer. One that shows more than tags can name is a mistake: loud while developing."""
    try:
        named = edge_tags.header(tags)
    except edge_tags.TooManyTags:
        if settings().dev:
            raise
        try:
            named = edge_tags.header(edge_tags.rolled_up(tags))
        except edge_tags.TooManyTags:
            log.exception("not kept")
            return NOT_KEPT
    tally = TALLY.get()
    ttl = keep.clipped(until, now(), unsure=tally is not None and tally.unsure)
    return {"Cache-Control": f"public, s-maxage={ttl}", "X-Vitrine-Keep": "1", "xkey": named}


def _private(html: str, page: Page) -> Response:
    headers = {"Cache-Control": "private, no-store"} | page.headers
    return Response(html.encode(), status_code=page.status, media_type=HTML, headers=headers)


async def filled(html: str, visitor: Visitor, tiers: Container[str] = ("value", "visitor", "pass")) -> str:
    """The HTML with its holes of these tiers in place, as this visitor sees them."""
    from app.web.pages import HOLES

    for name, hole in HOLES.items():
        mark = hole_mark(name)
        if hole.tier in tiers and mark in html:
            piece = await hole.fill(visitor=visitor)
            html = html.replace(mark, render(piece.template, view=piece.view))
    return html


def _with_includes(html: str) -> str:
    """The HTML with what is left of its holes as ESI includes."""
    from app.web.pages import HOLES

    for name in HOLES:
        html = html.replace(hole_mark(name), f'<esi:include src="/_h/{name}"/>')
    return html


async def _visitor(request: Request) -> Visitor:
    return await request.app.state.visitor_of(request)


class _Menus:
    """The category menu: asked anew for each page that is rendered, so that it is as fresh as the page, but for those that say less."""

    def __init__(self) -> None:
        self.last: Any = None
        self.at = float("-inf")

    async def known(self, request: Request, age: float) -> Any:
        started = time.monotonic()
        if started - self.at >= age:
            self.last, self.at = await request.app.state.menu(), started
        return self.last


_menus = _Menus()
