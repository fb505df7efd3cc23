"""Varnish's rules, rendered from what the app itself declares, so that the edge and the app cannot disagree."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal, Protocol
from urllib.parse import urlsplit

import jinja2
import msgspec

from app.edge.cdn.providers import PROVIDERS
from app.edge.naming import UNNAMED, named
from app.settings import Settings

TEMPLATES = Path(__file__).parents[2] / "edge" / "varnish"

# Never kept and never given a form, whatever else the app declares.
PRIVATE = ("/cart", "/checkout", "/account", "/orders", "/webhooks", "/dev", "/_s", "/healthz", "/readyz")
# What a session and a private version look like; anything else is no cookie of ours (app/web/visitor.py).
SESSION = "[0-9A-HJKMNP-TV-Z]{2}[A-Za-z0-9_-]{43}"
VERSION = "[A-Za-z0-9_-]{1,22}"
PARAMETERS = {"path": "[^?]+", "int": "[0-9]+"}
POLICY = "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'"
NOSNIFF = ("X-Content-Type-Options", "nosniff")
SECURITY = (("Content-Security-Policy", POLICY), NOSNIFF, ("Referrer-Policy", "same-origin"))

# Settings that the rules take as they are.
AS_SET = ("client_header", "limit_fetches", "limit_searches", "limit_posts", "limit_orders", "cdn")

Tier = Literal["value", "visitor", "pass"]


class EdgeBackend(msgspec.Struct, frozen=True):
    """One web instance; `name` is an identifier in VCL."""

    name: str
    host: str
    port: int


class EdgeRoute(msgspec.Struct, frozen=True):
    """A public URL: a regular expression without anchors, and its query parameters; `o_*` allows a prefix."""

    pattern: str
    query: tuple[str, ...] = ()


class EdgeHole(msgspec.Struct, frozen=True):
    """`/_h/<name>`; `neutral` is the HTML shown when it fails."""

    name: str
    tier: Tier
    neutral: str = ""


class EdgeConfig(msgspec.Struct, frozen=True, kw_only=True):
    """All that the rules depend on. The first of `hosts` is in keys and asked for kept pages; limits are per client and minute."""

    backends: tuple[EdgeBackend, ...]
    hosts: tuple[str, ...]
    sid: str
    pv: str
    cc: str
    known: str
    shop_name: str
    routes: tuple[EdgeRoute, ...] = ()
    holes: tuple[EdgeHole, ...] = ()
    private: tuple[str, ...] = PRIVATE
    markets: tuple[str, ...] = ()
    static: str = "/static/"
    canary: str = "/_f/canary"
    providers: tuple[str, ...] = ("test",)  # who may send messages under /webhooks/
    stylesheet: str = ""
    security: tuple[tuple[str, str], ...] = SECURITY
    probe_seconds: float | None = 1.0
    hole_seconds: float = 1.0
    hung_seconds: float = 5.0  # beyond this the probe has judged a hung instance; the next one has the rest of 10
    max_connections: int = 100
    hot_after: int = 3  # misses of one value of a page in ten minutes, until it gets an object of its own
    cdn: str = ""
    cdn_seconds: int = 60  # what a lost purge costs at the CDN; raise it when purges were seen to arrive
    client_header: str = ""
    limit_fetches: int = 0
    limit_searches: int = 0
    limit_posts: int = 0
    limit_orders: int = 0


class Route(Protocol):
    """What the app tells about each of its routes: `path` as Litestar writes it, `kind` page, fragment, hole, action or private."""

    @property
    def path(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def query(self) -> tuple[str, ...]: ...
    @property
    def tier(self) -> str: ...
    @property
    def neutral(self) -> str: ...


def config_of(settings: Settings, routes: Sequence[Route], **about: object) -> EdgeConfig:
    """The edge of this app; `about` sets further fields. Raises ValueError when a private prefix swallows a public page."""
    public = [route for route in routes if route.kind in ("page", "fragment")]
    private = _private(route.path for route in routes if route.kind == "private")
    for route in public:
        if swallowing := [prefix for prefix in private if _below(route.path, prefix)]:
            raise ValueError(f"{route.path} is public but lies under the private {swallowing[0] or '/'}")
    config = EdgeConfig(
        backends=tuple(_instance(settings, n) for n in range(settings.web_instances)),
        hosts=_hosts(settings),
        sid=settings.cookie("sid"),
        pv=settings.cookie("pv"),
        known=settings.cookie("known"),
        cc=settings.cookie("cc"),
        shop_name=settings.shop_name,
        routes=tuple(EdgeRoute(pattern_of(route.path), tuple(route.query)) for route in public),
        holes=tuple(_hole(route) for route in routes if route.kind == "hole"),
        private=private,
        providers=tuple({settings.payment_provider, *(["stripe"] if settings.stripe_key else [])}),
    )
    return msgspec.structs.replace(config, **{name: getattr(settings, name) for name in AS_SET} | about)


def render(config: EdgeConfig) -> str:
    """The rules as one VCL text. Raises ValueError for texts that VCL cannot hold."""
    tiers = {tier: [hole.name for hole in config.holes if hole.tier == tier] for tier in {h.tier for h in config.holes}}
    markets = "|".join(map(re.escape, config.markets))
    about = {"session": SESSION, "version": VERSION, "rules": UNNAMED, "cdn": PROVIDERS.get(config.cdn), "tiers": tiers}
    main = _environment(config).get_template("main.vcl.j2")
    return named(main.render(market=f"(?:/(?:{markets}))?" if markets else "", **about))


def _environment(config: EdgeConfig) -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        undefined=jinja2.StrictUndefined,
        autoescape=jinja2.select_autoescape(["html.j2"], default=False),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "regex": re.escape,
        "parameter": _parameter,
        "cookie_pattern": lambda name, value: f"(?:^|[; ]){re.escape(name)}={value}(?:;|$)",
        "vcl_text": _vcl_text,
    }
    environment.globals["config"] = config
    environment.globals["error_page"] = environment.get_template("error.html.j2").render
    return environment


def _parameter(name: str) -> str:
    return f"{re.escape(name[:-1])}[A-Za-z0-9_-]+" if name.endswith("*") else re.escape(name)


def _vcl_text(text: str) -> str:
    """A VCL long string, which knows no escapes."""
    if '"}' in text:
        raise ValueError(f'VCL cannot hold the characters "}} in {text!r}')
    return f'{{"{text}"}}'


def _instance(settings: Settings, number: int) -> EdgeBackend:
    return EdgeBackend(f"web{number}", "127.0.0.1", settings.web_port + number)


def _hosts(settings: Settings) -> tuple[str, ...]:
    public = urlsplit(settings.public_origin).netloc
    local = (f"localhost:{settings.port}", f"127.0.0.1:{settings.port}") if settings.dev else ()
    return tuple(dict.fromkeys((public, *local)))


def _hole(route: Route) -> EdgeHole:
    return EdgeHole(route.path.removeprefix("/_h/"), msgspec.convert(route.tier, Tier), route.neutral)


def pattern_of(path: str) -> str:
    """`/p/{slug:str}` as a regular expression."""
    parts = re.split(r"\{(\w+)(?::(\w+))?\}", path)
    kinds = [PARAMETERS.get(kind or "str", "[^/?]+") for kind in parts[2::3]]
    return "".join(re.escape(text) + kind for text, kind in zip(parts[::3], [*kinds, ""], strict=True))


def _private(paths: Iterable[str]) -> tuple[str, ...]:
    """The fixed prefixes, and the fixed part of each private path that lies elsewhere."""
    fixed = (path.partition("{")[0].rstrip("/") for path in paths)
    elsewhere = [path for path in fixed if not any(_below(path, prefix) for prefix in PRIVATE)]
    return tuple(dict.fromkeys((*PRIVATE, *elsewhere)))


def _below(path: str, prefix: str) -> bool:
    return f"{path}/".startswith(f"{prefix}/")
