"""Why an address is a hit, a miss or neither: what the edge says of it, what the app declared, in words."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlsplit

import msgspec

from app.edge.explain import Explained, explain
from app.edge.tags import KINDS
from app.edge.vcl import pattern_of
from app.ops.targets import NoTarget
from app.settings import Settings
from app.web.answers import EdgeRoute

A_SESSION = "00" + "explained" * 4 + "0000000"  # well-formed and nobody's


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """What the app declared for an address. `keep` in seconds; `dropped` are the parameters the edge took away."""

    path: str
    name: str = ""
    kind: str = ""
    tier: str = ""
    keep: int | None = None
    allowed: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()


class Purged(msgspec.Struct, frozen=True, kw_only=True):
    """The last purge that named one of a copy's tags, echoes left out. `confirmed` is None while somebody owes it."""

    kind: str
    tags: list[str]
    sent_at: datetime
    ago: float
    confirmed: float | None


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """One address on every node. `stands_for`: each tag in words, by name where the catalogue knows it."""

    url: str
    visitor: str
    place: Place
    nodes: list[Explained]
    holes: dict[str, str]
    stands_for: dict[str, str]
    purged: Purged | None = None

    @property
    def telling(self) -> Explained:
        """The node whose answer is told in full: the first that answered."""
        return next((one for one in self.nodes if one.state != "unknown"), self.nodes[0])


def cookies(shop: Settings, count: int) -> str:
    """What the browser of a visitor with so many units in the cart sends; its session is made up."""
    return f"{shop.cookie('sid')}={A_SESSION}; {shop.cookie('pv')}=explained; {shop.cookie('cc')}={count}"


def address(shop: Settings, url: str) -> str:
    """`url` without its fragment, if it can be one of this shop. Raises NoTarget."""
    try:
        url.encode()  # bytes that are no text cannot be asked for
        if url.startswith("/"):
            return url.partition("#")[0]
        parts = urlsplit(url)
        ours = parts.scheme in ("http", "https") and parts.netloc.lower() in _hosts(shop)
    except ValueError:
        ours = False
    if not ours:
        raise NoTarget(f"{url!r} is not an address of this shop, which are like /p/pell-mug or {shop.public_origin}/")
    return url.partition("#")[0]


def run(shop: Settings, url: str, nodes: Sequence[str], count: int | None) -> Report:
    """The report, for a first-time visitor or one with `count` units in the cart. Databases that are away leave out names."""
    return asyncio.run(_report(shop, address(shop, url), nodes, count))


async def _report(shop: Settings, url: str, nodes: Sequence[str], count: int | None) -> Report:
    from app.edge import purge
    from app.main import edge_routes
    from app.ops.remembered import more

    try:
        cookie = "" if count is None else cookies(shop, count)
        said = list(await asyncio.gather(*(explain(node, url, cookie) for node in nodes)))
    finally:
        await purge.close()
    routes = edge_routes()
    carried = sorted({tag for one in said for tag in one.tags})
    names, purged = await more(shop, url, carried)
    return Report(
        url=url,
        visitor="a first-time visitor" if count is None else f"a visitor with {count} in the cart",
        place=place_of(url, next((one.url for one in said if one.url), ""), routes),
        nodes=said,
        holes={name: _tier(name, routes) for one in said for name in one.holes},
        stands_for={tag: names.get(tag) or KINDS.get(tag) or KINDS.get(tag[0], "?") for tag in carried},
        purged=purged,
    )


def place_of(url: str, cleaned: str, routes: Sequence[EdgeRoute]) -> Place:
    """The route of an address; `cleaned` is what the edge made of it."""
    path, _, query = re.sub(r"^https?://[^/]*", "", url).partition("?")
    left = _parameters(cleaned.partition("?")[2])
    dropped = tuple(name for name in dict.fromkeys(_parameters(query)) if name not in left) if cleaned else ()
    found = [route for route in routes if re.fullmatch(pattern_of(route.path), path or "/")]
    if not found:
        return Place(path=path, dropped=dropped)
    best = min(found, key=lambda route: route.kind == "action")
    keep = best.keep.ttl if best.keep else None
    return Place(
        path=best.path,
        name=best.name,
        kind=best.kind,
        tier=best.tier,
        keep=keep,
        allowed=best.query,
        dropped=dropped,
    )


def _parameters(query: str) -> list[str]:
    return [part.partition("=")[0] for part in query.split("&") if part]


def _tier(hole: str, routes: Sequence[EdgeRoute]) -> str:
    return next((route.tier for route in routes if route.path == f"/_h/{hole}"), "unknown")


def _hosts(shop: Settings) -> set[str]:
    local = {f"localhost:{shop.port}", f"127.0.0.1:{shop.port}"} if shop.dev else set()
    return {urlsplit(shop.public_origin).netloc.lower(), *local}
