"""Two thousand buyers, a hundred units, several web processes: double clicks, reloads, declined, slow and silent cards."""

from __future__ import annotations

import asyncio
import random
import re
import time
from collections.abc import AsyncIterator, Iterator
from uuid import UUID

import httpx
import pytest

from app.bench import _buyers
from app.db.engines import EVERYONE, all_shards, close_databases, open_databases, reading
from app.inventory import operations as inventory
from app.ops import verify
from app.settings import settings
from tests.knobs import knobs
from tests.orders.books import numbers_of
from tests.stack import Stack

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

BUYERS, LATE, UNITS, AT_ONCE = 2_000, 200, 100, 40
PATIENCE = 60.0
CARDS = [
    ("4242 4242 4242 4242", 92),
    ("4000 0000 0000 0002", 5),
    ("4000 0000 0000 0077", 2),
    ("4000 0000 0000 0259", 1),
]
STATUS = re.compile(r'class="status status--(\w+)" data-testid="order-status"')
QUICK = {"hold_seconds": "6", "pay_seconds": "6", "unknown_seconds": "6", "stuck_seconds": "2", "sweep_every": "0.5"}


@pytest.fixture(scope="module")
def sale() -> Iterator[Stack]:
    """A shop whose unpaid orders give their stock back within seconds."""
    running = Stack(edge=False, web_instances="3", **QUICK)
    yield running
    running.stop()


@pytest.fixture
async def inside(sale: Stack, databases: None) -> AsyncIterator[None]:
    """Our pools are open on the shop's databases."""
    await close_databases()
    with knobs(**{name.removeprefix("VITRINE_").lower(): value for name, value in sale.variables().items()}):
        await open_databases(settings())
        yield
        await close_databases()
    await open_databases(settings())


class Buyer:
    """Somebody with a full cart, a card and habits. `shown`: the number of the order they were shown, with its status."""

    def __init__(self, request: bytes, chance: random.Random) -> None:
        head, _, self.body = request.decode().partition("\r\n\r\n")
        self.fields = dict(line.split(": ", 1) for line in head.split("\r\n")[1:])
        self.presses = 2 if chance.random() < 0.05 else 1
        self.reloads = chance.random() < 0.02
        [self.card] = chance.choices([card for card, _ in CARDS], [share for _, share in CARDS])
        self.shown: dict[str, str] = {}

    async def buy(self, browser: httpx.AsyncClient) -> None:
        answers = await asyncio.gather(*(self._press(browser) for _ in range(self.presses)))
        if self.reloads:
            answers.append(await self._press(browser))
        assert {each.status_code for each in answers} <= {303, 409}, [each.text[-300:] for each in answers]
        for page in {each.headers["location"] for each in answers if each.status_code == 303}:
            await (self._pay if page.startswith("/dev/pay/") else self._look)(browser, page)

    async def _press(self, browser: httpx.AsyncClient) -> httpx.Response:
        while (
            answer := await browser.post("/checkout/place", content=self.body, headers=self.fields)
        ).status_code == 503:
            await asyncio.sleep(0.2)
        return answer

    async def _pay(self, browser: httpx.AsyncClient, page: str) -> None:
        paid = await browser.post(page, data={"number": self.card}, headers={"Cookie": self.fields["Cookie"]})
        if paid.status_code == 303:
            await self._look(browser, paid.headers["location"])

    async def _look(self, browser: httpx.AsyncClient, page: str) -> None:
        answer = await browser.get(page, headers={"Cookie": self.fields["Cookie"]}, follow_redirects=True)
        if status := STATUS.search(answer.text):
            self.shown[answer.url.path.removeprefix("/orders/")] = status[1]


async def test_a_hundred_units_are_sold_once_each_whatever_two_thousand_buyers_do(sale: Stack, inside: None) -> None:
    variant_id, crowd = await _crowd()
    await inventory.count(variant_id, UNITS)

    async with httpx.AsyncClient(base_url=sale.url, headers={"Sec-Fetch-Site": "same-origin"}, timeout=30) as browser:
        await _all_of_them(browser, crowd[:-LATE])
        await _until_sold(browser, variant_id, crowd[-LATE:])

    shown = {number: status for buyer in crowd for number, status in buyer.shown.items()}
    ids = await _ids_of(list(shown))
    acknowledged = {ids[number]: status for number, status in shown.items()}
    assert await _at_rest(acknowledged) == []
    assert max(len(buyer.shown) for buyer in crowd) == 1
    assert await numbers_of(variant_id) == (0, 0, UNITS)
    assert await _sales(variant_id) == (UNITS, UNITS, UNITS)


async def _crowd() -> tuple[UUID, list[Buyer]]:
    """The buyers, and the one variant they are all after."""
    chance = random.Random(5)
    async with reading(EVERYONE) as db:
        variant_id = await db.fetchval(_buyers.ON_SALE, 1)
        [offer] = (await _buyers.sellables([variant_id])).values()
    requests = await _buyers.buyers([await _buyers.desk_of(offer)], BUYERS, settings())
    return variant_id, [Buyer(request, chance) for request in requests]


async def _all_of_them(browser: httpx.AsyncClient, buyers: list[Buyer]) -> None:
    limit = asyncio.Semaphore(AT_ONCE)

    async def one(buyer: Buyer) -> None:
        async with limit:
            await buyer.buy(browser)

    await asyncio.gather(*(one(buyer) for buyer in buyers))


async def _until_sold(browser: httpx.AsyncClient, variant_id: UUID, late: list[Buyer]) -> None:
    """What others did not pay for comes back, and somebody who looks in late gets it."""
    until = time.monotonic() + PATIENCE
    while (numbers := await numbers_of(variant_id))[2] < UNITS:
        assert time.monotonic() < until, f"on hand, reserved, sold: {numbers}"
        free = numbers[0] - numbers[1]
        here, late = late[:free], late[free:]
        await _all_of_them(browser, here)
        await asyncio.sleep(0.3)


async def _ids_of(numbers: list[str]) -> dict[str, UUID]:
    """The orders with these numbers, wherever they are."""
    found: dict[str, UUID] = {}
    for shard in all_shards():
        async with reading(shard.first) as db:
            rows = await db.fetch("SELECT number, id FROM orders WHERE number = ANY($1)", numbers)
        found |= {row["number"]: row["id"] for row in rows}
    return found


async def _at_rest(acknowledged: dict[UUID, str]) -> list[str]:
    """What is still not true when sweepers and relay have had their time."""
    until = time.monotonic() + PATIENCE
    while (broken := await verify.violations(acknowledged)) and time.monotonic() < until:
        await asyncio.sleep(1)
    return broken


async def _sales(variant_id: UUID) -> tuple[int, int, int]:
    """Claimed reservations; orders that are placed; shoppers who have one."""
    claimed, orders, shoppers = 0, 0, set()
    for shard in all_shards():
        async with reading(shard.first) as db:
            claimed += await db.fetchval(
                "SELECT count(*) FROM reservation WHERE variant_id = $1 AND state = 1", variant_id
            )
            rows = await db.fetch(
                "SELECT o.shopper_id FROM orders o JOIN order_line l ON l.order_id = o.id"
                " WHERE l.variant_id = $1 AND o.status = 'placed'",
                variant_id,
            )
        orders += len(rows)
        shoppers |= {row["shopper_id"] for row in rows}
    return claimed, orders, len(shoppers)
