"""Every connection is taken: shoppers are told so by a page of ours and to come back, what needs none goes on, and all is well again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import httpx
import pytest

from app.db.engines import EVERYONE, close_databases, open_databases, reading
from app.ops import verify
from app.settings import settings
from tests.checkout.walk import another_browser, fill_cart, to_token
from tests.conftest import ANONYMOUS_FORM
from tests.knobs import knobs
from tests.makers import a_product
from tests.orders.books import numbers_of
from tests.outboxes import settle

pytestmark = pytest.mark.slow

SIZE = 3


@pytest.fixture
async def small(own_database: str) -> AsyncIterator[None]:
    """Few connections, and little patience with whoever has them."""
    await close_databases()
    with knobs(pool_size=SIZE, acquire_timeout=0.2):
        await open_databases(settings())
        yield
        await close_databases()
    await open_databases(settings())


@asynccontextmanager
async def all_taken(*keys: object) -> AsyncIterator[None]:
    """Somebody sits on every connection that these would get, each in a task of its own."""
    release, sitting = asyncio.Event(), asyncio.Semaphore(0)

    async def sit(key: object) -> None:
        async with reading(key):  # type: ignore[arg-type]
            sitting.release()
            await release.wait()

    async with AsyncExitStack() as stack:
        tasks = [asyncio.create_task(sit(key)) for key in keys for _ in range(settings().pool_size)]
        stack.push_async_callback(asyncio.gather, *tasks)
        stack.callback(release.set)
        for _ in tasks:
            await sitting.acquire()
        yield


#    taken by others      what is asked, and answered meanwhile
TAKEN = [
    ((0,),          {"/cart": 503, "/checkout": 503, "/p/{}": 200, "/healthz": 200, "/readyz": 200}),
    ((0, EVERYONE), {"/cart": 503, "/checkout": 503, "/p/{}": 503, "/healthz": 200, "/readyz": 503}),
]  # fmt: skip


@pytest.mark.parametrize(("keys", "told"), TAKEN, ids=["shards", "everything"])
async def test_who_finds_no_connection_is_told_to_come_back_and_then_served(
    small: None, keys: tuple[object, ...], told: dict[str, int]
) -> None:
    product = await a_product()
    async with another_browser() as shop:
        await fill_cart(shop, {product.variant_id: 1})
        async with all_taken(*keys):
            answers = {path: await _asked(shop, path.format(product.slug)) for path in told}
        after = {path: (await _asked(shop, path.format(product.slug))).status_code for path in told}

    assert {path: answer.status_code for path, answer in answers.items()} == told
    busy = [answer for path, answer in answers.items() if answer.status_code == 503 and path != "/readyz"]
    assert all(int(answer.headers["retry-after"]) > 0 and "<h1" in answer.text for answer in busy)
    assert set(after.values()) <= {200, 303}


async def test_an_order_that_found_no_connection_is_placed_once_when_pressed_again(small: None) -> None:
    variant_id = (await a_product()).variant_id
    async with another_browser() as shop:
        pressed = {"token": await to_token(shop, {variant_id: 1})}
        async with all_taken(0):
            busy = await asyncio.gather(*(shop.post("/checkout/place", data=pressed) for _ in range(3)))
        with knobs(payment_provider="instant"):
            placed = [await shop.post("/checkout/place", data=pressed) for _ in range(2)]
    await settle()

    assert {(answer.status_code, "retry-after" in answer.headers) for answer in busy} == {(503, True)}
    assert [answer.status_code for answer in placed] == [303, 303]
    assert placed[0].headers["location"] == placed[1].headers["location"]
    assert await numbers_of(variant_id) == (19, 0, 1)
    assert await verify.violations() == []


async def _asked(shop: httpx.AsyncClient, path: str) -> httpx.Response:
    """Public pages in the form that the edge keeps."""
    return await shop.get(path, headers=ANONYMOUS_FORM if path.startswith("/p/") else {})
