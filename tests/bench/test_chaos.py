from __future__ import annotations

import asyncio
import json
import random
import shutil
import subprocess
import sys
import time
from collections import deque
from types import SimpleNamespace

import msgspec
import pytest

from app.bench import chaos
from app.bench._crowd import Crowd
from app.bench._mayhem import LONGEST_STOP, Blow, Mayhem, recoveries
from app.bench._onlookers import Onlookers, Watch, note
from app.settings import settings
from app.values import Refusal
from tests.makers import a_product
from tests.stack import ROOT

EDGE = shutil.which("varnishd") is not None
KINDS = {"stop", "flush redis"} | {f"kill {name}" for name in ("edge", "postgres", "redis", "relay", "web", "worker")}


@pytest.mark.parametrize("words", [["--minutes", "0"], ["--minutes", "soon"], ["--loud"]])
def test_what_it_does_not_know_is_refused_before_anything_starts(words: list[str]) -> None:
    with pytest.raises(Refusal):
        chaos.run(words)


def test_a_fault_is_over_when_an_order_sent_after_it_is_acknowledged() -> None:
    blows = [Blow(what="kill relay", at=5.0), Blow(what="kill redis", at=50.0)]

    recoveries(blows, [(104.0, 107.0), (105.5, 106.25), (110.0, 110.5)], started=100.0)

    assert [blow.recovered for blow in blows] == [1.25, None]


@pytest.mark.parametrize(
    ("head", "way", "odd"),
    [
        (b"HTTP/1.1 303 See Other\r\nlocation: /orders/8KW0QX1T\r\n\r\n", "/orders/8KW0QX1T", []),
        (b"HTTP/1.1 303 See Other\r\nLocation: http://localhost:1/dev/pay/0-a\r\n\r\n", "/dev/pay/0-a", []),
        (b"HTTP/1.1 409 Conflict\r\n\r\n", "", ["POST /checkout/place: 409 "]),
        (b"HTTP/1.1 303 See Other\r\nlocation: /cart\r\n\r\n", "", ["POST /checkout/place: 303 "]),
    ],
)
async def test_a_shopper_who_was_told_to_come_back_tries_again_and_knows_where_to_go(
    head: bytes, way: str, odd: list[str]
) -> None:
    answers = [b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 5\r\n\r\n", head]

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answers.pop(0))
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as shop:
        crowd = Crowd(deque(), shop.sockets[0].getsockname()[1], 1, random.Random(1))
        found = await crowd._way(b"POST /checkout/place HTTP/1.1\r\n\r\n")

    assert (found, crowd.odd, crowd.tries, answers) == (way, odd, 2, [])


@pytest.mark.parametrize("seed", range(5))
def test_each_kind_of_fault_comes_once_in_a_round_and_a_round_fits_into_a_minute(seed: int) -> None:
    names = ["postgres", "redis", "mail", "edge", "access", "web.0", "web.1", "admin", "relay.0", "relay.1", "worker"]
    shop = SimpleNamespace(pids=lambda: dict.fromkeys(names, 1))

    cards = Mayhem(shop, random.Random(seed), chaos.PAUSE)._shuffled()  # type: ignore[arg-type]

    assert sorted(map(_kind, cards)) == sorted([*KINDS, "kill access"])
    assert len(cards) * chaos.PAUSE * 1.5 + LONGEST_STOP < 60


@pytest.mark.parametrize(
    ("headers", "found", "leak"),
    [
        ({"Cache-Status": "vitrine; hit; ttl=60"}, set(), ""),
        ({"Cache-Status": "vitrine; fwd=bypass", "Set-Cookie": "sid=1"}, {"ada"}, ""),
        ({"Cache-Status": "vitrine; hit; ttl=60"}, {"ada"}, "somebody's name was kept"),
        ({"Cache-Status": "vitrine; hit; ttl=60", "Set-Cookie": "sid=1"}, set(), "a cookie was kept"),
        ({"Cache-Status": "vitrine; fwd=bypass"}, {"bob"}, "somebody else's name was shown"),
    ],
)
def test_what_is_kept_is_nobodys(headers: dict[str, str], found: set[str], leak: str) -> None:
    watch = Watch()

    note(watch, "/", headers, found, "ada")

    assert watch.leaks == ([f"/: {leak}"] if leak else [])


async def test_a_round_is_played_to_its_end_and_who_is_not_back_yet_comes_later(monkeypatch) -> None:
    back = iter([False, False])
    shop = SimpleNamespace(pids=lambda: {"worker": 1} | ({"relay": 2} if next(back, True) else {}))
    mayhem = Mayhem(shop, random.Random(1), pause=0.001)  # type: ignore[arg-type]
    monkeypatch.setattr("app.bench._mayhem.ROUND", -1)
    monkeypatch.setattr(mayhem, "_strike", lambda *_: asyncio.sleep(0))
    monkeypatch.setattr(mayhem, "_shuffled", lambda: ["kill worker", "stop relay", "kill relay"])

    await mayhem.rage(time.monotonic())

    assert {blow.what for blow in mayhem.blows} == {"kill worker", "stop relay", "kill relay"}


@pytest.mark.slow
@pytest.mark.timeout(480)
def test_a_minute_of_chaos_loses_and_doubles_nothing() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "app.cli", "bench", "chaos", "--minutes", "1", "--rate", "8", "--json"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.stdout, done.stderr[-3000:]
    told = json.loads(done.stdout)
    wrong = {what: told[what] for what in ("lost", "broken", "odd")} | {"leaks": told["watch"]["leaks"]}
    assert not any(wrong.values()), json.dumps(told, indent=1)
    assert {_kind(blow["what"]) for blow in told["blows"]} >= KINDS - (set() if EDGE else {"kill edge"})
    # something of each happened; how much is a matter of the machine
    assert min(told[what] for what in ("acknowledged", "pages", "paid", "unpaid")) > 0
    assert told["watch"]["reads"] > 0, json.dumps(told, indent=1)


def _kind(what: str) -> str:
    return "stop" if what.startswith("stop") else what.partition(".")[0].removesuffix("'s child")


async def test_onlookers_put_something_in_their_carts_say_who_they_are_and_read(shop) -> None:
    product = await a_product(variants=[{"stock": 5}])
    onlookers = Onlookers(msgspec.structs.replace(settings(), edge=True), random.Random(1))
    onlookers.browsers = dict.fromkeys(onlookers.names, shop)

    await onlookers.arrive(product.variant_id)

    assert onlookers.names[-1] in (await shop.get("/checkout")).text
    await onlookers.look_on(time.monotonic() + 1)
    assert onlookers.watch.reads > 1
