"""Redis, mail and the order of things: what follows from an order is done once, whoever is away."""

from __future__ import annotations

import asyncio
import random
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from arq.worker import Worker, func

from app.db.engines import all_shards, writing
from app.ops import verify
from app.ops.home import Home
from app.ops.home import make as make_home
from app.ops.redis import binary
from app.settings import settings
from jobs import queue
from jobs.outboxes import Outboxes
from jobs.worker import close_lanes, look_at, open_lanes
from tests.faults.proxy import Proxy, proxy
from tests.knobs import knobs
from tests.makers import an_order
from tests.orders.books import consequences_of
from tests.outboxes import open_rows, postbox, settle
from tests.stack import free_ports

pytestmark = pytest.mark.usefixtures("own_database")
slow = pytest.mark.slow

ADDED = 0.25  # seconds that a Redis which is away may cost the first row, and no other


@pytest.fixture(scope="module")
def redis_socket() -> Iterator[str]:
    """A private redis-server."""
    folder = Path(tempfile.mkdtemp(prefix="vr-", dir="/var/tmp"))
    folder.chmod(0o755)
    home = Home(folder)
    make_home(home)
    socket = folder / "redis.sock"
    command = [str(binary(home)), "--port", "0", "--unixsocket", str(socket), "--save", "", "--dir", str(folder)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    while not socket.exists():
        time.sleep(0.02)
    yield str(socket)
    server.send_signal(signal.SIGKILL)
    server.wait()
    shutil.rmtree(folder)


@pytest.fixture
async def between(redis_socket: str) -> AsyncIterator[Proxy]:
    """What stands between the relay and its Redis."""
    async with proxy(redis_socket) as made:
        yield made


def relay(port: int, redispatch_after: float = 30) -> Outboxes:
    with knobs(redis_url=f"redis://127.0.0.1:{port}", redispatch_after=redispatch_after):
        return Outboxes(settings(), all_shards(), queue.connect(settings()))


async def work(port: int) -> None:
    """A worker does what the queue holds, then ends."""
    with knobs(redis_url=f"redis://127.0.0.1:{port}"):
        redis = queue.connect(settings())
    worker = Worker(
        functions=[func(look_at, name="look_at", max_tries=1, keep_result=0)], redis_pool=redis, burst=True,
        on_startup=open_lanes, on_shutdown=close_lanes,
        handle_signals=False, poll_delay=0.02, job_serializer=redis.job_serializer,
        job_deserializer=redis.job_deserializer,
    )  # fmt: skip
    await worker.async_run()
    await worker.close()


@slow
async def test_with_redis_the_worker_does_it(between: Proxy) -> None:
    with knobs(payment_provider="instant"):
        state = await an_order()
    outboxes = relay(between.port)

    with postbox() as sent:
        await outboxes.step()
        await outboxes.idle()
        before = list(sent)
        await work(between.port)

    assert (len(before), len(sent)) == (0, 1), "the relay only hints"
    await settle()
    assert await verify.violations({state.id: "placed"}) == []


#   Redis is     how
AWAY = [
    ("down",       {"mode": "refuse"}),
    ("blackholed", {"mode": "blackhole"}),
    ("slow",       {"latency": 2}),
    ("cut off",    {"cut_after": 4}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("how", "faults"), [pytest.param(*row, id=row[0], marks=() if row[0] == "blackholed" else slow) for row in AWAY]
)
async def test_orders_flow_and_mails_go_out_without_redis(between: Proxy, how: str, faults: dict[str, Any]) -> None:
    await settle()
    outboxes = relay(between.port)
    await outboxes.hints.redis.ping()
    between.set(**faults)

    with postbox() as sent, knobs(payment_provider="instant"):
        states = [await an_order() for _ in range(4)]
        started = time.monotonic()
        await outboxes.step()
        waited = time.monotonic() - started
        await outboxes.idle()
        started = time.monotonic()
        await outboxes.step()
        again = time.monotonic() - started

    assert {state.status for state in states} == {"placed"}
    assert len(sent) == len(set(sent)) == 4, how
    assert waited < ADDED + 1, "noting and reading on a busy machine included"
    assert again < waited or again < ADDED, "nobody asks again so soon"
    await settle()
    assert await verify.violations({state.id: "placed" for state in states}) == []


@slow
async def test_a_flushed_redis_forgets_hints_and_nothing_else(between: Proxy) -> None:
    with knobs(payment_provider="instant"):
        state = await an_order()
    outboxes = relay(between.port, redispatch_after=0.2)
    with postbox() as sent:
        await outboxes.step()
        await outboxes.hints.redis.flushall()
        await work(between.port)
        lost = len(sent)
        await asyncio.sleep(0.3)
        await outboxes.step()
        await work(between.port)

    assert (lost, len(sent)) == (0, 1)
    await settle()
    assert await verify.violations({state.id: "placed"}) == []


@pytest.mark.parametrize("seed", [0, pytest.param(1, marks=slow), pytest.param(2, marks=slow)])
async def test_hints_that_come_twice_and_in_any_order_do_no_more(seed: int) -> None:
    with knobs(payment_provider="instant"):
        states = await asyncio.gather(*(an_order() for _ in range(4)))

    await settle(chaos=random.Random(seed))

    assert await verify.violations({state.id: "placed" for state in states}) == []
    for state in states:
        assert (await consequences_of(state.id)).count("SendConfirmation") == 1


class Sink:
    """A mail server that takes mails and, while `rude`, hangs up instead of saying so."""

    def __init__(self) -> None:
        self.ids: list[str] = []
        self.rude = False

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.ids.append(message_from_bytes(envelope.content)["Message-ID"])
        if self.rude:
            server.transport.abort()
        return "250 OK"


@pytest.fixture
def sink() -> Iterator[tuple[Sink, int]]:
    taken = Sink()
    controller = Controller(taken, hostname="127.0.0.1", port=free_ports(1)[0])
    controller.start()
    yield taken, controller.port
    controller.stop()


async def deliver(port: int) -> None:
    """Every open row is due, and done as often as it takes here and now: once."""
    outboxes = relay(1)
    for id in await open_rows():
        async with writing(id) as db:
            await db.execute("UPDATE outbox SET available_at = now(), dispatched_at = NULL WHERE id = $1", id)
    with knobs(smtp_url=f"smtp://127.0.0.1:{port}"):
        await outboxes.step()
        await outboxes.idle()


#   the mail server   how                     mails it has seen meanwhile
MAIL = [
    ("is down",         {"mode": "refuse"},     0),
    ("hangs up early",  {"cut_after": 20},      0),
    ("is slow",         {"latency": 0.05, "piece": 7}, 1),
    ("takes and drops", {},                     1),
]  # fmt: skip


@pytest.mark.parametrize(
    ("how", "faults", "seen"),
    [pytest.param(*row, id=row[0], marks=() if row[0] == "takes and drops" else slow) for row in MAIL],
)
async def test_a_mail_goes_out_once_by_its_id(
    sink: tuple[Sink, int], how: str, faults: dict[str, Any], seen: int
) -> None:
    await settle()
    taken, port = sink
    with knobs(payment_provider="instant"):
        state = await an_order()
    async with proxy(("127.0.0.1", port)) as between:
        between.set(**faults)
        taken.rude = how == "takes and drops"
        await deliver(between.port)
        meanwhile = len(taken.ids)
        between.set()
        taken.rude = False
        await deliver(between.port)
        await deliver(between.port)

    assert state.status == "placed"
    assert meanwhile == seen
    assert len(set(taken.ids)) == 1
    assert len(taken.ids) == (2 if how == "takes and drops" else 1)
    await settle()
    assert await verify.violations({state.id: "placed"}) == []
