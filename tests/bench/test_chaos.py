from __future__ import annotations

import json
import subprocess
import sys

import pytest

from app.bench import chaos
from app.bench._mayhem import Blow, Crowd, recoveries
from app.values import Refusal
from tests.stack import ROOT


@pytest.mark.parametrize("words", [["--minutes", "0"], ["--minutes", "soon"], ["--loud"]])
def test_what_it_does_not_know_is_refused_before_anything_starts(words: list[str]) -> None:
    with pytest.raises(Refusal):
        chaos.run(words)


def test_a_fault_is_over_when_an_order_sent_after_it_is_acknowledged() -> None:
    blows = [Blow(what="kill relay", at=5.0), Blow(what="kill redis", at=50.0)]

    recoveries(blows, [(104.0, 107.0), (105.5, 106.25), (110.0, 110.5)], started=100.0)

    assert [blow.recovered for blow in blows] == [1.25, None]


@pytest.mark.parametrize(
    ("head", "number", "odd"),
    [
        (b"HTTP/1.1 303 See Other\r\nlocation: /orders/8KW0QX1T\r\n\r\n", "8KW0QX1T", 0),
        (b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 5\r\n\r\n", None, 0),
        (b"HTTP/1.1 409 Conflict\r\n\r\n", None, 1),
    ],
)
def test_a_shopper_knows_an_order_from_a_refusal_and_from_a_shop_that_is_busy(
    head: bytes, number: str | None, odd: int
) -> None:
    crowd = Crowd.__new__(Crowd)
    crowd.odd = []

    assert crowd._number(head) == number
    assert len(crowd.odd) == odd


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_a_minute_of_chaos_loses_and_doubles_nothing() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "app.cli", "bench", "chaos", "--minutes", "0.6", "--rate", "8", "--json"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip

    told = json.loads(done.stdout)
    assert (told["lost"], told["broken"], told["odd"]) == (0, [], [])
    assert told["acknowledged"] > 20
    assert len(told["blows"]) > 3
