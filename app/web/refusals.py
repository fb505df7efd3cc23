"""Every no as a page: a refusal, a missing page, a body too large, a crash."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

import msgspec
from litestar import Request, Response
from litestar.exceptions import HTTPException, NotFoundException

from app.db.engines import Busy
from app.edge import tags
from app.edge.keep import NOT_FOUND
from app.logs import log
from app.values import Refusal
from app.web import hx
from app.web.pages import Missing, Page, WayOn
from app.web.seal import HTML, filled, fragment_response, sealed
from app.web.templates import render
from app.web.visitor import ANONYMOUS


class RefusalView(msgspec.Struct, frozen=True, kw_only=True):
    """Why not, and where to go on."""

    say: str
    status: int
    back: str
    way_on: WayOn | None = None


# Of a page that is missing: whoever asks for made-up addresses has one query a second run, not one for each. A purge of the menu is
# repeated after longer than that (`echo_seconds`), as for an answer that was slow.
MENU_AGE = 1.0
NOTHING = ("errors/not_found.html", 404, "There is nothing at this address.")
GONE = ("errors/gone.html", 410, "It was here, and it will not come back.")


async def refused(request: Request, refusal: Refusal) -> Response:
    """4xx (or 503) with the reason in words: in the alert region for htmx, else as a page."""
    view = RefusalView(say=refusal.say, status=refusal.status, back=_back(request))
    headers = {"Retry-After": "5"} if refusal.status == 503 else {}
    if hx.asked(request):
        return fragment_response("errors/_refusal.html", view, status=refusal.status, headers=headers | hx.alert())
    if refusal.status == 503:
        return await _plain("errors/server_error.html", view, 503, headers)
    return await sealed(request, Page(template="errors/refusal.html", view=view, status=refusal.status), None)


async def undone(request: Request, error: Exception) -> Response:
    """503: others stood in the way (a deadlock, a lock that nobody let go), and the database undid all of it. The same again is safe."""
    log.warning("undone", path=request.url.path, why=repr(error))
    return await refused(request, Busy())


async def not_found(request: Request, missing: NotFoundException) -> Response:
    """404 or 410, kept for a minute under the address's own tag, so that creating the page heals it."""
    known = missing if isinstance(missing, Missing) else Missing()
    template, status, say = GONE if known.gone else NOTHING
    view = RefusalView(say=say, status=status, back="/", way_on=known.way_on if known.gone else None)
    keep = NOT_FOUND if request.method == "GET" and _may_keep(request) else None
    path = request.url.path
    named = known.tags | {tags.path(path), tags.wave("other", path)}
    page = Page(template=template, view=view, status=status, tags=named, until=known.until, menu_age=MENU_AGE)
    return await sealed(request, page, keep)


async def http_error(request: Request, error: HTTPException) -> Response:
    """What Litestar refused by itself: a wrong method, a body too large, a form of another shape."""
    words = {405: "This address does not take that.", 413: "That was too much to send at once. Nothing was changed."}
    refusal = Refusal(
        words.get(error.status_code, error.detail if error.status_code < 500 else "Something went wrong.")
    )
    refusal.status = error.status_code
    answer = await refused(request, refusal)
    answer.headers.update(error.headers or {})
    return answer


async def crashed(request: Request, error: Exception) -> Response:
    """500, and the whole story in the log. The page needs no database."""
    log.error("crash", path=request.url.path, method=request.method, exc_info=error)
    view = RefusalView(say="Something went wrong on our side.", status=500, back="/")
    if hx.asked(request):
        return fragment_response("errors/_refusal.html", view, status=500, headers=hx.alert())
    return await _plain("errors/server_error.html", view, 500, {})


def not_ours() -> bytes:
    """403 for a form of somebody else's: a page that looks at nothing of the visitor's."""
    say = "This form was not sent from our own pages, so nothing was changed."
    return render("errors/not_ours.html", view=RefusalView(say=say, status=403, back="/"), request_path="/").encode()


async def _plain(template: str, view: Any, status: int, headers: dict[str, str]) -> Response:
    """A page that asks no database anything: it must come when everything else is away."""
    html = await filled(render(template, view=view, request_path="/"), ANONYMOUS)
    return Response(
        html.encode(), status_code=status, media_type=HTML, headers={"Cache-Control": "private, no-store"} | headers
    )


def _may_keep(request: Request) -> bool:
    """Not what a private page says of itself, whose address may be a key, nor what lies below the private paths."""
    handler = request.scope.get("route_handler")
    route = handler.opt.get("edge") if handler else None
    if route and route.kind not in ("page", "fragment"):
        return False
    return not request.url.path.startswith(
        ("/cart", "/checkout", "/account", "/orders", "/_s/", "/_h/", "/dev/", "/webhooks/")
    )


def _back(request: Request) -> str:
    """The page the shopper came from, if it is ours: its path begins with one slash and is no trick."""
    try:
        came = urlsplit(request.headers.get("referer", ""))
    except ValueError:
        return "/"
    if came.netloc != request.headers.get("host", "") or not came.path.startswith("/"):
        return "/"
    path = came.path + (f"?{came.query}" if came.query else "")
    return "/" if path.startswith("//") or "\\" in path else path


def later(answer: Callable[[Request, Any], Awaitable[Response]]) -> Callable[[Request, Any], Any]:
    """An exception handler that may await: Litestar calls handlers synchronously, but awaits what their response does."""

    def handler(request: Request, error: Any) -> Any:
        return _Later(answer, request, error)

    return handler


class _Later(Response):
    def __init__(self, answer: Callable[[Request, Any], Awaitable[Response]], request: Request, error: Any) -> None:
        super().__init__(None)
        self.answer = answer
        self.request = request
        self.error = error

    def to_asgi_response(self, request: Request, **known: Any) -> Any:  # type: ignore[override]
        async def respond(scope: Any, receive: Any, send: Any) -> None:
            try:
                response = await self.answer(self.request, self.error)
            except Refusal as refusal:  # the error page itself found the database away
                response = await refused(self.request, refusal)
            except Exception as error:
                response = await crashed(self.request, error)
            await response.to_asgi_response(request=request, **known)(scope, receive, send)

        return respond
