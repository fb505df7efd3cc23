"""Every knob of the shop, in one place: its name, default and one sentence. `VITRINE_<NAME>` sets it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

Port = Annotated[int, Meta(ge=1, le=65535)]
Seconds = Annotated[float, Meta(gt=0)]
Limit = Annotated[int, Meta(ge=0)]


HTTP = 80  # the port browsers leave out


class BadSetting(Exception):
    """A setting that is unknown or has a value of the wrong kind; the message says which."""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Field order is reading order; `DESCRIPTIONS` below has a sentence for each."""

    home: str = ""
    host: str = "127.0.0.1"
    port: Port = 8080
    purge_port: Port = 8090
    web_port: Port = 8100
    web_instances: Annotated[int, Meta(ge=1, le=16)] = 2
    admin_port: Port = 8200
    mail_port: Port = 8025
    origin: str = ""
    secret: str = "development-only-secret"  # noqa: S105 - refused outside development
    dev: bool = True
    edge: bool = True
    clock: str = ""

    shared_dsn: str = ""
    replica_dsns: str = ""
    shards: str = ""
    redis_url: str = ""
    smtp_url: str = ""
    edge_nodes: str = ""
    client_header: Annotated[str, Meta(pattern=r"^([A-Za-z][A-Za-z0-9-]*)?$")] = ""
    limit_fetches: Limit = 1200
    limit_searches: Limit = 300
    limit_posts: Limit = 300
    cdn: Literal["", "fastly", "cloudflare", "cloudfront", "varnish"] = ""
    cdn_api: str = ""
    cdn_zone: str = ""
    cdn_token: str = ""
    cdn_rate: Annotated[float, Meta(ge=0)] = 0

    pool_size: Annotated[int, Meta(ge=1, le=200)] = 8
    acquire_timeout: Seconds = 2.0
    statement_timeout: Seconds = 3.0
    lock_timeout: Seconds = 2.0

    hold_seconds: Seconds = 600
    pay_seconds: Seconds = 1800
    checkout_seconds: Seconds = 3600
    payment_provider: Literal["test", "instant"] = "test"
    capture: Literal["placed", "fulfilled"] = "fulfilled"
    provider_timeout: Seconds = 10
    stuck_seconds: Seconds = 15
    relay_poll: Seconds = 0.1
    sweep_every: Seconds = 5.0
    redispatch_after: Seconds = 30.0
    echo_seconds: str = "1 13"
    gate_seconds: Seconds = 0.3
    fence_seconds: Seconds = 5.0
    wave_seconds: Annotated[float, Meta(ge=0)] = 2.0
    canary_seconds: Annotated[float, Meta(ge=0)] = 30.0

    shop_name: str = "Larkfield Supply"
    mail_from: str = "Larkfield Supply <orders@larkfield.example>"
    currency: str = "GBP"
    market: str = "uk"
    locale: str = "en_GB"

    @property
    def public_origin(self) -> str:
        """Scheme, host and port the shopper sees, without a slash at the end."""
        own = "http://localhost" if self.port == HTTP else f"http://localhost:{self.port}"
        return self.origin.rstrip("/") or own

    @property
    def secure(self) -> bool:
        return self.public_origin.startswith("https://")

    @property
    def purge_urls(self) -> tuple[str, ...]:
        """The purge listener of every edge node; empty without an edge."""
        if self.edge_nodes:
            return tuple(self.edge_nodes.split())
        return (f"http://127.0.0.1:{self.purge_port}",) if self.edge else ()

    @property
    def echoes(self) -> tuple[float, ...]:
        """Seconds after a purge at which it is repeated."""
        return tuple(float(part) for part in self.echo_seconds.split())

    def cookie(self, name: str) -> str:
        """The cookie's full name: `__Host-` on https; on plain http with the port, which cookies ignore."""
        return f"__Host-{name}" if self.secure else f"{name}_{self.port}"


