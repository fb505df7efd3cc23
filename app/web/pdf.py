"""Templates as PDF. Nothing is fetched from anywhere: a document sees our own static files and no more."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING, Any

from litestar import Response

from app.settings import settings
from app.web import assets
from app.web.seal import NOT_KEPT
from app.web.templates import render

if TYPE_CHECKING:
    from weasyprint import HTML

_one_at_a_time = asyncio.Semaphore(1)  # a document takes tenths of a second of a core; pages go first


class NotOurs(ValueError):
    """A document asked for something that is no static file of ours."""


async def pdf_response(template: str, view: Any, *, filename: str) -> Response[bytes]:
    """The rendered template as a PDF to save: private, never kept."""
    body = await pdf(render(template, view=view))
    headers = NOT_KEPT | {"Content-Disposition": f'attachment; filename="{filename}"', "X-Robots-Tag": "noindex"}
    return Response(body, media_type="application/pdf", headers=headers)


async def pdf(html: str) -> bytes:
    """The document, the same bytes for the same HTML; made in a thread, one at a time."""
    async with _one_at_a_time:
        return await asyncio.to_thread(lambda: document(html).write_pdf())


def document(html: str) -> HTML:
    """What weasyprint lays out. Slow, and not for the event loop."""
    os.environ.setdefault("SOURCE_DATE_EPOCH", "0")  # else fontTools writes the time of day into embedded fonts
    from weasyprint import HTML  # loads Pango: only in a process that makes a PDF
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class Ours(URLFetcher):
        def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
            body, content_type = own_file(url)
            return URLFetcherResponse(url, body, {"Content-Type": content_type})

    return HTML(string=html, base_url=settings().public_origin + "/", url_fetcher=Ours())


def own_file(url: str) -> tuple[bytes, str]:
    """Body and type of one of our static files, from memory. Raises NotOurs for any other address."""
    prefix = f"{settings().public_origin}/static/"
    fingerprint, _, name = url.removeprefix(prefix).partition("/")
    try:
        if not url.startswith(prefix):
            raise KeyError(url)
        body, content_type, _ = assets.read(fingerprint, name)
    except KeyError:
        raise NotOurs(url) from None
    return body, content_type
