"""Load for benchmarks: wrk on loopback, bounded in time, two or more targets in turn so that ratios survive a noisy machine."""

from __future__ import annotations

import re
import shutil
import statistics
import subprocess
from collections.abc import Callable, Mapping, Sequence

import msgspec

from app.ops import apt
from app.values import Refusal

CONNECTIONS = 16


class NoWrk(Refusal):
    status = 2


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """What one row measures: a URL on this machine, with the headers that make it that row's."""

    name: str
    url: str
    headers: dict[str, str]


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """Requests per second of each round; with `spent`, the seconds of it that each request took, too."""

    target: Target
    rates: list[float]
    costs: list[float] = []

    @property
    def median(self) -> float:
        return statistics.median(self.rates)


def in_turn(
    targets: Sequence[Target], *, rounds: int, seconds: int, spent: Callable[[], float] | None = None
) -> list[Result]:
    """Measures all targets round by round: A B C A B C ..., after one warm-up of each. One that is named twice has two results.

    Raises NoWrk, and Refusal when a target answers anything but 2xx.
    """
    wrk = program()
    results = [Result(target=target, rates=[], costs=[]) for target in targets]
    for number in range(rounds + 1):
        for result in results:
            before = spent() if spent else 0.0
            rate = _measure(wrk, result.target, seconds if number else 1)
            cost = (spent() - before) / (rate * seconds) if spent else 0.0
            if number:
                result.rates.append(rate)
                result.costs.append(cost)
    return results


def ratio(result: Result, to: Result) -> tuple[float, float, float]:
    """Lowest, median and highest of the rounds' own ratios."""
    pairs = sorted(a / b for a, b in zip(result.rates, to.rates, strict=True))
    return pairs[0], statistics.median(pairs), pairs[-1]


def _measure(program: str, target: Target, seconds: int) -> float:
    if not target.url.startswith(("http://127.0.0.1:", "http://localhost:")):
        raise Refusal(f"{target.url} is not on this machine")
    command = [program, "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", *_flags(target.headers), target.url]
    said = subprocess.run(command, capture_output=True, text=True, timeout=seconds + 30, check=False).stdout
    found = re.search(r"Requests/sec:\s+([\d.]+)", said)
    if found is None or "Non-2xx" in said or "Socket errors" in said:
        raise Refusal(f"{target.name}: not every answer was good\n{said}")
    return float(found[1])


def _flags(headers: Mapping[str, str]) -> list[str]:
    return [part for name, value in headers.items() for part in ("-H", f"{name}: {value}")]


def program() -> str:
    """The path of wrk, installed first when root may. Raises NoWrk."""
    found = shutil.which("wrk")
    if found is None and apt.install(["wrk"], print):
        found = shutil.which("wrk")
    if found is None:
        raise NoWrk(f"The benchmark needs wrk: {apt.how(['wrk'])}")
    return found