DESCRIPTIONS: dict[str, str] = {
    "home": "Folder for data, logs and sockets; by default one named by the clone in the system's lasting temporary folder.",
    "host": "Address the shop and the admin listen on.",
    "port": "The shop.",
    "purge_port": "The edge's purge listener, on loopback.",
    "web_port": "First port of the web instances; the next ones count up.",
    "web_instances": "How many single-worker web servers stand behind the edge.",
    "admin_port": "The admin, which has a listener of its own.",
    "mail_port": "The local mail sink, which runs when no VITRINE_SMTP_URL is set.",
    "origin": "Public scheme://host of the shop; https makes cookies Secure with the __Host- prefix.",
    "secret": "Key that signs checkout forms and test webhooks; must be set outside development.",
    "dev": "Development helpers: /dev/mail and the test payment provider.",
    "edge": "Whether a Varnish stands in front.",
    "clock": "ISO 8601 time that freezes the displayed clock.",
    "shared_dsn": "The shared database (primary).",
    "replica_dsns": "Read replicas of the shared database, separated by spaces, the same everywhere; purges wait for them, and pages leave one alone that lags.",
    "shards": "2^k shards as `DSN#schema`, separated by spaces, in id order.",
    "redis_url": "Redis, for job hints only.",
    "smtp_url": "Where mail goes, as smtp://[user:password@]host:port.",
    "edge_nodes": "Purge listeners of all edge nodes, separated by spaces; by default the local one.",
    "client_header": "Header in which a proxy or CDN in front names the client, as `X-Real-IP`; only if nobody can get past it.",
    "limit_fetches": "Pages a minute that one client may have fetched because nobody has kept them; 0 for no limit.",
    "limit_searches": "Searches and suggestions a minute and client that are not kept yet; 0 for no limit.",
    "limit_posts": "Changes of the cart a minute and client; 0 for no limit.",
    "cdn": "The CDN in front of the edge: `fastly`, `cloudflare`, `cloudfront`, or `varnish` for POPs of your own; empty for none.",
    "cdn_api": "Base URL of the CDN's API; for `varnish` the purge listeners of the POPs, separated by spaces.",
    "cdn_zone": "What the CDN calls the shop: its service, zone or distribution id.",
    "cdn_token": "Secret that may purge there; for `cloudfront` `<access key id>:<secret access key>`.",
    "cdn_rate": "Purge requests a minute (where it counts tags: tags) that your plan at the CDN allows; 0 is the provider's smallest plan.",
    "pool_size": "Connections per database server and process.",
    "acquire_timeout": "Longest wait for a pooled connection, in seconds; then the page says 503.",
    "statement_timeout": "Longest statement, in seconds.",
    "lock_timeout": "Longest wait for a row lock, in seconds.",
    "hold_seconds": "How long a reservation holds stock before payment pins it.",
    "pay_seconds": "How long the payment page stays open.",
    "checkout_seconds": "How long a rendered review page can be placed.",
    "payment_provider": "Who takes the money: `test` has a page of its own, `instant` authorises at once (for benchmarks).",
    "capture": "When the money set aside is taken: once the order is `placed`, or when it is `fulfilled`.",
    "provider_timeout": "Longest wait for an answer of the payment provider, in seconds; then the outcome is unknown and looked up.",
    "stuck_seconds": "An order that has not moved for so long is taken on by the sweeper, in seconds.",
    "relay_poll": "Pause between two looks at the outboxes, in seconds.",
    "sweep_every": "Pause between two sweeps for what crashed half-way, in seconds.",
    "redispatch_after": "A job hint not done after this many seconds is given again.",
    "echo_seconds": "When purges are repeated, in seconds after the first; the last lies beyond the longest fetch in flight.",
    "gate_seconds": "Longest wait of a purge for a read replica, in seconds; then pages read the primary until it has caught up.",
    "fence_seconds": "An edge node that owes purges for longer says 503 at /healthz/edge, in seconds, while another node owes none.",
    "wave_seconds": "Pause between the waves in which everything is purged, in seconds; 0 purges it at once.",
    "canary_seconds": "How often the relay measures a purge from end to end, in seconds; 0 never.",
    "shop_name": "The name over the door.",
    "mail_from": "Sender of the shop's mail.",
    "currency": "ISO 4217 code of the shop's prices.",
    "market": "Code of the default market.",
    "locale": "How money and dates are written.",
}


def read_settings(environ: Mapping[str, str]) -> Settings:
    """Settings from VITRINE_* variables. Raises BadSetting, naming the variable."""
    values: dict[str, Any] = {}
    kinds = {field.name: field.type for field in msgspec.structs.fields(Settings)}
    for key, text in environ.items():
        if not key.startswith("VITRINE_") or key.startswith("VITRINE_TEST_"):
            continue
        name = key.removeprefix("VITRINE_").lower()
        if name not in kinds:
            raise BadSetting(f"{key} is not a setting of this shop")
        try:
            values[name] = msgspec.convert(text, kinds[name], strict=False)
        except msgspec.ValidationError as wrong:
            raise BadSetting(f"{key}={text!r} is not usable: {wrong}") from None
    return Settings(**values)


@cache
def settings() -> Settings:
    """The settings of this process. Tests call `settings.cache_clear()` after changing the environment."""
    return read_settings(os.environ)
