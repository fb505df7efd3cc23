from __future__ import annotations

import asyncio
from collections import deque
from contextlib import nullcontext
from unittest.mock import AsyncMock

import pytest

from app.bench import _buyers, _reservations, _targets, orders
from app.bench._placing import Run, at_full_speed, at_rate
from app.values import Refusal
from tests.makers import a_product, a_shipping_method


def test_a_percentile_is_of_the_waits_in_milliseconds() -> None:
    run = Run(seconds=2, waits=[n / 1000 for n in range(1, 101)], bad=[])

    assert (run.rate, run.percentile(0.5), run.percentile(0.99)) == (50, 51, 100)


def test_what_it_does_not_know_is_refused_before_anything_starts() -> None:
    with pytest.raises(Refusal, match="--fast"):
        orders.run(["--fast"])


#    ratio   p99 with, without Redis   orders not placed   what is said of it
TARGETS = [
    (20.0,  999.0, 1249.0, 0, []),
    (19.9,  100.0,  100.0, 0, ["Batches reserve 19.9 times as fast as one by one; the target is at least 20."]),
    (25.0, 1000.0, 1000.0, 0, ["99 of 100 orders are placed within 1000 ms; the target is under 1000 ms."]),
    (25.0,  100.0,  351.0, 0, ["Without Redis they take 251 ms more; the target is at most 250 ms."]),
    (25.0,  100.0,  100.0, 2, ["2 orders were not placed (Redis hangs); the target is none."]),
]  # fmt: skip


@pytest.mark.parametrize(("ratio", "there", "away", "errors", "said"), TARGETS)
def test_a_target_that_is_missed_is_said_and_ends_with_its_status(
    monkeypatch: pytest.MonkeyPatch, ratio: float, there: float, away: float, errors: int, said: list[str]
) -> None:
    waits = {
        "with Redis": {"rate": 9.0, "p50": 9.0, "p99": there, "errors": 0},
        "Redis hangs": {"rate": 9.0, "p50": 9.0, "p99": away, "errors": errors},
    }
    paces = [_reservations.Pace(rate=rate, p50=1, p99=1, batch=1) for rate in (ratio, 1.0)]
    found = orders.Found(batched=paces[:1], alone=paces[1:], pgbench=[2.0], orders=[1.0], waits=waits)
    monkeypatch.setattr(orders, "a_shop", lambda **_: nullcontext())
    monkeypatch.setattr(orders, "_measured", AsyncMock(return_value=found))

    assert _targets.missed(found.reservations_ratio, waits) == said
    with pytest.raises(SystemExit) if said else nullcontext():
        orders.run(["--json"])


async def test_both_ways_to_reserve_are_measured_in_turn(databases) -> None:
    batched, alone = await _reservations.in_turn(rounds=1, seconds=0.2)

    assert batched[0].batch > alone[0].batch == 1
    assert min(batched[0].rate, alone[0].rate) > 0


async def test_a_prepared_buyers_request_places_an_order(shop) -> None:
    from app.db.engines import EVERYONE, reading
    from app.settings import settings

    await a_shipping_method()
    product = await a_product()
    async with reading(EVERYONE):
        [offer] = (await _buyers.sellables([product.variant_id])).values()
    [request, *_] = await _buyers.buyers([await _buyers.desk_of(offer)], 4, settings())
    head, _, body = request.decode().partition("\r\n\r\n")
    fields = dict(line.split(": ", 1) for line in head.split("\r\n")[1:])

    answer = await shop.post("/checkout/place", content=body, headers=fields)

    assert answer.status_code == 303
    assert answer.headers["location"].startswith(("/orders/", "/dev/pay/"))


async def test_every_request_is_sent_once_and_a_bad_answer_is_counted() -> None:
    asked = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            asked.append(line)
            to = b"/orders/7" if b"good" in line else b"/cart"
            writer.write(b"HTTP/1.1 303 See Other\r\nlocation: " + to + b"\r\ncontent-length: 0\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]

    fast = await at_full_speed(deque([b"good\n"] * 20 + [b"bad\n"]), port, 5)
    paced = await at_rate(deque([b"good\n"] * 20), port, 100, seconds=0.2)
    server.close()

    assert len(asked) == 41
    assert (len(fast.waits), len(fast.bad), len(paced.waits), paced.bad) == (21, 1, 20, [])
