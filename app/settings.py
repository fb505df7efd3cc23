"""Every knob of the shop, in one place: its name, default and one sentence. `VITRINE_<NAME>` sets it."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta

from app.descriptions import DESCRIPTIONS

Port = Annotated[int, Meta(ge=1, le=65535)]
Seconds = Annotated[float, Meta(gt=0)]
Limit = Annotated[int, Meta(ge=0)]


SECRETS = re.compile("secret|key|token|dsn|shards|url")
HTTP = 80  # the port browsers leave out
PATHS = {"known": "/account"}  # cookies that are sent below one path only
TRACKING = (
    r"^(\s*[^=;]+=\s*https://[^\s;]*\{\}[^\s;]*\s*(;|$))*$"  # carrier=https://...{}...; the number goes where {} is
)
VAT = r"^\s*[A-Z]{2}=\d{1,2}(\.\d{1,2})?(\s*,\s*[A-Z]{2}=\d{1,2}(\.\d{1,2})?)*\s*$"
LISTENER = r"https?://([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]+)?/?"


__all__ = ["DESCRIPTIONS", "PATHS", "BadSetting", "Settings", "reachable", "read_settings", "settings"]


class BadSetting(Exception):
    """A setting that is unknown or has a value of the wrong kind; the message says which."""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Field order is reading order; `app/descriptions.py` has a sentence for each."""

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
    limit_orders: Limit = 120
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
    payment_provider: Literal["test", "instant", "stripe"] = "test"
    capture: Literal["placed", "fulfilled"] = "fulfilled"
    remind_seconds: Annotated[float, Meta(ge=0)] = 600
    cancel_seconds: Annotated[float, Meta(ge=0)] = 1800
    return_days: Annotated[int, Meta(ge=0, le=3650)] = 30
    tracking: Annotated[str, Meta(pattern=TRACKING)] = ""
    limit_declines: Limit = 5
    limit_unpaid: Limit = 20
    limit_units: Limit = 100
    limit_seconds: Seconds = 3600
    provider_timeout: Seconds = 10
    unknown_seconds: Seconds = 1800
    pay_origins: str = ""
    stripe_key: str = ""
    stripe_webhook_secret: str = ""
    stripe_api: str = ""
    stuck_seconds: Seconds = 15
    relay_poll: Seconds = 0.1
    sweep_every: Seconds = 5.0
    redispatch_after: Seconds = 30.0
    echo_seconds: str = "1 13"
    gate_seconds: Seconds = 0.3
    fence_seconds: Seconds = 5.0
    wave_seconds: Annotated[float, Meta(ge=0)] = 2.0
    canary_seconds: Annotated[float, Meta(ge=0)] = 30.0
    check_seconds: Annotated[float, Meta(ge=0)] = 86_400.0
    order_days: Annotated[int, Meta(ge=0, le=36_500)] = 3650
    alert_days: Annotated[int, Meta(ge=1, le=3650)] = 180
    search_log_days: Annotated[int, Meta(ge=0, le=3650)] = 90

    cut_off: Annotated[str, Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")] = "14:00"
    shop_name: str = "Larkfield Supply"
    vat: Annotated[str, Meta(pattern=VAT)] = "GB=20"
    seller_code: Annotated[str, Meta(pattern="^[A-Za-z0-9]{1,20}$")] = "LS"
    seller_name: str = ""
    seller_address: str = ""
    seller_tax_number: str = ""
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
        """The purge listener of every edge node, each once; empty without an edge."""
        if self.edge_nodes:
            return tuple(dict.fromkeys(node.rstrip("/") for node in self.edge_nodes.split()))
        return (f"http://127.0.0.1:{self.purge_port}",) if self.edge else ()

    @property
    def payment_origins(self) -> tuple[str, ...]:
        """Where a form may lead besides ourselves."""
        return tuple(origin.rstrip("/") for origin in self.pay_origins.split())

    @property
    def echoes(self) -> tuple[float, ...]:
        """Seconds after a purge at which it is repeated."""
        return tuple(float(part) for part in self.echo_seconds.split())

    def __repr__(self) -> str:
        """Without what must not be read in a log: keys, and addresses that hold passwords."""
        shown = {name: getattr(self, name) for name in self.__struct_fields__ if not SECRETS.search(name)}
        return f"Settings({', '.join(f'{name}={value!r}' for name, value in shown.items())})"

    def cookie(self, name: str) -> str:
        """The cookie's full name: `__Host-` on https; on plain http with the port, which cookies ignore."""
        prefix = "__Secure-" if name in PATHS else "__Host-"  # a browser refuses the latter below a path
        return f"{prefix}{name}" if self.secure else f"{name}_{self.port}"


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
    shop = Settings(**values)
    if not all(re.fullmatch(LISTENER, node) and reachable(node) for node in shop.purge_urls):
        raise BadSetting("VITRINE_EDGE_NODES must look like http://edge1.example:8090 http://edge2.example:8090")
    return shop


def reachable(url: str) -> bool:
    """Whether the URL's host and port can be those of a server."""
    try:
        parts = urlsplit(url)
        return bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


@cache
def settings() -> Settings:
    """The settings of this process. Tests call `settings.cache_clear()` after changing the environment."""
    return read_settings(os.environ)
