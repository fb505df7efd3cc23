from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest

from app.bench import _load, _ratios


def test_what_a_child_works_is_counted_too() -> None:
    before, own = _ratios.spent(os.getpid()), time.process_time()

    with subprocess.Popen([sys.executable, "-c", "while True: pass"]) as child:
        worked = 0.0
        while worked < 0.2:  # the run's own limit ends it, should nothing be counted
            worked = _ratios.spent(os.getpid()) - before - (time.process_time() - own)
        child.kill()


def test_each_round_is_compared_with_its_own_static_object(monkeypatch: pytest.MonkeyPatch) -> None:
    static, page = (
        _load.Target(name=name, url=f"http://localhost:1/{name}", headers={}) for name in ("static", "page")
    )
    rates, clock = iter([9, 9, 50, 100, 10, 20, 30, 60]), iter(range(0, 100, 5))
    monkeypatch.setattr(_load, "program", lambda: "wrk")
    monkeypatch.setattr(_load, "_measure", lambda *_: next(rates))

    measured, beside = _load.in_turn([page, static], rounds=3, seconds=1, spent=lambda: float(next(clock)))
    row = _ratios._ratio(measured, beside)

    assert (row.rate, row.lowest, row.ratio, row.highest, row.cpu) == (30, 0.5, 0.5, 0.5, 2.0)
