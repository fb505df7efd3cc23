"""The edge as a stranger sees it: black box, through a running shop."""

from __future__ import annotations

import asyncio
import re
import socket
import time

import asyncpg
import httpx
import pytest

from tests.stack import Stack, eventually

pytestmark = pytest.mark.slow

PUBLIC = ["/", "/c/table", "/p/pell-mug", "/search?q=mug", "/_f/suggest?q=mug", "/_f/variant/pell-mug", "/sitemap.xml"]


@pytest.mark.parametrize("path", PUBLIC)
def test_a_public_page_is_a_hit_the_second_time_and_the_same_for_everyone(stack: Stack, path: str) -> None:
    with stack.client() as one, stack.client() as other:
        one.get(path)

        first, second = (
            one.get(path),
            other.get(path, headers={"HX-Request": "true", "Cookie": "x=1", "Authorization": "a"}),
        )

    assert "hit" in second.headers["cache-status"]
    assert first.content == second.content
    assert "set-cookie" not in second.headers
    assert "server-timing" not in second.headers


def test_tracking_parameters_do_not_split_a_page(stack: Stack) -> None:
    with stack.client() as client:
        client.get("/p/pell-mug")

        answer = client.get("/p/pell-mug?utm_source=x&gclid=a:b*&fbclid=1")

    assert "hit" in answer.headers["cache-status"]


FUTURE = "Wed, 01 Jan 2031 00:00:00 GMT"


def test_a_page_answers_304_to_its_own_validator_only_until_the_count_changes(stack: Stack) -> None:
    with stack.client() as client:
        etag = client.get("/p/pell-mug").headers["etag"]
        assert client.get("/p/pell-mug", headers={"If-None-Match": etag}).status_code == 304

        _add_something(client)
        _make_hot(client, "/p/pell-mug")
        one = client.get("/p/pell-mug", headers={"If-None-Match": etag, "If-Modified-Since": FUTURE})
        again = client.get("/p/pell-mug", headers={"If-None-Match": one.headers["etag"]})
        _add_something(client)
        two = client.get("/p/pell-mug", headers={"If-None-Match": one.headers["etag"]})

    assert [one.status_code, again.status_code, two.status_code] == [200, 304, 200]
    assert (_badge(one.text), _badge(two.text)) == ("1", "2")
    assert "private" in one.headers["cache-control"]


def test_a_page_whose_holes_the_edge_fills_is_never_304(stack: Stack) -> None:
    with stack.client() as client:
        _add_something(client, quantity=12)

        page, lost = client.get("/p/pell-mug"), client.get("/nowhere-at-all")

    assert _badge(page.text) == "12"
    assert "Your orders" in lost.text
    assert not any("<esi:" in answer.text or "etag" in answer.headers for answer in (page, lost))


def test_two_shoppers_with_the_same_count_share_the_page(stack: Stack) -> None:
    with stack.client() as one, stack.client() as other:
        for client in (one, other):
            _add_something(client, quantity=7)
        _make_hot(one, "/p/noon-clock")

        answer = other.get("/p/noon-clock")

    assert "hit" in answer.headers["cache-status"]
    assert "etag" in answer.headers
    assert _badge(answer.text) == "7"


def test_the_badge_shows_what_this_visitor_has(stack: Stack) -> None:
    with stack.client() as buyer, stack.client() as stranger:
        _add_something(buyer, quantity=3)

        assert _badge(buyer.get("/p/pell-mug").text) == "3"
        assert _badge(buyer.get("/").text) == "3"
        assert _badge(stranger.get("/").text) in ("", "0")


def test_a_hole_cannot_be_asked_for(stack: Stack) -> None:
    with stack.client() as client:
        assert client.get("/_h/badge").status_code == 404
        assert client.get("/_h/account").status_code == 404


def test_private_pages_are_never_kept(stack: Stack) -> None:
    with stack.client() as client:
        for path in ("/cart", "/checkout", "/account"):
            answers = [client.get(path) for _ in range(2)]
            assert all("no-store" in answer.headers["cache-control"] for answer in answers)
            assert not any("hit" in answer.headers["cache-status"] for answer in answers)


def test_a_form_from_elsewhere_changes_nothing(stack: Stack) -> None:
    with stack.client() as client:
        answer = client.post("/cart/lines", data={"quantity": "1"}, headers={"Sec-Fetch-Site": "cross-site"})

    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    "line",
    [
        b"GET //cart HTTP/1.1",
        b"GET /%2f/cart HTTP/1.1",
        b"GET http://evil/cart HTTP/1.1",
        b"GET /a/../cart HTTP/1.1",
        b"PURGE / HTTP/1.1",
    ],
)
def test_odd_requests_are_refused(stack: Stack, line: bytes) -> None:
    with socket.create_connection(("127.0.0.1", stack.ports["port"]), 5) as raw:
        raw.sendall(line + f"\r\nHost: localhost:{stack.ports['port']}\r\nConnection: close\r\n\r\n".encode())
        status = raw.recv(4096).split()[1]

    assert status in (b"400", b"404", b"405", b"421")


