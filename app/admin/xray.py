from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlencode, urlsplit
from uuid import UUID

import msgspec
from litestar import Request, Response

from app.admin import glass, guard, rules
from app.admin.screens import screen, typed_fields
from app.admin.xray_parts import Part, alone, labels_of, looked_at, parts_of
from app.db.edits import noted_first
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


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """What is looked at, as whom, and at which node, named by the place of its purge listener; empty without an edge."""

    url: str
    visitor: str
    node: str

    @property
    def cookie(self) -> str:
        return glass.cookie_of(settings(), VISITORS[self.visitor][1])

    @property
    def listener(self) -> str:
        """Where the node is asked; empty without an edge."""
        return _nodes().get(self.node, "")

    def here(self, path: str = "/x-ray", **more: str) -> str:
        return f"{path}?{urlencode(msgspec.structs.asdict(self) | more)}"


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """Whose eyes to look through, or which node to look at."""

    title: str
    url: str
    current: bool


class XrayView(msgspec.Struct, frozen=True, kw_only=True):
    """One address under glass. `told`: what became of a purge; `edge`: whether there is one; `nodes`: where there are several."""

    url: str
    visitor: str
    visitors: list[Choice]
    nodes: list[Choice]
    frame: str
    parts: list[Part]
    node: str
    edge: bool
    told: str


@page("/x-ray", name="admin_xray")
async def xray(request: Request) -> Response:
    """A page of the shop with the outline of its parts, and what the edge keeps of each."""
    look = _asked(request.query_params)
    parts = await looked_at(settings(), look.listener, look.url, look.cookie) if look.listener else []
    view = XrayView(
        url=look.url,
        visitor=look.visitor,
        visitors=[
            Choice(title=title, url=look.here(visitor=name), current=name == look.visitor)
            for name, (title, _) in VISITORS.items()
        ],
        nodes=[Choice(title=node, url=look.here(node=node), current=node == look.node) for node in _nodes()],
        frame=look.here("/x-ray/page"),
        parts=parts,
        node=look.node,
        edge=bool(look.listener),
        told=request.query_params.get("told", "")[:200],
    )
    return screen(request, "xray.html", view, headers={"Content-Security-Policy": FRAMING})


@page("/x-ray/page", name="admin_xray_page")
async def xray_page(request: Request) -> Response:
    """What lies under the glass: the shop's page without scripts, for a frame of ours."""
    look = _asked(request.query_params)
    html = (await glass.page_at(settings(), look.url, look.cookie)).text
    labels = labels_of(await parts_of(look.listener, look.url, look.cookie, html)) if look.listener else {}
    onward = {"visitor": look.visitor, "node": look.node}
    body = glass.under_glass(html, stylesheet=asset("xray.css"), onward=onward, labels=labels)
    headers = {"Content-Security-Policy": glass.POLICY, "Cache-Control": "private, no-store"}
    return Response(body.encode(), media_type=HTML, headers=headers)


@action("/x-ray/purge", name="admin_xray_purge")
async def xray_purge(request: Request) -> Response:
    """Every edge node forgets what carries a tag, as by `./vitrine purge --tag`."""
    typed = await typed_fields(request)
    tag, look = typed.get("tag", ""), _asked(typed)
    if not TAG.fullmatch(tag) or not alone(tag):
        raise BadTag
    who = guard.staff_of(request).email
    async with noted_first(by=who, what="edge", which=UUID(int=0), did="changed", title=f"Purged {tag}"):
        acks = await by_hand.forget(settings(), {tag}, who=who)
    return redirect(look.here(told=_told(tag, acks)))


def _told(tag: str, acks: list[Ack]) -> str:
    failed = [ack for ack in acks if ack.count is None]
    if failed:
        return f"{tag}: {len(failed)} of {len(acks)} edge nodes did not confirm ({failed[0].error}); it is repeated."
    return f"{tag}: {sum(ack.count or 0 for ack in acks)} kept copies went out of date on {len(acks)} of {len(acks)} nodes."


def _nodes() -> dict[str, str]:
    """Purge listeners by their place."""
    return {urlsplit(listener).netloc: listener for listener in settings().purge_urls}


def _asked(asked: Mapping[str, str]) -> Look:
    visitor, node = asked.get("visitor", "new"), asked.get("node", "")
    url = asked.get("url", "/").strip().removeprefix(settings().public_origin) or "/"
    return Look(
        url=rules.own_path(url),
        visitor=visitor if visitor in VISITORS else "new",
        node=node if node in _nodes() else next(iter(_nodes()), ""),
    )
