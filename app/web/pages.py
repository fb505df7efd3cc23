"""Pages, fragments, holes and actions: what a slice's `pages.py` is made of.

A page that may be kept cannot ask who is looking: it refuses a `visitor` parameter at import and a cookie in its answer.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, NamedTuple

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from litestar.types import Empty

from app.edge import tags as edge_tags
from app.edge.keep import HOLE_VALUE, HOLE_VISITOR, MOVED, Keep
from app.values import Refusal
from app.web import hx
from app.web.answers import EdgeRoute, Fragment, Missing, Moved, Page, Raw, WayOn
from app.web.seal import fragment_response, raw_response, sealed
from app.web.speculation import NotInAdvance, in_advance
from app.web.templates import name_route
from app.web.visitor import Visitor, remember, told

Handler = Callable[..., Awaitable[Any]]


def page(path: str, *, name: str, keep: Keep | None = None, query: Iterable[str] = ()) -> Callable[[Handler], Any]:
    """A GET of a document. With `keep` it is public and may be kept; without, it is private and never is.

    `query` names the parameters that are part of its address (`o_*` for a prefix); the edge drops all others.
    """
    route = EdgeRoute(path=path, kind="page" if keep else "private", name=name, query=tuple(query), keep=keep)
    return _get(route)


def fragment(path: str, *, name: str, keep: Keep, query: Iterable[str] = ()) -> Callable[[Handler], Any]:
    """A GET of a public piece under /_f: kept and tagged like a page."""
    return _get(EdgeRoute(path=f"/_f{path}", kind="fragment", name=name, query=tuple(query), keep=keep))


def hole(name: str, *, tier: str, neutral: str = "") -> Callable[[Handler], Any]:
    """A private piece that the edge puts into pages; the function takes a `visitor` and nothing else.

    `tier`: "value" follows from the badge value and the signed-in flag alone, so it is part of a page's form, or a
    fragment shared by all; "visitor" is kept for one session and private version, "pass" never. `neutral` is the HTML shown when it fails.
    """
    keep = {"value": HOLE_VALUE, "visitor": HOLE_VISITOR, "pass": None}[tier]
    route = EdgeRoute(path=f"/_h/{name}", kind="hole", name=f"hole_{name}", keep=keep, tier=tier, neutral=neutral)

    def decorate(fill: Handler) -> Any:
        HOLES[name] = Hole(tier, fill)
        return _get(route)(fill)

    return decorate


class Hole(NamedTuple):
    """How a page fills it itself: for nobody, by the edge's value, or when there is no edge."""

    tier: str
    fill: Handler


HOLES: dict[str, Hole] = {}


def action(path: str, *, name: str, most_bytes: int | None = None) -> Callable[[Handler], Any]:
    """A POST that changes something and answers with `done` or `redirect`. `most_bytes`: of a form larger than the app's usual."""
    route = EdgeRoute(path=path, kind="action", name=name)

    def decorate(fn: Handler) -> Any:
        name_route(name, path)
        most = most_bytes or Empty
        made = post(path, name=name, status_code=200, opt={"edge": route}, request_max_body_size=most)
        return made(_wrapped(fn, route))

    return decorate


def done(request: Request, *, then: str, template: str | None = None, view: Any = None, announce: str = "") -> Response:
    """The answer to a successful action: a fragment for htmx, else 303 to `then`."""
    if template and hx.asked(request):
        return fragment_response(template, view, headers=hx.trigger(announce) if announce else {})
    return redirect(then)


def redirect(to: str) -> Response:
    """Sends the browser on with a GET (303)."""
    return Redirect(to, status_code=303)


def _get(route: EdgeRoute) -> Callable[[Handler], Any]:
    def decorate(fn: Handler) -> Any:
        if route.kind in ("page", "fragment") and "visitor" in inspect.signature(fn).parameters:
            raise TypeError(f"{fn.__module__}.{fn.__name__} may be kept, so it cannot ask for the visitor")
        name_route(route.name, route.path)
        return get(route.path, name=route.name, opt={"edge": route})(_wrapped(fn, route))

    return decorate


def _wrapped(fn: Handler, route: EdgeRoute) -> Handler:
    """The function as Litestar sees it: it also takes the request, and answers with a Response."""
    signature = inspect.signature(fn, eval_str=True)
    takes_request = "request" in signature.parameters

    @functools.wraps(fn)
    async def handler(**given: Any) -> Response:
        request = given["request"]
        if route.kind == "private" and in_advance(request):
            raise NotInAdvance
        try:
            result = await fn(**(given if takes_request else {k: v for k, v in given.items() if k != "request"}))
        except Refusal:
            await _heal(request, route)
            raise
        await _heal(request, route)
        return await _answer(request, result, route)

    parameters = [_declared(p, route.path) for p in signature.parameters.values()]
    if not takes_request:
        parameters.append(inspect.Parameter("request", inspect.Parameter.KEYWORD_ONLY, annotation=Request))
    handler.__signature__ = signature.replace(parameters=parameters, return_annotation=Response)  # type: ignore[attr-defined]
    handler.__annotations__ = {p.name: p.annotation for p in parameters} | {"return": Response}
    del handler.__wrapped__  # type: ignore[attr-defined]  # Litestar would read the inner signature
    return handler


def _declared(parameter: inspect.Parameter, path: str) -> inspect.Parameter:
    """The parameter with its source said, as Litestar wants it: the path, or a dependency."""
    kind: Any = parameter.annotation
    if f"{{{parameter.name}:" in path and "Annotated" not in str(kind):
        kind = FromPath[kind]  # type: ignore[misc]
    elif kind is Visitor:
        kind = NamedDependency[kind]  # type: ignore[misc]
    return parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY, annotation=kind)


async def _heal(request: Request, route: EdgeRoute) -> None:
    """Any private answer sets cookies right that contradict the session: answers of requests at once may overtake each other.

    A hole can't, the edge drops its headers; and what may be kept has asked nobody who they are.
    """
    visitor = request.scope.get("vitrine.visitor")
    if route.kind not in ("private", "action") or not isinstance(visitor, Visitor):
        return
    if visitor.ages and not told(request, "sid"):
        await request.app.state.lengthen(request, visitor)
    if told(request):
        return
    await request.app.state.heal(request, visitor)


async def _answer(request: Request, result: Any, route: EdgeRoute) -> Response:
    if isinstance(result, Response):
        return result
    wave = edge_tags.wave(route.name, request.url.path)
    if isinstance(result, Page):
        result.tags = {*result.tags, wave}
        return await sealed(request, result, result.keep or route.keep if route.keep else None)
    if isinstance(result, Fragment):
        # Only the edge keeps holes under a key of their visitor's; any other cache in front would hand them around.
        asked_by_edge = route.kind != "hole" or "x-vitrine-way" in request.headers
        keep = (result.keep or route.keep) if result.may_keep and asked_by_edge else None
        return fragment_response(result.template, result.view, keep=keep, tags={*result.tags, wave}, until=result.until)
    tags = {*result.tags, wave}
    if isinstance(result, Moved):
        to = {"Location": result.to}
        return raw_response(
            b"", "text/html", keep=result.keep or MOVED, tags=tags, until=result.until, status=301, headers=to
        )
    return raw_response(
        result.body, result.content_type, keep=route.keep, tags=tags, until=result.until, headers=result.headers
    )


__all__ = [
    "EdgeRoute",
    "Fragment",
    "Missing",
    "Moved",
    "Page",
    "Raw",
    "Visitor",
    "WayOn",
    "action",
    "done",
    "fragment",
    "hole",
    "page",
    "redirect",
    "remember",
]
