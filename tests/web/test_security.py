from __future__ import annotations

import httpx
import pytest

from app.settings import Settings
from app.web.security import Envelope

OURS = "http://localhost:8080"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
GUARDS = {
    "content-security-policy", "x-content-type-options", "referrer-policy", "cross-origin-opener-policy",
    "permissions-policy", "x-vitrine-version",
}  # fmt: skip


@pytest.fixture
async def site():
    """An app that answers everything, in its envelope; a browser that says nothing about itself."""

    async def app(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain")]})
        await send({"type": "http.response.body", "body": b"done"})

    envelope = Envelope(app, Settings(), frozenset({OURS}), exempt=("/webhooks/",))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(envelope), base_url=OURS) as client:
        yield client


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "none"}, 403),
        ({"Sec-Fetch-Site": ""}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": OURS}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Referer": f"{OURS}/cart"}, 403),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "https://evil.example"}, 200),
        ({"Origin": OURS}, 200),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": f"{OURS}.evil.example"}, 403),
        ({"Origin": "http://localhost:8081"}, 403),
        ({"Origin": "https://localhost:8080"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "https://evil.example", "Referer": f"{OURS}/"}, 403),
        ({"Referer": f"{OURS}/p/mug?x=1"}, 200),
        ({"Referer": OURS}, 200),
        ({"Referer": "https://evil.example/"}, 403),
        ({"Referer": f"https://evil.example/?{OURS}/"}, 403),
        ({"Referer": f"{OURS}@evil.example/"}, 403),
        ({"Referer": ""}, 403),
        ({}, 403),
    ],
)
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
async def test_an_unsafe_method_needs_our_own_page(site, method, headers, status):
    answer = await site.request(method, "/cart/lines", headers=headers)

    assert answer.status_code == status
    assert set(answer.headers) >= GUARDS
    if status == 403:
        assert "nothing was changed" in answer.text
        assert answer.headers["cache-control"] == "private, no-store"


async def test_a_referer_that_is_no_address_is_refused_like_any_other(site):
    for referer in ("http://[", "http://[::1", "//", "\x7f", "http://localhost:99999999/"):
        assert (await site.post("/cart/lines", headers={"Referer": referer})).status_code == 403


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
async def test_a_safe_method_may_come_from_anywhere(site, method):
    assert (await site.request(method, "/", headers={"Sec-Fetch-Site": "cross-site"})).status_code == 200


async def test_what_proves_itself_is_exempt_and_nothing_that_looks_like_it(site):
    assert (await site.post("/webhooks/test")).status_code == 200
    assert (await site.post("/webhooks")).status_code == 403
    assert (await site.post("/cart/webhooks/")).status_code == 403


async def test_a_head_has_the_headers_of_a_get_and_no_body(shop):
    for path in ("/healthz", "/cart", "/no-such-page"):
        got, asked = await shop.get(path), await shop.head(path)

        assert asked.status_code == got.status_code
        assert asked.content == b""
        assert asked.headers["content-type"] == got.headers["content-type"]
        assert asked.headers["content-length"] == got.headers["content-length"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/cart", 200),
        ("GET", "/no-such-page", 404),
        ("PUT", "/cart", 405),
        ("POST", "/cart/lines", 422),
        ("POST", "/no-such-page", 404),
    ],
)
async def test_every_answer_guards_itself(shop, method, path, status):
    answer = await shop.request(method, path, headers=FORM)

    assert answer.status_code == status
    assert set(answer.headers) >= GUARDS
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert "server-timing" in answer.headers
    assert "Traceback" not in answer.text
    assert answer.text.lstrip().startswith("<!doctype html>")


async def test_a_form_too_large_is_told_so(shop):
    answer = await shop.post("/cart/lines", content=b"x" * 70_000, headers=FORM)

    assert answer.status_code == 413
    assert set(answer.headers) >= GUARDS
    assert "too much" in answer.text


async def test_a_crash_is_a_page_of_ours_that_tells_nothing(shop, monkeypatch):
    async def burst(*args: object) -> None:
        raise RuntimeError("the boiler's secret pressure")

    monkeypatch.setattr("app.cart.operations.offer_of", burst)
    form = {"variant_id": "00000000-0000-8000-8000-000000000000", "quantity": "1"}

    answer = await shop.post("/cart/lines", data=form)

    assert answer.status_code == 500
    assert set(answer.headers) >= GUARDS
    assert "secret pressure" not in answer.text
    assert "went wrong on our side" in answer.text.lower() or "wrong" in answer.text.lower()
    assert answer.headers["cache-control"] == "private, no-store"
