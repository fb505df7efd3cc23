"""What a browser may fetch before it is asked for, so that a click finds the page already there.

An allowlist of public, kept pages: an exclusion list leaked private addresses one segment deeper. `moderate` waits for a
hover of 200 ms or a press, so that a prefetch is nearly always followed by the click. Products whose card is hovered are drawn in
advance, too: our script does nothing that anybody could notice before such a page is opened (`whenOpened` in static/js/dom.js).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from litestar import Request

from app.values import Refusal

ALLOWED = ("/", "/c/*", "/p/*")
# A change of cart, account or cookies makes pages that wait in the browser old; it forgets them with the answer.
FORGET = (b"clear-site-data", b'"prefetchCache", "prerenderCache"')


class NotInAdvance(Refusal):
    """Somebody's own page was asked for before they asked. The browser drops the answer and asks again on the click."""

    say = "This page is made when you open it, not before."
    status = 503


def document(markets: Iterable[str] = ()) -> bytes:
    """The rules for the default market and each of `markets`, whose addresses begin with its code."""
    starts = ("", *(f"/{market}" for market in markets))
    addresses = [f"{start}{path}" for start in starts for path in ALLOWED]
    products = [address for address in addresses if address.endswith("/p/*")]
    cards = {"and": [{"selector_matches": ".card__link"}, {"href_matches": products}]}
    rules = {"prefetch": [_rule({"href_matches": addresses})], "prerender": [_rule(cards)]}
    return json.dumps(rules, separators=(",", ":")).encode()


def _rule(where: Mapping[str, Any]) -> dict[str, Any]:
    return {"where": where, "eagerness": "moderate"}


def in_advance(request: Request) -> bool:
    """Whether nobody has opened this yet: `Sec-Purpose: prefetch`, also when it is prerendered."""
    return "prefetch" in request.headers.get("sec-purpose", "")
