"""Processes die; the shop answers on. Each test has a shop of its own, since it breaks it."""

from __future__ import annotations

import re
import signal
import time
from collections.abc import Iterator

import httpx
import pytest

from tests.stack import Stack, eventually

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def broken() -> Iterator[Stack]:
    """A shop whose jobs are given again after two seconds instead of thirty."""
    running = Stack(redispatch_after="2")
    yield running
    running.stop()


@pytest.mark.parametrize("name", ["web.0", "worker", "relay", "redis", "mail", "admin", "edge", "postgres"])
def test_any_one_process_may_be_killed(broken: Stack, name: str) -> None:
    pid = broken.kill(name)

    eventually(lambda: broken.pids().get(name) not in (None, pid), within=20)
    with broken.client() as client:
        eventually(lambda: _answers(client, "/p/pell-mug"), within=20)
        eventually(lambda: _answers(client, "/cart"), within=20)


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
        number = _buy(client, "worker-away@example.com")
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
            _buy(client, "no-redis@example.com")
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


def _buy(client: httpx.Client, email: str) -> str:
    """Buys a clock as a browser without JavaScript would, form by form."""
    page = eventually(lambda: client.get("/p/noon-clock").text, within=10)
    variant = re.search(r'name="variant_id" value="([^"]+)"', page)[1]  # type: ignore[index]
    client.post("/cart/lines", data={"variant_id": variant, "quantity": "1"})
    details = {
        "email": email,
        "name": "Ada",
        "line1": "1 High Street",
        "city": "London",
        "postcode": "SW1Y 4JH",
        "country": "GB",
    }
    shipping = client.post("/checkout/details", data=details)
    review = client.post(str(shipping.url), data=_fields(shipping.text))
    pay = client.post("/checkout/place", data=_fields(review.text, "/checkout/place"))
    order = client.post(str(pay.url), data=_fields(pay.text) | {"number": "4242424242424242"})
    assert "/orders/" in str(order.url), order.text
    return str(order.url).rsplit("/", 1)[1]


def _fields(html: str, action: str = "") -> dict[str, str]:
    """The hidden and chosen fields of the form that posts to `action` (the first form with fields without one)."""
    forms = re.findall(r"<form[^>]*>.*?</form>", html, re.S)
    form = next(f for f in forms if 'method="post"' in f and action in f)
    hidden = re.findall(r'<input[^>]*type="hidden"[^>]*name="([^"]+)"[^>]*value="([^"]*)"', form)
    chosen = re.findall(r'<input[^>]*type="radio"[^>]*name="([^"]+)"[^>]*value="([^"]*)"[^>]*checked', form)
    return dict(hidden + chosen)
