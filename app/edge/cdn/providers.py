"""What is known of each CDN: which settings it needs, how it reads our headers, how much it takes. Sources: edge/varnish/README.md."""

from __future__ import annotations

import re
from typing import Literal

import msgspec

from app.settings import BadSetting, Settings, reachable


class Provider(msgspec.Struct, frozen=True, kw_only=True):
    """One CDN.

    `time_header` carries how long it may keep a page. Its allowance is a bucket of `burst` tokens into which `refill` drop
    a second: a request costs one, or one for each tag where `counts_tags`; emptying everything costs `price_of_all`.
    """

    name: str
    needs: tuple[str, ...]
    tag_header: str
    tag_separator: str
    time_header: Literal["CDN-Cache-Control", "Surrogate-Control", "Cache-Control"]
    page_tags: int
    page_bytes: int
    request_tags: int = 1
    refill: float = 1
    burst: int = 1
    counts_tags: bool = False
    price_of_all: int = 1


KEYED = ("cdn_api", "cdn_zone", "cdn_token")

PROVIDERS = {
    provider.name: provider
    for provider in (
        Provider(
            name="fastly",
            needs=KEYED,
            tag_header="Surrogate-Key",
            tag_separator=" ",
            time_header="Surrogate-Control",
            page_tags=16_384,
            page_bytes=16_384,
            request_tags=256,
            refill=25,  # 100,000 keys an hour, a tenth of them at once
            burst=10_000,
            counts_tags=True,
            price_of_all=100,  # emptying everything counts among 1,000 requests an hour
        ),
        Provider(
            name="cloudflare",
            needs=KEYED,
            tag_header="Cache-Tag",
            tag_separator=",",
            time_header="CDN-Cache-Control",
            page_tags=1000,
            page_bytes=16_384,
            request_tags=100,
            refill=5 / 60,  # its smallest plan; VITRINE_CDN_RATE names a larger one's
            burst=25,
        ),
        Provider(
            name="cloudfront",
            needs=KEYED,
            tag_header="Cache-Tag",
            tag_separator=",",
            time_header="Cache-Control",
            page_tags=50,
            page_bytes=8192,
            request_tags=100,
            refill=50,  # 3,000 may be under way, each for about 25 s
            burst=1500,
            counts_tags=True,
        ),
        Provider(
            name="varnish",
            needs=("cdn_api",),
            tag_header="Surrogate-Key",
            tag_separator=" ",
            time_header="CDN-Cache-Control",
            page_tags=1000,
            page_bytes=8000,
        ),
    )
}


API = r"https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[A-Za-z0-9._/-]*)?"
SAFE = r"https://|http://(127\.0\.0\.1|localhost)[:/]"


def check(settings: Settings) -> None:
    """Raises BadSetting when what the chosen CDN needs is missing or cannot be used; never says what the token is."""
    if not settings.cdn:
        return
    if missing := [name for name in PROVIDERS[settings.cdn].needs if not getattr(settings, name)]:
        raise BadSetting(f"VITRINE_CDN={settings.cdn} needs {_and(missing)} beside it")
    if not all(re.fullmatch(API, url) and reachable(url) for url in settings.cdn_api.split()):
        raise BadSetting("VITRINE_CDN_API must look like https://api.cdn.example, without a name or password")
    if settings.cdn_token and not re.match(SAFE, settings.cdn_api):
        raise BadSetting("VITRINE_CDN_API must be https, or the token could be read on the way")
    if not re.fullmatch(r"[A-Za-z0-9_-]*", settings.cdn_zone):
        raise BadSetting("VITRINE_CDN_ZONE may hold letters, digits, - and _ only")
    if not re.fullmatch(r"[\x21-\x7e]*", settings.cdn_token):
        raise BadSetting("VITRINE_CDN_TOKEN holds characters that no token has")
    if settings.cdn == "cloudfront" and not all(settings.cdn_token.partition(":")):
        raise BadSetting("VITRINE_CDN_TOKEN for cloudfront is <access key id>:<secret access key>")
    if not settings.purge_urls:
        raise BadSetting(f"VITRINE_CDN={settings.cdn} needs an edge behind it (VITRINE_EDGE or VITRINE_EDGE_NODES)")


def _and(names: list[str]) -> str:
    return " and ".join(f"VITRINE_{name.upper()}" for name in names)
