from __future__ import annotations

import re
from urllib.parse import urlencode

import msgspec
from litestar import Request, Response

from app.admin import glass, guard, rules
from app.admin.screens import screen, typed_fields
from app.admin.xray_parts import Part, alone, labels_of, looked_at, parts_of
from app.edge import by_hand
from app.edge.purge import Ack
from app.settings import settings
from app.values import Refusal
from app.web.assets import asset
from app.web.pages import action, page, redirect
from app.web.seal import HTML
from app.web.security import POLICY

VISITORS = {"new": ("Somebody new", None), "shopper": ("With 3 in the cart", 3), "many": ("With 12 in the cart", 12)}
TAG = re.compile(r"[a-z][0-9a-f]{15}|m1|l1")
FRAMING = POLICY.format(pay="").replace("base-uri", "frame-src 'self'; base-uri")


class BadTag(Refusal):
    say = "This is no tag of ours, so nothing was purged."
    status = 422


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """Whose eyes to look through."""

    title: str
    url: str
    current: bool


class XrayView(msgspec.Struct, frozen=True, kw_only=True):
    """One address under glass. `told`: what became of a purge; `edge`: whether there is one."""

    url: str
    visitor: str
    visitors: list[Choice]
    frame: str
    parts: list[Part]
    node: str
    edge: bool
    told: str


@page("/x-ray", name="admin_xray")
async def xray(request: Request) -> Response:
    """A page of the shop with the outline of its parts, and what the edge keeps of each."""
    url, visitor = _asked(request)
    node = next(iter(settings().purge_urls), "")
    parts = await looked_at(settings(), node, url, _cookie(visitor)) if node else []
    view = XrayView(
        url=url,
        visitor=visitor,
        visitors=[Choice(title=VISITORS[v][0], url=_here(url, v), current=v == visitor) for v in VISITORS],
        frame=_here(url, visitor, "/x-ray/page"),
        parts=parts,
        node=node,
        edge=bool(node),
        told=request.query_params.get("told", "")[:200],
    )
    return screen(request, "xray.html", view, headers={"Content-Security-Policy": FRAMING})


@page("/x-ray/page", name="admin_xray_page")
async def xray_page(request: Request) -> Response:
    """What lies under the glass: the shop's page without scripts, for a frame of ours."""
    url, visitor = _asked(request)
    html, node = (await glass.page_at(settings(), url, _cookie(visitor))).text, next(iter(settings().purge_urls), "")
    labels = labels_of(await parts_of(node, url, _cookie(visitor), html)) if node else {}
    body = glass.under_glass(html, stylesheet=asset("xray.css"), visitor=visitor, labels=labels)
    headers = {"Content-Security-Policy": glass.POLICY, "Cache-Control": "private, no-store"}
    return Response(body.encode(), media_type=HTML, headers=headers)


@action("/x-ray/purge", name="admin_xray_purge")
async def xray_purge(request: Request) -> Response:
    """Every edge node forgets what carries a tag, as by `./vitrine purge --tag`."""
    typed = await typed_fields(request)
    tag, url, visitor = typed.get("tag", ""), rules.own_path(typed.get("url", "/")), typed.get("visitor", "new")
    if not TAG.fullmatch(tag) or not alone(tag):
        raise BadTag
    acks = await by_hand.forget(settings(), {tag}, who=guard.staff_of(request).email)
    return redirect(_here(url, visitor if visitor in VISITORS else "new", told=_told(tag, acks)))


def _told(tag: str, acks: list[Ack]) -> str:
    failed = [ack for ack in acks if ack.count is None]
    if failed:
        return f"{tag}: {len(failed)} of {len(acks)} edge nodes did not confirm ({failed[0].error}); it is repeated."
    return f"{tag}: {sum(ack.count or 0 for ack in acks)} kept copies went out of date on {len(acks)} of {len(acks)} nodes."


def _asked(request: Request) -> tuple[str, str]:
    asked = request.query_params
    visitor = asked.get("visitor", "new")
    url = asked.get("url", "/").strip().removeprefix(settings().public_origin) or "/"
    return rules.own_path(url), visitor if visitor in VISITORS else "new"


def _here(url: str, visitor: str, path: str = "/x-ray", **more: str) -> str:
    return f"{path}?{urlencode({'url': url, 'visitor': visitor} | more)}"


def _cookie(visitor: str) -> str:
    return glass.cookie_of(settings(), VISITORS[visitor][1])
