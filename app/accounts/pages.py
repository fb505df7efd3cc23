from __future__ import annotations

from typing import Any

from litestar import Request

from app.accounts import operations, queries
from app.settings import settings
from app.web.visitor import ANONYMOUS, Visitor, pv_of, remember, token_hash, token_of, told, units_of


async def visitor_of(request: Request) -> Visitor:
    """The visitor behind a request: one query when they have a session, none otherwise. Asked once per request."""
    scope: Any = request.scope
    if "vitrine.visitor" not in scope:
        scope["vitrine.visitor"] = await _look_up(request)
    return scope["vitrine.visitor"]


async def _look_up(request: Request) -> Visitor:
    if "x-vitrine-value" in request.headers:  # keyed by the badge value: it must not know more
        return Visitor(units=units_of(request, settings()), signed_in="x-vitrine-signed-in" in request.headers)
    sent = token_of(request, settings())
    if sent is None:
        return ANONYMOUS
    token, bucket = sent
    session = await queries.session_of(token_hash(token), bucket)
    if session is None:
        return ANONYMOUS
    return Visitor(
        shopper_id=session.shopper_id,
        pv=session.pv,
        pv_is_current=session.pv == pv_of(request, settings()),
        units=units_of(request, settings()),
        signed_in=session.signed_in,
        ages=session.ages,
    )


async def lengthen(request: Request, visitor: Visitor) -> None:
    """A guest's session lasts as long again, here and in the browser: what is remembered for them is lost to nobody who comes back."""
    sent = token_of(request, settings())
    if sent and await operations.lengthen(token_hash(sent[0]), sent[1]):
        remember(request, token=sent[0])
        if visitor.pv_is_current and not told(request):
            remember(request, pv=visitor.pv, units=visitor.units)


ROUTES: list[Any] = []