def test_another_host_is_refused(stack: Stack) -> None:
    with stack.client() as client:
        assert client.get("/", headers={"Host": "evil.example"}).status_code in (400, 421)


async def test_an_update_through_sql_is_live_within_a_second_and_spares_other_pages(stack: Stack) -> None:
    async with httpx.AsyncClient(base_url=stack.url, timeout=20) as client:
        for path in ("/p/pell-mug", "/c/table/mugs", "/p/noon-clock", "/c/wall/clocks"):
            await client.get(path)
        price = await _new_price(stack, "pell-mug")

        took = await _until_shown(client, "/p/pell-mug", price)
        await _until_shown(client, "/c/table/mugs", price)
        unrelated = [await client.get(path) for path in ("/p/noon-clock", "/c/wall/clocks")]

    assert took < 1.0
    assert all("hit" in answer.headers["cache-status"] for answer in unrelated)


async def test_a_commit_is_live_even_when_its_process_dies_at_once(stack: Stack) -> None:
    async with httpx.AsyncClient(base_url=stack.url, timeout=20) as client:
        await client.get("/p/dunmore-jug")
        price = await _new_price(stack, "dunmore-jug")
        for name in [name for name in stack.pids() if name.startswith("web")]:
            stack.kill(name)

        shown = await _eventually_shown(client, "/p/dunmore-jug", price, within=10)

    assert shown


def test_a_created_product_heals_its_404(stack: Stack) -> None:
    with stack.client() as client:
        assert client.get("/p/brand-new").status_code == 404
        assert "hit" in client.get("/p/brand-new").headers["cache-status"]
        asyncio.run(_publish_copy(stack, "noon-clock", "brand-new"))

        eventually(lambda: client.get("/p/brand-new").status_code == 200, within=2)


async def _new_price(stack: Stack, slug: str) -> str:
    """Sets every price of a product to an odd amount, through SQL. Returns it as pages show it."""
    amount = 10000 + time.time_ns() // 1_000_000 % 80000
    connection = await asyncpg.connect(stack.dsn)
    await connection.execute(
        "UPDATE price SET was = NULL, amount = $2 WHERE variant_id IN "
        "(SELECT v.id FROM variant v JOIN product p ON p.id = v.product_id WHERE p.slug = $1)",
        slug,
        amount,
    )
    await connection.close()
    return f"£{amount // 100}.{amount % 100:02}"


async def _until_shown(client: httpx.AsyncClient, path: str, text: str) -> float:
    started = time.monotonic()
    while text not in (await client.get(path)).text:
        assert time.monotonic() - started < 5, f"{path} does not show {text}"
        await asyncio.sleep(0.02)
    return time.monotonic() - started


async def _eventually_shown(client: httpx.AsyncClient, path: str, text: str, *, within: float) -> bool:
    until = time.monotonic() + within
    while time.monotonic() < until:
        answer = await client.get(path)
        assert answer.status_code in (200, 503)
        if text in answer.text:
            return True
        await asyncio.sleep(0.05)
    return False


async def _publish_copy(stack: Stack, slug: str, new_slug: str) -> None:
    connection = await asyncpg.connect(stack.dsn)
    async with connection.transaction():
        await connection.execute(
            "WITH p AS (INSERT INTO product (id, slug, title, subtitle, description, type_id, maker_id, category_id, status) "
            "SELECT gen_random_uuid(), $2, title, subtitle, description, type_id, maker_id, category_id, 'published' "
            "FROM product WHERE slug = $1 RETURNING id), "
            "v AS (INSERT INTO variant (id, product_id, sku, title) SELECT gen_random_uuid(), id, $2, '' FROM p RETURNING id) "
            "INSERT INTO price (id, variant_id, market, currency, amount) SELECT gen_random_uuid(), id, 'uk', 'GBP', 900 FROM v",
            slug,
            new_slug,
        )
    await connection.close()


def _add_something(client: httpx.Client, quantity: int = 1) -> None:
    page = client.get("/p/pell-mug").text
    variant = re.search(r'name="variant_id" value="([^"]+)"', page)
    assert variant, "nothing to buy on the page"
    answer = client.post("/cart/lines", data={"variant_id": variant[1], "quantity": str(quantity)})
    assert answer.status_code == 303


def _make_hot(client: httpx.Client, path: str) -> None:
    """Asks until the page has an object for this visitor's count; before, it comes with includes."""
    eventually(lambda: "etag" in client.get(path).headers, within=10)


def _badge(html: str) -> str:
    found = re.search(r'data-testid="cart-badge".*?</a>', html, re.S)
    assert found, "the page has no badge"
    return "".join(re.findall(r"\d+", re.sub(r"<[^>]+>", " ", found[0])))
