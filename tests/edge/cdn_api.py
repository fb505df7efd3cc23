"""The APIs of CDNs, played: as strict as theirs, and on demand as unreliable."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import NamedTuple
from xml.etree import ElementTree

ZONE = "z0Ne1"
KEYS = {"fastly": "fastly-t0ken", "cloudflare": "cloudflare-t0ken", "cloudfront": "AKIDEXAMPLE:s3cret/key+example"}
# One name for each way to fail, besides those that are a status.
FAILURES = (
    "429",
    "429 after 1",
    "429 until a date",
    "500",
    "503 after 1",
    "301",
    "hang",
    "reset",
    "half",
    "garbage",
    "no",
)


class Request(NamedTuple):
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


class No(Exception):
    """Refused with a status and words."""


class CdnApi:
    """One provider. `failing` are failures still to come, first to last; `purged` is what it was told in good requests."""

    def __init__(self, provider: str) -> None:
        self.provider = provider
        self.key = KEYS[provider]
        self.failing: list[str] = []
        self.purged: list[set[str]] = []
        self.emptied = 0
        self.soft: list[bool] = []
        self.asked: list[float] = []
        self.violations: list[str] = []
        self.references: set[str] = set()
        self.spent: list[tuple[float, int]] = []
        self.port = 0
        self.over = asyncio.Event()

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def answer(self, request: Request) -> tuple[int, str]:
        """Status and body; notes what was purged, and what a real API would not have taken."""
        self.asked.append(time.monotonic())
        try:
            tags = getattr(self, f"_{self.provider}")(request)
            self._count(1 if tags is None or self.provider == "cloudflare" else len(tags))
        except No as no:
            status, words = no.args
            self.violations.append(f"{status} {words}")
            return status, self._error(words)
        if tags is None:
            self.emptied += 1
        else:
            self.purged.append(set(tags))
        return self._yes(tags or [])

    def _fastly(self, request: Request) -> list[str] | None:
        _must(request.headers.get("fastly-key") == self.key, 401, "Provided credentials are missing or invalid")
        _must(request.path.startswith(f"/service/{ZONE}/"), 404, "Record not found")
        if request.path == f"/service/{ZONE}/purge_all":
            _must("fastly-soft-purge" not in request.headers, 400, "purge all is never soft")
            return None
        _must(request.path == f"/service/{ZONE}/purge", 404, "Record not found")
        _must(request.headers.get("content-type") == "application/json", 415, "not JSON")
        tags = _tags(_json(request.body).get("surrogate_keys"), most=256, longest=1024)
        self.soft.append(request.headers.get("fastly-soft-purge") == "1")
        return tags

    def _cloudflare(self, request: Request) -> list[str] | None:
        _must(request.headers.get("authorization") == f"Bearer {self.key}", 403, "Authentication error")
        _must(request.path == f"/zones/{ZONE}/purge_cache", 404, "Could not route")
        _must(request.headers.get("content-type") == "application/json", 415, "not JSON")
        body = _json(request.body)
        _must(len(body) == 1, 400, "one kind of purge a request")
        if body.get("purge_everything") is True:
            return None
        return _tags(body.get("tags"), most=100, longest=1024)

    def _cloudfront(self, request: Request) -> list[str] | None:
        _must(_signed(request, self.key), 403, "SignatureDoesNotMatch")
        _must(request.path == f"/2020-05-31/distribution/{ZONE}/invalidation", 404, "NoSuchDistribution")
        space = f"{{http://{request.headers['host']}/doc/2020-05-31/}}"
        batch = ElementTree.fromstring(request.body)
        _must(batch.tag == f"{space}InvalidationBatch", 400, "MalformedXML")
        reference = batch.findtext(f"{space}CallerReference") or ""
        _must(reference and reference not in self.references, 400, "InvalidationBatchAlreadyExists")
        self.references.add(reference)
        items = [path.text or "" for path in batch.iter(f"{space}Path")]
        _must(batch.findtext(f"{space}Paths/{space}Quantity") == str(len(items)), 400, "InconsistentQuantities")
        if items == ["/*"]:
            return None
        _must(all(item.startswith("#") for item in items), 400, "InvalidArgument")
        return _tags([item[1:] for item in items], most=3000, longest=256)

    def _count(self, cost: int) -> None:
        """The provider's own limits, written down once more: 100,000 keys an hour; 25 and 5 a minute; 3,000 for 25 s."""
        now = time.monotonic()
        self.spent.append((now, cost))
        if self.provider == "cloudflare":
            tokens, last = 25.0, now
            for at, spent in self.spent:
                tokens = min(25.0, tokens + max(0.0, at - last) * 5 / 60) - spent
                last = at
            _must(tokens >= 0, 429, "rate limit")
            return
        window, most = (3600, 100_000) if self.provider == "fastly" else (25, 3000)
        _must(
            sum(spent for at, spent in self.spent if now - at < window) <= most, 429, "TooManyInvalidationsInProgress"
        )

    def _yes(self, tags: list[str]) -> tuple[int, str]:
        if self.provider == "fastly":
            return 200, json.dumps(dict.fromkeys(tags, "108-1") if tags else {"status": "ok"})
        if self.provider == "cloudflare":
            return 200, json.dumps({"success": True, "errors": [], "messages": [], "result": {"id": ZONE}})
        return 201, "<Invalidation><Id>I1</Id><Status>InProgress</Status></Invalidation>"

    def _error(self, words: str) -> str:
        if self.provider == "cloudfront":
            return f"<ErrorResponse><Error><Type>Sender</Type><Code>{words}</Code></Error></ErrorResponse>"
        if self.provider == "fastly":
            return json.dumps({"msg": words, "detail": words, "status": "error"})
        return json.dumps(
            {"success": False, "errors": [{"code": 10000, "message": words}], "messages": [], "result": None}
        )

    def failure(self, name: str) -> tuple[int, str, dict[str, str]]:
        """An answer that purged nothing."""
        if name == "garbage":
            return 200, '{"succ', {}
        if name == "no":
            return (
                (400, self._error("InvalidArgument"), {})
                if self.provider == "cloudfront"
                else (200, self._error("no"), {})
            )
        if name == "301":
            return 301, self._yes([])[1], {"Location": "/elsewhere"}
        status, _, wait = name.partition(" ")
        later = datetime.fromtimestamp(time.time() + 2, UTC)  # whole seconds: one to two from now
        until = {"after 1": "1", "until a date": f"{later:%a, %d %b %Y %H:%M:%S GMT}"}.get(wait)
        return int(status), self._error("busy"), {"Retry-After": until} if until else {}


