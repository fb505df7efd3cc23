"""Asks an edge node what a visitor's GET of an address would meet there, without fetching or changing anything."""

from __future__ import annotations

import re
from typing import Literal
from urllib.parse import quote, urlsplit

import httpx
import msgspec

from app.edge import purge
from app.settings import settings

State = Literal["hit", "stale", "miss", "hit-for-miss", "pass", "refused", "unknown"]
# The rule of the edge that refuses with a status, and why.
REFUSALS = {
    400: ("refuse_path", "an address has one spelling: no empty or dot segment, no needless escape"),
    404: ("hide_holes", "a hole exists only inside a page"),
    414: ("refuse_path", "the address is longer than 2,048 bytes"),
    421: ("refuse_host", "the shop answers to its own name only"),
}
SENDABLE = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"  # printable ASCII goes as it was typed


class Explained(msgspec.Struct, frozen=True, kw_only=True):
    """What one node says of one address. `state`:

    `hit` a kept copy answers; `stale` one is there, past its time or purged, and answers only while no instance does;
    `miss` nothing is kept; `hit-for-miss` the last answer could not be kept; `pass` never looked up; `refused` by `rule`;
    `unknown` the node did not answer, see `error`. `name` is the node's own, `rules` that of the rules it works by;
    `up` how old its cache is.
    Times are seconds; `age` and what follows belong to a kept copy.
    """

    node: str
    state: State
    name: str = ""
    rules: str = ""
    up: float | None = None
    error: str | None = None
    rule: str | None = None
    why: str | None = None
    way: str = ""
    form: str = ""
    url: str = ""
    host: str = ""
    value: str = ""
    outage: bool = False
    age: float | None = None
    ttl: float | None = None
    grace: float | None = None
    keep: float | None = None
    status: int | None = None
    hits: int | None = None
    storage: str | None = None
    size: int | None = None
    encoding: str | None = None
    type: str | None = None
    etag: str | None = None
    tags: tuple[str, ...] = ()
    holes: tuple[str, ...] = ()


async def explain(node: str, url: str, cookie: str = "") -> Explained:
    """What a GET of `url` (an address of the shop, or a path) with these cookies would meet at `node`, a purge listener.

    Never raises for a node that fails. `size` is that of the text, before it was packed; None where the shop did not say.
    """
    target, host = _target(url)
    headers = {"Host": host, "Accept-Encoding": "gzip"} | ({"Cookie": cookie} if cookie else {})
    asked = httpx.Request("EXPLAIN", node, headers=headers, extensions={"target": target.encode("ascii")})
    try:
        answer = await purge.client().send(asked)
    except (httpx.HTTPError, httpx.InvalidURL) as failed:
        return Explained(node=node, state="unknown", error=f"{type(failed).__name__}: {failed}".rstrip(": "))
    if "X-Explain-State" not in answer.headers:
        return Explained(node=node, state="unknown", error=f"answered {answer.status_code} {answer.reason_phrase}")
    return _read(node, answer)


def _target(url: str) -> tuple[str, str]:
    """The request line's target and the Host. What cannot stand in a request line is escaped, as browsers do."""
    host, path = urlsplit(settings().public_origin).netloc, url
    if not url.startswith("/") and "://" in url:
        after = url.partition("://")[2]
        host = re.split("[/?#]", after, maxsplit=1)[0]
        path = after.removeprefix(host)
    rest = escaped(path.partition("#")[0])
    return (rest if rest.startswith("/") else f"/{rest}"), host


def escaped(path: str) -> str:
    """The path as a request line can carry it: what is not printable ASCII is escaped, as browsers do."""
    return quote(path, safe=SENDABLE)


def _read(node: str, answer: httpx.Response) -> Explained:
    def said(name: str) -> str:
        return answer.headers.get(f"X-Explain-{name}", "")

    facts = dict(re.findall(r"(\w+)=(\S+)", f"{said('Times')} {said('Copy')}"))
    refused = said("State") == "refused"
    rule, why = REFUSALS.get(answer.status_code, (f"status {answer.status_code}", None)) if refused else (None, None)
    about = {
        "node": node, "name": answer.headers.get("X-Vitrine-Node", ""), "up": answer.headers.get("X-Vitrine-Up"),
        "rules": answer.headers.get("X-Vitrine-Rules", ""), "state": said("State"), "rule": rule, "why": why,
        "way": said("Way"), "form": said("Form"),
        "url": said("Url"), "host": said("Host"), "value": said("Value"), "outage": said("Outage") == "1",
        "type": said("Type") or None, "etag": said("Etag") or None, "tags": said("Tags").split(),
        "holes": said("Holes").split(), **facts,
    }  # fmt: skip
    return msgspec.convert(about, Explained, strict=False)
