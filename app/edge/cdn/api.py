"""A CDN that is told over an HTTP API of its provider, which has limits and bad days."""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import Sequence, Set
from email.utils import parsedate_to_datetime
from functools import cache
from typing import Protocol

import httpx
import msgspec

from app.edge import tags as edge_tags
from app.edge.cdn.bucket import Bucket
from app.edge.cdn.providers import Provider
from app.edge.purge import CDN, Ack
from app.logs import log

PATIENCE = 3.0  # seconds that a purge waits for its turn; then the caller asks again later
ANSWER = 3.0  # seconds that the provider has for one answer
LONGEST = 10.0  # seconds for a whole purge, whatever happens
MOST_REQUESTS = 8  # for one purge; with more it might never come to its end within LONGEST
SHARE = 0.9  # of the allowance, because the provider's clock is not ours and people purge by hand too
PAUSE = 10.0  # seconds after a 429 that does not say how long
LONGEST_PAUSE = 600.0

FINAL = {
    401: "the token is not accepted: check VITRINE_CDN_TOKEN",
    403: "the token may not purge this zone: check VITRINE_CDN_TOKEN and VITRINE_CDN_ZONE",
    404: "there is no such zone: check VITRINE_CDN_ZONE and VITRINE_CDN_API",
}


class NotPurged(Exception):
    """Why not, in words without secrets."""


class Call(msgspec.Struct, frozen=True):
    """One POST, relative to the API's base URL."""

    path: str
    headers: dict[str, str]
    content: bytes


class Dialect(Protocol):
    """How one provider wants to be asked, and how it says no inside an answer that looks well."""

    @property
    def base(self) -> str: ...
    def forget(self, tags: Sequence[str]) -> Call: ...
    def forget_everything(self) -> Call: ...
    def refusal(self, answer: httpx.Response) -> str | None: ...
    def too_busy(self, answer: httpx.Response) -> bool: ...


class Api:
    """Keeps to the provider's limits. What cannot be sent in time as single tags is sent as the one on every page."""

    def __init__(self, provider: Provider, dialect: Dialect, *, rate: float = 0) -> None:
        self.name = provider.name
        self.provider = provider
        self.dialect = dialect
        self.bucket = Bucket((rate / 60 or provider.refill) * SHARE, max(1.0, provider.burst * SHARE))
        self.client = httpx.AsyncClient(timeout=ANSWER, verify=_tls())

    async def purge(self, tags: Set[str]) -> Ack:
        try:
            async with asyncio.timeout(LONGEST):
                await self._purge(tags)
        except NotPurged as no:
            return Ack(CDN, None, f"{self.name}: {no}")
        except TimeoutError:
            return Ack(CDN, None, f"{self.name}: not done within {LONGEST:g} s")
        except Exception as defect:  # its words may hold the token, and the relay has others to serve
            return Ack(CDN, None, f"{self.name}: could not be asked ({type(defect).__name__})")
        return Ack(CDN, 0)

    async def close(self) -> None:
        await self.client.aclose()

    async def _purge(self, tags: Set[str]) -> None:
        if edge_tags.everything() in tags:
            await self._send(self.dialect.forget_everything(), self.provider.price_of_all)
            return
        size = self.provider.request_tags
        listed = sorted(tags)
        batches = [listed[start : start + size] for start in range(0, len(listed), size)]
        for batch in await self._affordable(batches):
            await self._send(self.dialect.forget(batch), self._cost(batch))

    async def _affordable(self, batches: list[list[str]]) -> list[list[str]]:
        """The batches, or one tag instead of all when they are more than the allowance lets through in time."""
        if len(batches) <= MOST_REQUESTS and self.bucket.wait(sum(map(self._cost, batches))) <= PATIENCE:
            return batches
        coarse = [edge_tags.everything()]
        if self._cost(coarse) >= sum(map(self._cost, batches)):
            return batches
        await self._turn(self._cost(coarse))
        log.warning("purge widened to every page", cdn=self.name, tags=sum(map(len, batches)))
        return [coarse]

    def _cost(self, batch: list[str]) -> int:
        return len(batch) if self.provider.counts_tags else 1

    async def _turn(self, cost: float) -> None:
        """There are `cost` tokens. Raises NotPurged when that would take too long."""
        while wait := self.bucket.wait(cost):
            if wait > PATIENCE:
                raise NotPurged(f"its allowance is used up for {wait:.0f} s")
            await asyncio.sleep(wait)

    async def _send(self, call: Call, cost: float) -> None:
        await self._turn(cost)
        self.bucket.take(cost)
        try:
            answer = await self.client.post(self.dialect.base + call.path, headers=call.headers, content=call.content)
        except httpx.HTTPError as failed:  # its words may repeat a header, and with it the token
            raise NotPurged(f"no answer ({type(failed).__name__})") from None
        self._judge(answer)

    def _judge(self, answer: httpx.Response) -> None:
        """Raises NotPurged unless the answer says that it was done."""
        status = answer.status_code
        if status == 429 or self.dialect.too_busy(answer):
            self.bucket.spend()
            raise self._paused(status, _retry_after(answer.headers))
        if status == 503 and "retry-after" in answer.headers:
            raise self._paused(status, _retry_after(answer.headers))
        if status in FINAL:
            raise NotPurged(f"answered {status}, {FINAL[status]}")
        if not answer.is_success:
            advice = ", which will not change by itself" if answer.is_client_error else ""
            raise NotPurged(f"answered {status}{advice}")
        if why := self.dialect.refusal(answer):
            raise NotPurged(why)

    def _paused(self, status: int, seconds: float) -> NotPurged:
        self.bucket.pause(seconds)
        return NotPurged(f"too busy (answered {status}), asked again in {seconds:.0f} s at the earliest")


def _retry_after(headers: httpx.Headers) -> float:
    """Seconds, from a number or a date (RFC 9110, 10.2.3)."""
    said = headers.get("retry-after", "")
    try:
        pause = (
            float(said) if said.replace(".", "", 1).isdigit() else parsedate_to_datetime(said).timestamp() - time.time()
        )
    except ValueError:
        pause = PAUSE
    return min(max(pause, 0.1), LONGEST_PAUSE)


@cache
def _tls() -> ssl.SSLContext:
    """Reading the certificates takes longer than a purge, so it is done once."""
    return httpx.create_ssl_context()
