"""A Stripe of our own on a socket: keeps books, replays idempotency keys, signs webhooks, and misbehaves on demand."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import time
from collections import defaultdict, deque
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import stripe

from tests.payments.stripe_books import Books, Refuse, Row

KEY, SECRET = "sk_test_of_the_fake", "whsec_of_the_fake"
CARDS = {"4242424242424242": "ok", "4000000000000002": "declined", "4000000000003220": "asks"}


class Fake:
    """One account. `does[path]` holds what goes wrong with the next requests to a path, in order:

    500 (remembered under the key, nothing done) | 500 done | 429 | reset (nothing done) | lost (done, no answer) | silent | slow.
    """

    def __init__(self) -> None:
        self.books = Books()
        self.does: dict[str, deque[str]] = defaultdict(deque)
        self.asked: list[tuple[str, str]] = []
        self.keys: dict[str, tuple[Any, int, Row]] = {}
        self.slow = 0.3
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Fake:
        self._server = await asyncio.start_server(self._served, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        self.books.page = self.url
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        for task in self._open:
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    def misbehave(self, path: str, *how: str) -> None:
        self.does[path].extend(how)

    def count(self, method: str, path: str) -> int:
        return sum(each == (method, path) for each in self.asked)

    # webhooks

    def signed(self, event: Row, *, secret: str = SECRET, at: float | None = None) -> tuple[bytes, dict[str, str]]:
        body = json.dumps(event)
        stamp = int(at if at is not None else time.time())
        header = stripe.WebhookSignature.generate_signature_header(body, secret, stamp)
        return body.encode(), {"stripe-signature": header, "content-type": "application/json"}

    async def deliver(self, shop: httpx.AsyncClient, event: Row, **how: Any) -> httpx.Response:
        body, headers = self.signed(event, **how)
        return await shop.post("/webhooks/stripe", content=body, headers=headers)

    # the wire

    async def _served(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        try:
            with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
                while await self._one(reader, writer):
                    pass
        finally:
            self._open.discard(task)
            writer.close()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        first, *lines = head.split("\r\n")
        method, target, _ = first.split(" ")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines if line)}
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        url = urlsplit(target)
        told = nested(parse_qsl(body.decode() if method == "POST" else url.query, keep_blank_values=True))
        generic = re.sub(r"/(cs_test|pi|re)_[0-9a-f]+", "/*", url.path)
        self.asked.append((method, generic))
        how = self.does[generic].popleft() if self.does[generic] else ""
        if how == "reset":
            writer.transport.abort()
            return False
        if how in ("slow", "silent"):
            await asyncio.sleep(self.slow if how == "slow" else 3600)
        status, answer, extra = self._answered(method, url.path, told, headers, how)
        if how == "lost":
            writer.transport.abort()
            return False
        text = answer.encode() if isinstance(answer, str) else json.dumps(answer).encode()
        kind = "text/html" if isinstance(answer, str) else "application/json"
        writer.write(
            f"HTTP/1.1 {status} .\r\nContent-Type: {kind}\r\nContent-Length: {len(text)}\r\n{extra}\r\n".encode() + text
        )
        await writer.drain()
        return True

    def _answered(self, method: str, path: str, told: Row, headers: dict[str, str], how: str) -> tuple[int, Any, str]:
        if path.startswith("/c/pay/"):
            return self._hosted(path.rpartition("/")[2], told, method)
        if headers.get("authorization") != f"Bearer {KEY}":
            return (
                401,
                Refuse(f"Invalid API Key provided: {headers.get('authorization')}", kind="authentication_error").error,
                "",
            )
        if how == "429":
            return 429, Refuse("rate_limit", kind="invalid_request_error").error, ""
        key = headers.get("idempotency-key", "") if method == "POST" else ""
        if key in self.keys:
            before, status, answer = self.keys[key]
            if before != (path, told):
                return 400, Refuse("key_in_use", kind="idempotency_error").error, ""
            return status, answer, "Idempotent-Replayed: true\r\n"
        try:
            status, answer = 200, {} if how == "500" else self._done(method, path, told)
        except Refuse as no:
            return no.status, no.error, ""
        if how.startswith("500"):
            status, answer = 500, {"error": {"type": "api_error", "message": "sorry"}}
        if key:
            self.keys[key] = ((path, told), status, json.loads(json.dumps(answer)))
        return status, answer, ""

    def _done(self, method: str, path: str, told: Row) -> Row:
        books, parts = self.books, path.removeprefix("/v1/").split("/")
        expand = list(told.pop("expand", {}).values())
        if method == "GET":
            rows = {
                "checkout/sessions": books.sessions,
                "payment_intents": books.intents,
                "refunds": books.refunds,
                "disputes": books.disputes,
            }
            name = "/".join(parts) if "/".join(parts) in rows else "/".join(parts[:-1])
            if name == "/".join(parts):
                return _page(list(rows[name].values()), told, books, expand)
            row = books.session(parts[-1]) if name == "checkout/sessions" else books.found(rows[name], parts[-1])
            return books.expanded(row, expand)
        if parts[:2] == ["checkout", "sessions"]:
            return books.create_session(told) if len(parts) == 2 else books.expire_session(parts[2], told)
        if parts[0] == "refunds":
            return books.create_refund(told)
        return {"capture": books.capture, "cancel": books.cancel}[parts[2]](parts[1], told)

    def _hosted(self, id: str, told: Row, method: str) -> tuple[int, Any, str]:
        session = self.books.session(id)
        if method == "GET":
            return 200, f"Pay {session['amount_total']} {session['currency']}", ""
        if told.get("answer") == "cancel":
            return 303, "", f"Location: {session['cancel_url']}\r\n"
        card = CARDS.get(told.get("number", ""), "confirmed" if told.get("answer") == "yes" else "refused")
        self.books.pay(id, card)
        if session["status"] != "complete":
            return 200, "It is declined." if card != "asks" else "Is it you?", ""
        return 303, "", f"Location: {session['success_url']}\r\n"


def _page(rows: list[Row], told: Row, books: Books, expand: list[str]) -> Row:
    span = told.get("created", {})
    wanted = [
        row
        for row in reversed(rows)
        if int(span.get("gte", 0)) <= row["created"] <= int(span.get("lte", 1 << 40))
        and told.get("payment_intent", row.get("payment_intent")) == row.get("payment_intent")
    ]
    ids = [row["id"] for row in wanted]
    start = ids.index(told["starting_after"]) + 1 if "starting_after" in told else 0
    end = start + int(told.get("limit", 10))
    data = [books.expanded(row, expand) for row in wanted[start:end]]
    return {"object": "list", "url": "/v1", "has_more": end < len(wanted), "data": data}


def nested(pairs: list[tuple[str, str]]) -> Row:
    """a[b][0]=c as {"a": {"b": {"0": "c"}}}: how Stripe's library writes a form."""
    told: Row = {}
    for name, value in pairs:
        *path, last = re.findall(r"[^\[\]]+", name)
        at = told
        for part in path:
            at = at.setdefault(part, {})
        at[last] = value
    return told
