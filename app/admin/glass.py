"""A page of the shop as the edge answers it, laid under glass: without scripts, its links leading on under the glass."""

from __future__ import annotations

import html as markup
import re
from collections.abc import Iterable, Mapping
from urllib.parse import urlencode, urlsplit

import httpx

from app.settings import Settings
from app.values import Refusal

HOLES = {"badge": "cart-badge", "account": "account-bit", "orders": "own-orders"}  # the id of what fills each
NOBODY = "00" + "glass-glass-glass-glass-glass-glass-glass-0"  # a well-formed session that is nobody's
TIMEOUT = 12.0  # seconds; the edge itself gives a page up after as long
SCRIPT = re.compile(r"<script\b.*?</script\s*>", re.S | re.I)
OUTSIDE = re.compile(r"<(?:meta http-equiv|base)\b[^>]*>", re.I)
LINK = re.compile(r'(<a\b[^>]*?\shref=")(/[^"]*)"')
FRAGMENT = re.compile(r'<[a-z][^>]*\shx-get="(/_f/[^"?]+)[^"]*"')
LABELLED = re.compile(r'(<[a-z][\w-]*\b[^>]*?\sid=")([\w-]+)"')

POLICY = "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; base-uri 'none'; frame-ancestors 'self'"


class NoAnswer(Refusal):
    say = "The edge did not answer. Is the shop running?"
    status = 502


def cookie_of(settings: Settings, units: int | None) -> str:
    """The cookies of a visitor with so many units in the cart; none for somebody new."""
    if units is None:
        return ""
    return f"{settings.cookie('sid')}={NOBODY}; {settings.cookie('pv')}=glass; {settings.cookie('cc')}={units}"


async def page_at(settings: Settings, path: str, cookie: str) -> httpx.Response:
    """What the edge answers a visitor with this cookie. Raises NoAnswer."""
    shop, here = urlsplit(settings.public_origin).netloc, {"0.0.0.0": "127.0.0.1", "::": "[::1]"}  # noqa: S104
    headers = {"Host": shop} | ({"Cookie": cookie} if cookie else {})
    try:
        async with httpx.AsyncClient(timeout=TIMEOUT, trust_env=False) as client:
            return await client.get(
                f"http://{here.get(settings.host, settings.host)}:{settings.port}{path}", headers=headers
            )
    except (httpx.HTTPError, httpx.InvalidURL):
        raise NoAnswer from None


def fragments_in(html: str) -> list[str]:
    """Addresses of the public fragments that the page loads by itself when somebody chooses."""
    return list(dict.fromkeys(markup.unescape(found) for found in FRAGMENT.findall(html)))


def holes_in(html: str, includes: Iterable[str]) -> list[str]:
    """Holes of the page: those that it leaves to the edge, and those whose element stands in it."""
    return [name for name, identity in HOLES.items() if name in includes or f'id="{identity}"' in html]


def under_glass(html: str, *, stylesheet: str, onward: Mapping[str, str], labels: Mapping[str, str]) -> str:
    """The page without scripts, with a label on each element of these ids; its links lead on under the glass, with `onward`."""
    still = OUTSIDE.sub("", SCRIPT.sub("", html))

    def led_on(found: re.Match[str]) -> str:
        asked = urlencode({**onward, "url": markup.unescape(found[2])})
        return f'{found[1]}/x-ray?{markup.escape(asked)}" target="_top"'

    def labelled(found: re.Match[str]) -> str:
        label = labels.get(found[2])
        return f'{found[1]}{found[2]}"' + (f' data-xray="{markup.escape(label)}"' if label else "")

    marked = LABELLED.sub(labelled, LINK.sub(led_on, still))
    return marked.replace("</head>", f'<link rel="stylesheet" href="{stylesheet}"></head>', 1)
