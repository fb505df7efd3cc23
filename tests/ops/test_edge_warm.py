"""`vitrine edge warm`: asks for what is not kept, never above its rate, and stops when it is told to."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import msgspec
import pytest
from click.testing import Result

from app.ops.home import CLONE
from tests.edge.origin import Asked
from tests.ops.edge_shop import EdgeShop, an_edge_shop, answer
from tests.stack import Stack

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not shutil.which("varnishd"), reason="needs the packages varnish and varnish-modules"),
]

NAMES = {"hosts": ("shop.example",), "sid": "__Host-sid", "pv": "__Host-pv", "cc": "__Host-cc"}


class Warm:
    """A running edge whose command line is that of https://shop.example; `log` writes visits of these addresses."""

    def __init__(self, shop: EdgeShop) -> None:
        self.shop = shop
        self.moments: list[float] = []
        shop.origin.answer = self.timed
        self.env = {"VITRINE_PORT": str(shop.edge.port), "VITRINE_ORIGIN": "https://shop.example"}
        self.folder = shop.edge.folder / "home" / "access"

    def timed(self, asked: Asked):
        self.moments.append(time.monotonic())
        return answer(asked)

    def log(self, *urls: str) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        line = "1764000000123\tGET\t200\t5\t0.1\tvitrine; hit; ttl=9\tpage/anonymous {}\n"
        (self.folder / "access.log").write_text("".join(line.format(url) for url in urls))

    def run(self, *words: str) -> Result:
        return self.shop.vitrine("warm", *words, **self.env)

    def json(self, *words: str) -> dict:
        return msgspec.json.decode(self.run(*words, "--json").output)

    def purge(self) -> None:
        self.shop.edge.ask("PURGE", "/", purge=True, X_Purge_Tags="m1 all")


@pytest.fixture(scope="module")
def edge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EdgeShop]:
    with an_edge_shop(tmp_path_factory.mktemp("edge"), **NAMES) as running:
        yield running


@pytest.fixture
def warm(edge: EdgeShop) -> Iterator[Warm]:
    made = Warm(edge)
    made.purge()
    edge.origin.asked.clear()
    yield made
    shutil.rmtree(made.folder, ignore_errors=True)


def test_the_most_visited_pages_are_fetched_once_and_left_alone_then(warm: Warm) -> None:
    warm.log("/p/1", "/p/2", "/p/2", "/search?q=pot", "/c/mugs?page=2")

    first = warm.json()
    paths = warm.shop.origin.paths()
    second = warm.json()

    assert first["from"] == "log"
    assert sorted(paths) == ["/c/mugs?page=2", "/p/1", "/p/2"]  # a search is kept for a minute only
    assert [(n["fetched"], n["kept"], n["failed"]) for n in (first["nodes"][0], second["nodes"][0])] == [
        (3, 0, 0),
        (0, 3, 0),
    ]
    assert len(warm.shop.origin.asked) == 3
    hit = warm.shop.edge.ask("GET", "/p/2", Host="shop.example")
    assert "hit" in hit.headers["Cache-Status"]


def test_top_takes_the_first(warm: Warm) -> None:
    warm.log("/p/1", "/p/2", "/p/2")

    warm.run("--top", "1")

    assert warm.shop.origin.paths() == ["/p/2"]


def test_without_visits_the_sitemap_says_what_there_is(warm: Warm) -> None:
    done = warm.run()

    assert done.exit_code == 0, done.output
    assert "3 addresses from the sitemap, in the anonymous form." in done.output
    assert sorted(warm.shop.origin.paths()) == ["/p/0", "/p/1", "/p/2", "/sitemap.xml", "/sitemap/products-1.xml"]


def test_a_visitors_form_is_filled_too(warm: Warm) -> None:
    warm.log("/p/1")

    found = warm.json("--visitor")

    forms = {asked.headers["x-vitrine-form"] for asked in warm.shop.origin.asked}
    assert (found["nodes"][0]["fetched"], forms) == (2, {"anonymous", "personal"})


def test_never_faster_than_the_rate(warm: Warm) -> None:
    warm.log(*(f"/p/{n}" for n in range(10)))

    warm.run("--rate", "10", "--concurrency", "8")

    moments = sorted(warm.moments)
    assert len(moments) == 10
    assert (
        moments[-1] - moments[0] >= 0.8
    )  # nine pauses of a tenth of a second, less what a busy machine adds to the first


def test_a_failing_page_is_named_and_the_status_is_one(warm: Warm) -> None:
    warm.log("/p/1", "/p/broken")

    done = warm.run()

    assert done.exit_code == 1
    assert "Last failure: /p/broken: 503" in done.output


def test_nobodys_visits_cannot_be_repeated(warm: Warm) -> None:
    done = warm.run("--from", "log")

    assert (done.exit_code, "--from sitemap" in done.output) == (1, True)


@pytest.mark.parametrize(
    "words",
    [
        ("--rate", "0"),
        ("--rate", "nan"),
        ("--top", "0"),
        ("--concurrency", "100"),
        ("--from", "moon"),
        ("--node", "http://x"),
    ],
)
def test_bad_input_ends_with_two(warm: Warm, words: tuple[str, ...]) -> None:
    assert warm.run(*words).exit_code == 2


def test_ctrl_c_stops_it_between_two_pages(warm: Warm) -> None:
    warm.log(*(f"/p/{n}" for n in range(200)))
    kept = {key: value for key, value in os.environ.items() if not key.startswith("VITRINE_")}
    env = kept | warm.env | {"VITRINE_EDGE_NODES": warm.shop.url, "VITRINE_HOME": str(warm.folder.parent)}
    argv = [sys.executable, "-m", "app.cli", "edge", "warm", "--rate", "5"]
    with subprocess.Popen(argv, cwd=CLONE, env=env, stdout=subprocess.PIPE, text=True) as process:
        while not warm.moments:
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        said, _ = process.communicate(timeout=20)

    assert process.returncode == 130
    assert "Stopped; what was fetched is kept." in said
    assert 0 < len(warm.moments) < 100


def test_a_whole_shop_is_warm_afterwards(stack: Stack) -> None:
    first = msgspec.json.decode(
        stack.run("edge", "warm", "--from", "sitemap", "--top", "20", "--rate", "100", "--json").stdout
    )
    again = msgspec.json.decode(stack.run("edge", "warm", "--from", "sitemap", "--top", "20", "--json").stdout)

    assert first["nodes"][0]["failed"] == 0
    assert again["nodes"][0]["kept"] == 20
