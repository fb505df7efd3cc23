from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

import msgspec
from litestar import Request, Response
from litestar.exceptions import ClientException, HTTPException

from app.admin import guard
from app.values import Refusal
from app.web import hx
from app.web.seal import HTML, fragment_response
from app.web.templates import render

MOST_FIELDS = 2000  # a product with many variants has several fields for each; 64 KiB bound the whole
WORDS = {
    404: "There is nothing at this address.",
    405: "This address does not take that.",
    413: "That was too much to send at once. Nothing was changed.",
}


class ProblemView(msgspec.Struct, frozen=True, kw_only=True):
    """Why not."""

    say: str
    status: int


def screen(
    request: Request, template: str, view: Any, *, status: int = 200, headers: dict[str, str] | None = None
) -> Response:
    """A page of the admin: private, and never kept by anybody."""
    html = render(f"admin/{template}", view=view, staff=guard.person_of(request), request_path=request.url.path)
    kept = {"Cache-Control": "private, no-store", "X-Robots-Tag": "noindex"}
    return Response(html.encode(), status_code=status, media_type=HTML, headers=kept | (headers or {}))


def piece(template: str, view: Any) -> Response:
    """A fragment of a page of the admin."""
    return fragment_response(f"admin/{template}", view)


def refused(request: Request, refusal: Refusal) -> Response:
    """An expected no, in its own words."""
    headers = {"Retry-After": "5"} if refusal.status == 503 else {}
    return _problem(request, refusal.say, refusal.status, headers)


def http_error(request: Request, error: HTTPException) -> Response:
    """What the framework refused: a missing page, a wrong method, a body too large, no form at all."""
    say = WORDS.get(error.status_code, error.detail if error.status_code < 500 else "Something went wrong.")
    return _problem(request, say, error.status_code, dict(error.headers or {}))


def _problem(request: Request, say: str, status: int, headers: dict[str, str]) -> Response:
    view = ProblemView(say=say, status=status)
    if hx.asked(request):
        return fragment_response("admin/_problem.html", view, status=status, headers=headers)
    return screen(request, "problem.html", view, status=status, headers=headers)


async def typed_fields(request: Request) -> dict[str, str]:
    """The fields of a form whose number depends on what it edits. Raises ClientException (400) for a body that is none."""
    if request.content_type[0] not in ("application/x-www-form-urlencoded", ""):
        raise ClientException("The form came in a shape the admin does not read.")
    try:
        pairs = parse_qsl((await request.body()).decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        raise ClientException("The form could not be read.") from None
    # PostgreSQL text holds no NUL; browsers send CR LF where people pressed Enter.
    return {name: value.replace("\x00", "").replace("\r\n", "\n").strip() for name, value in pairs}
