"""`vitrine edge explain`: the reason in words, on a real edge with the app's own rules."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import msgspec
import pytest

from app.db.engines import EVERYONE, writing
from app.edge import tags
from app.edge.explain import Explained
from app.main import edge_routes
from app.ops import explain_words, remembered
from app.ops.explaining import Place, Report, place_of
from app.ops.words import size, span
from app.settings import settings
from tests.edge import varnish
from tests.makers import a_product
from tests.ops.edge_shop import EdgeShop, an_edge_shop

pytestmark = pytest.mark.skipif(not shutil.which("varnishd"), reason="needs the packages varnish and varnish-modules")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EdgeShop]:
    with an_edge_shop(tmp_path_factory.mktemp("edge")) as running:
        yield running


def test_a_hit_is_told_with_its_route_its_key_and_its_tags(shop: EdgeShop) -> None:
    shop.edge.ask("GET", "/p/pot")

    done = shop.vitrine("explain", "/p/pot?utm_source=letter&o_size=1&o_size=1")
    said = shop.vitrine("explain", "/p/pot?utm_source=letter").output

    assert done.exit_code == 0
    assert done.output.startswith("MISS  /p/pot?utm_source=letter&o_size=1")
    assert said.startswith("HIT  /p/pot?utm_source=letter  as a first-time visitor\nA kept copy answers")
    for words in ("/p/{slug:str} (product): kept 1 d", "allowed: o_*; dropped: utm_source", "localhost:8080 /p/pot page",
                  "the menu, which every page shows", "status 200", "700 B before packing", "gzip"):  # fmt: skip
        assert words in said, words


@pytest.mark.parametrize(
    ("words", "state", "told"),
    [
        (("/cart",), "PASS", "one shopper's, never kept"),
        (("/p//pot",), "REFUSED", "Ask for its one spelling"),
        (("//cart",), "REFUSED", "refuse_path"),
        (("/p/%63art",), "REFUSED", "refuse_path"),
        (("/_h/badge",), "PASS", "404: a hole exists only inside a page"),
        (("/_h/badge", "--count", "12"), "MISS", "/_h/badge value 12"),
        (("/_h/none",), "REFUSED", "hide_holes"),
        (("/nowhere",), "MISS", "404 for /nowhere is kept for a minute"),
        (("http://localhost:8080/p/cup",), "MISS", "One visit, or ./vitrine edge warm"),
        (("/static/1/app.css?v=2",), "MISS", "kept a year"),
    ],
)
def test_each_kind_of_address_has_its_reason(shop: EdgeShop, words: tuple[str, ...], state: str, told: str) -> None:
    done = shop.vitrine("explain", *words)

    assert done.exit_code == 0, done.output
    assert done.output.startswith(f"{state}  ")
    assert told in done.output


def test_a_visitor_meets_the_personal_form_and_its_holes(shop: EdgeShop) -> None:
    shop.edge.ask("GET", "/p/cup", Cookie=f"sid_8080={varnish.SID}; cc_8080=12")

    done = shop.vitrine("explain", "/p/cup", "--count", "12")
    one = shop.vitrine("explain", "/p/cup", "--as-visitor", "--json")

    assert "as a visitor with 12 in the cart" in done.output
    assert "Hole account" in done.output and "Hole badge" in done.output
    node = msgspec.json.decode(one.output)["nodes"][0]
    assert (node["state"], node["form"]) == (
        "hit",
        "personal",
    )  # a number that is rarely asked for has no page of its own


def test_explaining_asks_the_shop_nothing(shop: EdgeShop) -> None:
    shop.origin.asked.clear()

    for url in ("/", "/cart", "/p/never", "/search?q=pot"):
        shop.vitrine("explain", url)

    assert shop.origin.asked == []


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("http://elsewhere.example/p/pot",), "is not an address of this shop"),
        (("p/pot",), "is not an address of this shop"),
        (("http://[/",), "is not an address of this shop"),
        (("/", "--node", "http://127.0.0.1:1"), "is not an edge node of this shop"),
        (("/", "--count", "100"), "100 is not in the range"),
    ],
)
def test_bad_input_is_a_sentence_with_status_two(shop: EdgeShop, words: tuple[str, ...], sentence: str) -> None:
    done = shop.vitrine("explain", *words)

    assert done.exit_code == 2
    assert sentence in done.output


def test_a_node_that_is_away_is_said_beside_the_one_that_answers(shop: EdgeShop) -> None:
    [closed] = varnish.free_ports(1)
    away = f"http://127.0.0.1:{closed}"

    done = shop.vitrine("explain", "/p/pot", VITRINE_EDGE_NODES=f"{away} {shop.url}")

    assert done.exit_code == 1
    assert done.output.splitlines()[0].startswith(("HIT", "MISS"))
    assert away in done.output and "ConnectError" in done.output


def test_without_an_edge_there_is_nothing_to_explain(shop: EdgeShop) -> None:
    done = shop.vitrine("explain", "/", VITRINE_EDGE="false", VITRINE_EDGE_NODES="")

    assert (done.exit_code, "runs without an edge" in done.output) == (2, True)


def test_parameters_are_told_apart() -> None:
    place = place_of("/c/mugs?b=1&page=2&utm=3", "/c/mugs?page=2", edge_routes())

    assert (place.kind, place.dropped) == ("page", ("b", "utm"))
    assert "page" in place.allowed


@pytest.mark.parametrize("outage", [True, False])
def test_a_stale_copy_is_shown_only_in_an_outage(outage: bool) -> None:
    said = Explained(
        node="n", state="stale", outage=outage, age=90.0, ttl=-30.0, grace=86400.0, form="anonymous", status=200
    )
    report = Report(url="/", visitor="a", place=Place(path="/"), nodes=[said], holes={}, stands_for={})

    assert ("visitors are shown this copy" in explain_words.verdict(said)) is outage
    assert dict(explain_words.rows(report))["Age"] == "1 min 30 s; out of date for 30 s"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.0123, "12 ms"),
        (3.04, "3 s"),
        (9.5, "9.5 s"),
        (59.4, "59 s"),
        (60, "1 min"),
        (20880, "5 h 48 min"),
        (86400, "1 d"),
        (90061, "1 d 1 h"),
    ],
)
def test_spans_are_read_at_a_glance(seconds: float, words: str) -> None:
    assert span(seconds) == words


def test_sizes_are_read_at_a_glance() -> None:
    assert [size(count) for count in (0, 999, 22841, 3_400_000, 5e9)] == ["0 B", "999 B", "22.8 kB", "3.4 MB", "5.0 GB"]


async def test_the_last_purge_of_a_copy_and_the_names_behind_its_tags_come_from_the_database(databases: None) -> None:
    pot = await a_product(title="Brown teapot")
    mine = tags.product(pot.id)
    async with writing(EVERYONE) as db:
        for kind, age in (("hand", 60), ("echo", 5)):
            await db.execute(
                "INSERT INTO edge_purge (id, kind, tags, sent_at) "
                "VALUES (gen_random_uuid(), $1, $2, now() - $3 * interval '1 second')",
                kind, [mine, "k0"], age,
            )  # fmt: skip

    purged = await remembered.last_purge([mine, "all"])
    names = await remembered.names(settings(), f"{pot.url}?o_size=1")

    assert purged and (purged.kind, purged.tags, purged.confirmed) == ("hand", [mine], None)
    assert 60 <= purged.ago < 120
    assert "the page of Brown teapot" in names[mine]
