"""Fingerprinted files: the address names the content, so everybody keeps them for ever."""

from __future__ import annotations

import base64
import random
import re

from litestar import Request, Response
from litestar.exceptions import NotFoundException

from app.edge import tags
from app.edge.keep import FOREVER, NOT_FOUND
from app.settings import settings
from app.web import assets, builds
from app.web.pages import page
from app.web.seal import raw_response

MOST_BYTES = 1_000_000
BROTLI = re.compile(r"\bbr\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))")  # as edge/varnish/requests.vcl.j2 says it
IMMUTABLE = {"Cache-Control": "public, max-age=31536000, s-maxage=31536000, immutable"}


@page("/static/{fingerprint:str}/{name:path}", name="static", keep=FOREVER)
async def static(request: Request, fingerprint: str, name: str) -> Response:
    """A file of ours, in brotli when the browser reads it; where there is an edge, it says so."""
    try:
        body, content_type, brotli = await _file(fingerprint, name.lstrip("/"))
    except KeyError:  # without a page's frame, which would ask the database for the departments
        gone = {tags.path(request.url.path)}
        return raw_response(b"There is no such file.", "text/plain", keep=NOT_FOUND, tags=gone, status=404)
    direct = BROTLI.search(request.headers.get("accept-encoding", ""))  # the edge itself asks for gzip at most
    if brotli is not None and ("x-vitrine-brotli" in request.headers or direct):
        packed = {"Content-Encoding": "br"} | ({"Vary": "Accept-Encoding"} if direct else {})
        return raw_response(brotli, content_type, keep=FOREVER, headers=IMMUTABLE | packed)
    return raw_response(body, content_type, keep=FOREVER, headers=IMMUTABLE)


async def _file(fingerprint: str, name: str) -> tuple[bytes, str, bytes | None]:
    """A file of this build, or of another that kept pages may come from. Raises KeyError."""
    try:
        return assets.read(fingerprint, name)
    except KeyError:
        if not assets.is_ours(fingerprint, name):
            raise
        found = await builds.file_of_another(f"/static/{fingerprint}/{name}")
        if found is None:
            raise
        return found.body, found.content_type, found.br


@page("/static/bytes/{count:int}", name="static_bytes", keep=FOREVER)
async def static_bytes(count: int) -> Response:
    """An object of about `count` bytes that nothing compresses, in development: what benchmarks compare pages with."""
    if not settings().dev or not 0 < count <= MOST_BYTES:
        raise NotFoundException
    body = base64.b85encode(random.Random(count).randbytes(count * 4 // 5))  # noqa: S311 - noise, not a secret
    return raw_response(body, "application/octet-stream", keep=FOREVER, headers=IMMUTABLE)


ROUTES = [static]
DEV_ROUTES = [static_bytes]
