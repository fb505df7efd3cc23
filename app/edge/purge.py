"""Tells every edge node which tags are no longer true, and gathers what each of them answered."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Iterator, Sequence, Set
from functools import cache
from typing import Any

import httpx
import msgspec

MOST_TAGS = 800  # a request; magento2 #21043 is a purge that was too long for its header
MOST_BYTES = 14_000  # below http_req_hdr_len of the Procfile
TIMEOUT_SECONDS = 1.0  # for all requests to a node together, since a round waits for the slowest
CDN = "cdn"  # the CDN in acks, whichever it is


class Ack(msgspec.Struct, frozen=True):
    """One node's answer, or the CDN's: `count` entries went out of date (0 is normal), or None with the reason in `error`.

    `name` is what the node calls itself, `boot` stands for the process that holds its cache and is `up` seconds old, None when
    it does not say; `ms`: milliseconds it took to answer.
    """

    node: str
    count: int | None
    error: str | None = None
    name: str = ""
    boot: str = ""
    up: float | None = None
    ms: float = 0.0


async def purge(nodes: Sequence[str], tags: Set[str]) -> list[Ack]:
    """Every node was asked, all at once, to soft-purge `tags`; one Ack each, in the order of `nodes`.

    `nodes` are URLs of purge listeners. Never raises for a node that fails: repeat until all acks have a count.
    """
    batches = list(_batches(sorted(tags)))
    client()  # takes its time to be made, which is not the nodes'
    return list(await asyncio.gather(*(_purge_node(node, batches) for node in nodes)))


def client() -> httpx.AsyncClient:
    """How this process talks to the purge listeners; `close` ends it."""
    return _client(asyncio.get_running_loop())


async def close() -> None:
    """Connections to the nodes are closed; the next purge opens new ones."""
    client = _client(asyncio.get_running_loop())
    _client.cache_clear()
    await client.aclose()


async def _purge_node(node: str, batches: list[str]) -> Ack:
    began = time.monotonic()
    try:
        async with asyncio.timeout(TIMEOUT_SECONDS):
            ack = await _purge_batches(node, batches)
    except TimeoutError:
        return Ack(node, None, f"not done within {TIMEOUT_SECONDS:g} s")
    except Exception as failed:  # whatever is wrong with one node, the others' answers are needed
        return Ack(node, None, f"{type(failed).__name__}: {failed}".rstrip(": "))
    return msgspec.structs.replace(ack, ms=round((time.monotonic() - began) * 1000, 1))


async def _purge_batches(node: str, batches: list[str]) -> Ack:
    count, who = 0, {}
    for batch in batches:
        answer = await client().request("PURGE", node, headers={"X-Purge-Tags": batch})
        counted = re.fullmatch(r"n=(\d+)", answer.reason_phrase)
        if answer.status_code != 200 or counted is None:
            return Ack(node, None, f"answered {answer.status_code} {answer.reason_phrase}")
        count += int(counted[1])
        who = _who(answer)
    return Ack(node, count, **who)


def _who(answer: httpx.Response) -> dict[str, Any]:
    """Who answered; strangers that only count say nothing of themselves."""
    said = answer.headers
    up = re.fullmatch(r"[0-9]{1,10}(\.[0-9]{1,6})?", said.get("X-Vitrine-Up", ""))
    name, boot = said.get("X-Vitrine-Node", "")[:100], said.get("X-Vitrine-Boot", "")[:40]
    return {"name": name, "boot": boot, "up": float(up[0]) if up else None}


def _batches(tags: Sequence[str]) -> Iterator[str]:
    """Tags as header values within both limits."""
    batch: list[str] = []
    length = 0
    for tag in tags:
        if batch and (len(batch) == MOST_TAGS or length + len(tag) >= MOST_BYTES):
            yield " ".join(batch)
            batch, length = [], 0
        batch.append(tag)
        length += len(tag) + 1
    if batch:
        yield " ".join(batch)


@cache
def _client(loop: asyncio.AbstractEventLoop) -> httpx.AsyncClient:
    """One client for each event loop, because its connections belong to it; no proxy, nodes are neighbours."""
    return httpx.AsyncClient(timeout=TIMEOUT_SECONDS, trust_env=False)
