"""From a rendered page to a response: which form of it, what the edge may keep, and its holes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

from litestar import Request, Response

from app.edge import tags as edge_tags
from app.edge.keep import Keep
from app.values import now
from app.web.answers import Page
from app.web.templates import hole_mark, holes_in, render
from app.web.visitor import ANONYMOUS, Visitor

HTML = "text/html"  # Litestar adds the charset


class CookieOnKeptPage(RuntimeError):
    """A page that may be kept tried to set a cookie."""


async def sealed(request: Request, page: Page, keep: Keep | None) -> Response:
    """The page as a response.

    With `keep` and an edge in front (header X-Vitrine-Form), the form the edge asked for: anonymous, holes in place,
    or personal, holes as ESI includes. Otherwise the page is private and its holes are filled for the visitor.
    """
    form = request.headers.get("x-vitrine-form") if keep else None
    menu = await _menu(request)
    html = render(
        page.template, view=page.view, menu=lambda: menu, form=form or "inline", request_path=request.url.path
    )
    if form is None or keep is None:
        return _private(await filled(html, await _visitor(request)), page)
    if request.scope.get("vitrine.cookies"):
        raise CookieOnKeptPage(request.url.path)
    ttl = keep.clipped(page.until, now())
    headers = _kept(ttl, {*page.tags, edge_tags.menu()}) | page.headers
    if form == "personal":
        headers["Surrogate-Control"] = 'content="ESI/1.0"'
        headers["X-Vitrine-Holes"] = " ".join(holes_in(html))
        return Response(html.encode(), status_code=page.status, media_type=HTML, headers=headers)
    body = (await filled(html, ANONYMOUS)).encode()
    headers["ETag"] = f'"{hashlib.blake2s(body, digest_size=12).hexdigest()}"'
    return Response(body, status_code=page.status, media_type=HTML, headers=headers)


def fragment_response(
    template: str,
    view: Any,
    *,
    keep: Keep | None = None,
    tags: Iterable[str] = (),
    headers: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    """A piece of HTML: kept when `keep` says so, else private."""
    body = render(template, view=view, form="inline").encode()
    extra = _kept(keep.ttl, tags) if keep else {"Cache-Control": "private, no-store"}
    extra |= {"X-Robots-Tag": "noindex"} | (headers or {})
    return Response(body, status_code=status, media_type=HTML, headers=extra)


def raw_response(
    body: bytes,
    content_type: str,
    *,
    keep: Keep | None,
    tags: Iterable[str] = (),
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> Response:
    """Bytes that hold no holes and are the same for everyone."""
    extra = _kept(keep.ttl, tags) if keep else {"Cache-Control": "private, no-store"}
    return Response(
        body,
        status_code=status,
        media_type=content_type.removesuffix("; charset=utf-8"),
        headers=extra | (headers or {}),
    )


def _kept(ttl: int, tags: Iterable[str]) -> dict[str, str]:
    return {"Cache-Control": f"public, s-maxage={ttl}", "X-Vitrine-Keep": "1", "xkey": edge_tags.header(tags)}


def _private(html: str, page: Page) -> Response:
    headers = {"Cache-Control": "private, no-store"} | page.headers
    return Response(html.encode(), status_code=page.status, media_type=HTML, headers=headers)


async def filled(html: str, visitor: Visitor) -> str:
    """The HTML with its holes in place, as this visitor sees them."""
    from app.web.pages import HOLES

    for name, fill in HOLES.items():
        mark = hole_mark(name)
        if mark in html:
            piece = await fill(visitor=visitor)
            html = html.replace(mark, render(piece.template, view=piece.view, form="inline"))
    return html


async def _visitor(request: Request) -> Visitor:
    return await request.app.state.visitor_of(request)


async def _menu(request: Request) -> Any:
    """The category menu: asked anew for each page that is rendered, so that it is as fresh as the page."""
    return await request.app.state.menu()
