from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlsplit

from litestar import Request, Response
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from app.admin import operations, rules
from app.admin.operations import Person
from app.settings import settings
from app.values import Refusal
from app.web import hx
from app.web.pages import redirect
from app.web.security import SAFE


class SignInFirst(Exception):
    """Nobody is signed in. `ended`: somebody was."""

    def __init__(self, *, ended: bool) -> None:
        super().__init__("sign in first")
        self.ended = ended


class NotYours(Refusal):
    say = "Your account is not made for this. Whoever owns the shop can change that."
    status = 403


async def staff_only(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """Lets only staff through, to what their role may do, and notes who it is. Raises SignInFirst, NotYours."""
    token = connection.cookies.get(cookie_name(), "")
    person = await operations.greet(token) if token else None
    if person is None:
        raise SignInFirst(ended=bool(token))
    connection.scope["vitrine.staff"] = person  # type: ignore[typeddict-unknown-key]
    if not person.may(connection.url.path, writes=connection.scope["method"] not in SAFE):  # type: ignore[typeddict-item]
        raise NotYours


def person_of(request: Request) -> Person | None:
    """Who is signed in; None on the sign-in page only."""
    return request.scope.get("vitrine.staff")  # type: ignore[return-value]


def staff_of(request: Request) -> Person:
    """Who is signed in, on any page behind the guard."""
    person = person_of(request)
    assert person is not None, "this route lacks the guard"
    return person


def to_sign_in(request: Request, first: SignInFirst) -> Response:
    """Sends the browser to the sign-in page, which leads back to where it wanted to be."""
    query = f"?next={quote(_wanted(request), safe='/')}" + ("&ended=1" if first.ended else "")
    if hx.asked(request):  # a redirect would put the sign-in page into a corner of this one
        return Response(
            b"",
            media_type="text/html",
            headers={"HX-Redirect": "/sign-in" + query, "Cache-Control": "private, no-store"},
        )
    answer = redirect("/sign-in" + query)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _wanted(request: Request) -> str:
    """The page that was asked for, or for a form (or a piece of a page) the one that holds it."""
    if request.method == "GET" and not hx.asked(request):
        return request.url.path + (f"?{request.url.query}" if request.url.query else "")
    page = urlsplit(request.headers.get("referer", ""))
    return rules.own_path(page.path) if page.netloc == request.headers.get("host") else "/"


def cookie_name() -> str:
    """Named by its port on plain http, since cookies ignore ports."""
    return "__Host-admin" if settings().secure else f"admin_{settings().admin_port}"
