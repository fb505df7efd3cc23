"""Processes die; the shop answers on. Each test has a shop of its own, since it breaks it."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import httpx
import pytest

from tests import buying
from tests.stack import Stack, eventually

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def broken() -> Iterator[Stack]:
    """A shop whose jobs are given again after two seconds instead of thirty."""
    running = Stack(redispatch_after="2")
    yield running
    running.stop()


@pytest.mark.parametrize("name", ["web.0", "worker", "relay.0", "redis", "mail", "admin", "edge", "postgres"])
def test_any_one_process_may_be_killed(broken: Stack, name: str) -> None:
    pid = broken.kill(name)

    eventually(lambda: broken.pids().get(name) not in (None, pid), within=20)
    with broken.client() as client:
        eventually(lambda: _answers(client, "/p/pell-mug"), within=20)
        eventually(lambda: _answers(client, "/cart"), within=20)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP], ids=["dies", "hangs"])
def test_no_reader_notices_that_one_of_two_web_instances_is_gone(broken: Stack, number: signal.Signals) -> None:
    eventually(lambda: {"web.0", "web.1"} <= broken.pids().keys(), within=20)
    pid = broken.pids()["web.1"]
    paths = [f"{path}{n}" for n in range(60) for path in ("/search?q=mug+", "/cart?", "/nowhere/")]

    with broken.client() as client, ThreadPoolExecutor(6) as pool:
        eventually(lambda: all(_answers(client, "/cart") for _ in range(4)), within=20)
        load = pool.map(lambda path: client.get(path).status_code, paths)
        _signal(pid, number)
        try:
            statuses = list(load)
        finally:
            with suppress(ProcessLookupError):
                _signal(pid, signal.SIGCONT)

    assert statuses == [200, 200, 404] * 60


def test_kept_pages_are_served_while_every_web_instance_is_away(broken: Stack) -> None:
    with broken.client() as client:
        eventually(lambda: _answers(client, "/p/noon-clock"), within=20)
        stopped = [pid for name, pid in broken.pids().items() if name.startswith("web")]
        for pid in stopped:
            _signal(pid, signal.SIGSTOP)
        try:
            assert client.get("/p/noon-clock").status_code == 200
            assert client.get("/p/never-seen-before").status_code == 503
        finally:
            for pid in stopped:
                _signal(pid, signal.SIGCONT)
        eventually(lambda: _answers(client, "/cart"), within=20)


def test_a_mail_is_sent_once_though_the_worker_was_away(broken: Stack) -> None:
    with broken.client(follow_redirects=True) as client:
        worker = broken.pids()["worker"]
        _signal(worker, signal.SIGSTOP)
        number = buying.buy(client, email="worker-away@example.com")
        time.sleep(1)
        broken.kill("worker")

        eventually(lambda: _mails_to(broken, "worker-away@example.com"), within=40)
        time.sleep(3)

    ids = {mail["message_id"] for mail in _mails_to(broken, "worker-away@example.com")}
    assert len(ids) == 1, number


def test_orders_flow_while_redis_is_away(broken: Stack) -> None:
    redis = broken.pids()["redis"]
    _signal(redis, signal.SIGSTOP)
    try:
        with broken.client(follow_redirects=True) as client:
            buying.buy(client, email="no-redis@example.com")
        eventually(lambda: _mails_to(broken, "no-redis@example.com"), within=40)
    finally:
        _signal(redis, signal.SIGCONT)


def test_after_all_this_every_promise_is_kept(broken: Stack) -> None:
    told = eventually(lambda: broken.run("orders", "verify", "--grace", "30").stdout.endswith("are true.\n"), within=60)

    assert told
    assert broken.run("events", "dead").stdout == "No event is dead.\n"


def _signal(pid: int, number: signal.Signals) -> None:
    import os

    os.killpg(pid, number)  # the server and its worker


def _answers(client: httpx.Client, path: str) -> bool:
    try:
        return client.get(path).status_code == 200
    except httpx.HTTPError:
        return False


def _mails_to(stack: Stack, address: str) -> list[dict[str, str]]:
    return [mail for mail in stack.mails() if address in mail["to"]]
