"""`vitrine bench pages`: what our pages cost, as ratios taken in one run.

At the edge: an anonymous and a personal product page against a static object of the same size on the same Varnish.
At the origin: the product page against the same page without a framework, and against a simple page written by hand
(`_handwritten.py`), each on one Granian worker.
"""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import httpx
from rich.console import Console
from rich.table import Table

from app.bench._load import Result, Target, in_turn, ratio
from app.ops.surroundings import running_shop
from app.settings import Settings
from app.values import Refusal

PRODUCT = "/p/pell-mug"
ROUNDS, SECONDS = 5, 3
GZIP = {"Accept-Encoding": "gzip"}


def run(args: Sequence[str]) -> None:
    """Measures a running shop with the demo catalogue for about two minutes. Raises Refusal when there is none."""
    now = running_shop()
    if not now.edge:
        raise Refusal("The benchmark measures a shop with an edge: ./vitrine up")
    edge = in_turn(_at_the_edge(now), rounds=ROUNDS, seconds=SECONDS)
    with _granian("create_same_page") as same, _granian("create_app") as by_hand:
        origin = in_turn(_at_the_origin(now, same, by_hand), rounds=ROUNDS, seconds=SECONDS)
    _show("At the edge (Varnish hits, gzip)", edge)
    _show("At the origin (rendered each time, one Granian worker)", origin)


def _at_the_edge(now: Settings) -> list[Target]:
    shop = f"http://localhost:{now.port}"
    with httpx.Client(base_url=shop, headers={"Sec-Fetch-Site": "same-origin"}) as client:
        page = client.get(PRODUCT, headers=GZIP)
        size = page.num_bytes_downloaded
        cookies = "; ".join(f"{name}={value}" for name, value in cookies_of(client, page.text).items())
    return [
        Target(name=f"static object of {size} bytes", url=f"{shop}/static/bytes/{size}", headers=GZIP),
        Target(name="product page, anonymous", url=shop + PRODUCT, headers=GZIP),
        Target(name="product page, personal", url=shop + PRODUCT, headers=GZIP | {"Cookie": cookies}),
    ]


def cookies_of(client: httpx.Client, page: str) -> dict[str, str]:
    """The cookies of a shopper with one thing in the cart."""
    variant = re.search(r'name="variant_id" value="([^"]+)"', page)
    if variant is None:
        raise Refusal(
            f"{PRODUCT} has nothing to buy: the benchmark needs the demo catalogue (./vitrine up --seed demo)"
        )
    client.post("/cart/lines", data={"variant_id": variant[1], "quantity": "1"})
    return dict(client.cookies.items())


def _at_the_origin(now: Settings, same: int, by_hand: int) -> list[Target]:
    anonymous = {"X-Vitrine-Form": "anonymous", "Host": f"localhost:{now.port}"}
    return [
        Target(name="the same page, nothing around it", url=f"http://127.0.0.1:{same}{PRODUCT}", headers={}),
        Target(name="a simple page by hand (asyncpg, Jinja)", url=f"http://127.0.0.1:{by_hand}{PRODUCT}", headers={}),
        Target(name="product page", url=f"http://127.0.0.1:{now.web_port}{PRODUCT}", headers=anonymous),
    ]


@contextmanager
def _granian(factory: str) -> Iterator[int]:
    """A hand-written page on a Granian of its own, as the Procfile runs ours. Yields its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "granian", "--interface", "asgi", "--factory", f"app.bench._handwritten:{factory}",
               "--host", "127.0.0.1", "--port", str(port), "--workers", "1", "--loop", "uvloop", "--no-ws"]  # fmt: skip
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait(port)
        yield port
    finally:
        process.terminate()
        process.wait(20)


def _wait(port: int) -> None:
    for _ in range(200):
        try:
            if httpx.get(f"http://127.0.0.1:{port}{PRODUCT}").status_code == 200:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.1)
    raise Refusal("the hand-written page did not start")


def _show(title: str, results: list[Result]) -> None:
    table = Table("what", "requests/s", "ratio to the first", "lowest", "highest", title=title)
    for result in results:
        low, middle, high = ratio(result, results[0])
        table.add_row(result.target.name, f"{result.median:,.0f}", f"{middle:.2f}", f"{low:.2f}", f"{high:.2f}")
    Console().print(table)
