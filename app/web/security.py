"""What surrounds every request: same-origin checks, security headers, cookies, and the measure of its work."""

from __future__ import annotations

import time
from typing import Any

from app.db.engines import TALLY, Tally
from app.settings import Settings
from app.web.builds import fingerprint
from app.web.speculation import FORGET
from app.web.visitor import cookie_headers

SAFE = {"GET", "HEAD", "OPTIONS"}
VERSION = "0.1.0"

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; form-action 'self'{pay}; frame-ancestors 'none'; base-uri 'none'"
)


def security_headers(pay_origins: str = "") -> list[tuple[bytes, bytes]]:
    """Headers of every answer. `pay_origins`: where a form may lead besides ourselves (payment pages)."""
    policy = POLICY.format(pay=f" {pay_origins}" if pay_origins else "")
    return [
        (b"content-security-policy", policy.encode()),
        (b"x-content-type-options", b"nosniff"),
        (b"referrer-policy", b"same-origin"),
        (b"cross-origin-opener-policy", b"same-origin"),
        (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
        (b"x-vitrine-version", f"{VERSION}+{fingerprint()[:12]}".encode()),
    ]


class Envelope:
    """ASGI middleware around the app. `exempt`: path prefixes verified by a signature of their own (webhooks)."""

    def __init__(self, app: Any, settings: Settings, origins: frozenset[str], exempt: tuple[str, ...] = ()) -> None:
        self.app = app
        self.settings = settings
        self.origins = origins
        self.exempt = exempt
        self.headers = security_headers(" ".join(settings.payment_origins))

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if scope["method"] not in SAFE and not self._same_origin(scope):
            await _refuse(send, self.headers)
            return
        head = scope["method"] == "HEAD"
        if head:
            scope["method"] = "GET"
        tally, started = Tally(), time.perf_counter()
        token = TALLY.set(tally)

        async def send_on(message: Any) -> None:
            if message["type"] == "http.response.start":
                given = {name for name, _ in message["headers"]}  # a page may be stricter or, for itself, laxer
                ours = [header for header in self._extra(scope, tally, started) if header[0] not in given]
                message["headers"] = [*message["headers"], *ours]
            elif head:
                message = {**message, "body": b""}
            await send(message)

        try:
            await self.app(scope, receive, send_on)
        finally:
            TALLY.reset(token)

    def _extra(self, scope: Any, tally: Tally, started: float) -> list[tuple[bytes, bytes]]:
        origin = (time.perf_counter() - started) * 1000
        timing = f"origin;dur={origin:.1f}, db;dur={tally.seconds * 1000:.1f}, queries;desc={tally.queries}"
        cookies = cookie_headers(scope, self.settings)
        forget = [FORGET] if cookies or scope["method"] not in SAFE else []
        return [*self.headers, (b"server-timing", timing.encode()), *forget, *cookies]

    def _same_origin(self, scope: Any) -> bool:
        """Fetch metadata decides; without it Origin; without that Referer (OWASP's order, and no token in kept HTML)."""
        if scope["path"].startswith(self.exempt):
            return True
        headers = dict(scope["headers"])
        site = headers.get(b"sec-fetch-site")
        if site is not None:
            return site == b"same-origin"
        origin = headers.get(b"origin")
        if origin is not None:
            return origin.decode("latin-1") in self.origins
        referer = headers.get(b"referer", b"").decode("latin-1")
        return any(referer == origin or referer.startswith(f"{origin}/") for origin in self.origins)


async def _refuse(send: Any, headers: list[tuple[bytes, bytes]]) -> None:
    from app.web.refusals import not_ours  # which needs routes, and they this

    body = not_ours()
    plain = [(b"content-type", b"text/html; charset=utf-8"), (b"cache-control", b"private, no-store")]
    await send({"type": "http.response.start", "status": 403, "headers": [*headers, *plain]})
    await send({"type": "http.response.body", "body": body})