@asynccontextmanager
async def playing(provider: str) -> AsyncIterator[CdnApi]:
    """The provider's API on a free port."""
    api = CdnApi(provider)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                await _answer(api, await _read(reader), writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    api.port = server.sockets[0].getsockname()[1]
    try:
        yield api
    finally:
        api.over.set()
        server.close()


async def _read(reader: asyncio.StreamReader) -> Request:
    head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
    method, path, _ = head[0].split(" ")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:] if line)}
    return Request(method, path, headers, await reader.readexactly(int(headers.get("content-length", "0"))))


async def _answer(api: CdnApi, request: Request, writer: asyncio.StreamWriter) -> None:
    failing = api.failing.pop(0) if api.failing else ""
    if failing == "hang":
        await api.over.wait()
        raise ConnectionResetError
    if failing == "reset":
        writer.transport.abort()
        raise ConnectionResetError
    status, body, headers = api.failure(failing) if failing not in ("", "half") else (*api.answer(request), {})
    lines = [f"{name}: {value}" for name, value in {**headers, "Content-Length": str(len(body))}.items()]
    sent = "\r\n".join([f"HTTP/1.1 {status} X", *lines, "", body]).encode()
    writer.write(sent[: -len(body) // 2] if failing == "half" else sent)
    await writer.drain()
    if failing == "half":
        raise ConnectionResetError


def _must(true: object, status: int, words: str) -> None:
    if not true:
        raise No(status, words)


def _json(body: bytes) -> dict[str, object]:
    try:
        found = json.loads(body)
    except ValueError:
        raise No(400, "not JSON") from None
    _must(isinstance(found, dict), 400, "not an object")
    return found


def _tags(found: object, *, most: int, longest: int) -> list[str]:
    _must(isinstance(found, list) and 1 <= len(found) <= most, 400, f"1 to {most} tags")
    assert isinstance(found, list)
    _must(
        all(isinstance(tag, str) and re.fullmatch(rf"[!-+\--~]{{1,{longest}}}", tag) for tag in found), 400, "bad tag"
    )
    _must(len(set(found)) == len(found), 400, "a tag twice")
    return found


def _signed(request: Request, key: str) -> bool:
    """Signature Version 4, from its description: canonical request, text to sign, a key for day, region and service."""
    shape = r"AWS4-HMAC-SHA256 Credential=([^/]+)/(\d{8})/us-east-1/cloudfront/aws4_request, SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})"
    said = re.fullmatch(shape, request.headers.get("authorization", ""))
    at = request.headers.get("x-amz-date", "")
    if not said or said[1] != key.partition(":")[0] or not at.startswith(said[2]) or "host" not in said[3].split(";"):
        return False
    if abs(datetime.strptime(at, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC).timestamp() - time.time()) > 300:
        return False
    headers = [f"{name}:{request.headers[name]}" for name in said[3].split(";")]
    digest = hashlib.sha256(request.body).hexdigest()
    canonical = "\n".join([request.method, request.path, "", *headers, "", said[3], digest])
    scope = f"{said[2]}/us-east-1/cloudfront/aws4_request"
    text = "\n".join(["AWS4-HMAC-SHA256", at, scope, hashlib.sha256(canonical.encode()).hexdigest()])
    secret = ("AWS4" + key.partition(":")[2]).encode()
    for part in (said[2], "us-east-1", "cloudfront", "aws4_request"):
        secret = hmac.digest(secret, part.encode(), "sha256")
    return hmac.compare_digest(hmac.digest(secret, text.encode(), "sha256").hex(), said[4])
