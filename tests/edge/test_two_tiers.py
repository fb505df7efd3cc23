"""A POP before the edge: no order of purges, fetches and failures leaves an old page there. Races are run into first."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from app.edge.purge import CDN, Ack
from tests.edge import varnish
from tests.edge.cdn.test_pops import pops
from tests.edge.tiers import Tiers, eventually, running, tag

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not shutil.which("varnishd"), reason="needs the packages varnish and varnish-modules"),
]


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tiers]:
    with running(tmp_path_factory.mktemp("tiers")) as made:
        yield made


@pytest.fixture
def tiers(both: Tiers) -> Tiers:
    both.say, both.status = "old", 200
    return both


def test_edge_first_then_pop_shows_the_new_page_at_once(tiers: Tiers) -> None:
    path = "/p/in-order"
    assert [tiers.read(path), tiers.read(path)] == ["old", "old"]
    tiers.say = "new"

    counts = tiers.purge(tiers.edge, tiers.pop, path=path)

    assert counts == ["n=1", "n=1"]
    assert tiers.read(path) == "new"
    assert tiers.pop.ask("GET", path).headers["X-Pop"] == "hit"


def test_pop_first_brings_the_old_page_back_and_only_its_time_ends_it(tmp_path: Path) -> None:
    path = "/p/wrong-order"
    with running(tmp_path, cdn_seconds=3) as tiers:
        tiers.read(path)
        tiers.say = "new"

        tiers.purge(tiers.pop, path=path)
        between = tiers.read(path)
        tiers.purge(tiers.edge, path=path)

        assert between == "old"
        assert tiers.edge.ask("GET", path).text.startswith("new")
        assert eventually(lambda: tiers.read(path) == "new")


def test_echo_ends_what_was_on_its_way_to_the_pop_during_both_purges(tiers: Tiers) -> None:
    path = "/p/on-its-way"
    assert tiers.edge.ask("GET", path).text.startswith("old")
    tiers.wire.close()
    with ThreadPoolExecutor(1) as pool:
        asking = pool.submit(tiers.read, path)
        assert tiers.wire.held.wait(10)
        tiers.say = "new"
        counts = tiers.purge(tiers.edge, tiers.pop, path=path)
        tiers.wire.open()
        assert asking.result() == "old"
    kept = tiers.read(path)

    echo = tiers.purge(tiers.edge, tiers.pop, path=path)

    assert (counts, kept) == (["n=1", "n=0"], "old")
    assert echo[1] == "n=1"
    assert tiers.read(path) == "new"


def test_echo_ends_a_page_that_was_being_rendered_during_both_purges(tiers: Tiers) -> None:
    path = "/p/in-the-making"
    tiers.rendering.clear()
    with ThreadPoolExecutor(1) as pool:
        asking: Future[str] = pool.submit(tiers.read, path)
        assert eventually(lambda: path in tiers.origin.paths())
        tiers.say = "new"
        counts = tiers.purge(tiers.edge, tiers.pop, path=path)
        tiers.rendering.set()
        assert asking.result() == "old"
    kept = tiers.read(path)

    echo = tiers.purge(tiers.edge, tiers.pop, path=path)

    assert (counts, kept, echo) == (["n=0", "n=0"], "old", ["n=1", "n=1"])
    assert tiers.read(path) == "new"


@pytest.mark.parametrize(("leave_out", "pinned"), [("", False), ("say_stale", True)])
def test_copy_shown_in_an_outage_is_not_pinned_at_the_pop(tmp_path: Path, leave_out: str, pinned: bool) -> None:
    path = "/p/outage"
    with running(tmp_path, leave_out=leave_out) as tiers:
        tiers.read(path)
        tiers.say, tiers.status = "new", 500
        tiers.purge(tiers.edge, tiers.pop, path=path)

        during = [tiers.pop.ask("GET", path) for _ in range(2)]
        tiers.status = 200

        assert [(answer.status, answer.text.partition(" ")[0]) for answer in during] == [(200, "old")] * 2
        assert (during[1].headers["X-Pop"] == "hit") is pinned
        assert eventually(lambda: tiers.read(path) == "new", 3 if pinned else 15) is not pinned


def test_page_two_hours_old_at_the_edge_is_fresh_for_its_whole_minute_at_the_pop(tiers: Tiers) -> None:
    path = "/p/aged"

    at_the_edge = tiers.edge.ask("GET", path)
    first, second = (tiers.pop.ask("GET", path) for _ in range(2))

    assert "Age" not in at_the_edge.headers
    assert at_the_edge.headers["CDN-Cache-Control"] == "max-age=60"
    assert (first.headers["X-Pop"], second.headers["X-Pop"]) == ("miss", "hit")
    assert int(first.headers["Age"]) <= int(second.headers["Age"]) < 60


@pytest.mark.parametrize("bypass", [True, False], ids=["by the cookie", "by the edge's word alone"])
def test_personal_page_is_never_kept_at_the_pop(tmp_path: Path, tiers: Tiers, bypass: bool) -> None:
    path, session = f"/p/personal-{bypass}", f"sid_8080={varnish.SID}; cc_8080=1; pv_8080=x"
    rules = (tiers.pop.folder / "edge.vcl").read_text()
    if not bypass:
        rules = varnish.without_rule(rules, "pass_sessions")
    with varnish.Varnish(tmp_path / "pop", rules) as pop:
        personal = [pop.ask("GET", path, Cookie=session) for _ in range(2)]
        anonymous = [pop.ask("GET", path) for _ in range(2)]
        again = pop.ask("GET", path, Cookie=session)

    assert [answer.text for answer in personal] == ["old for personal"] * 2
    assert {answer.headers["X-Pop"] for answer in personal} == {"miss"}
    assert {answer.text for answer in anonymous} == {"old for anonymous"}
    if bypass:
        assert again.text == "old for personal"


def test_no_tag_reaches_who_reads_through_the_pop(tiers: Tiers) -> None:
    answers = [tiers.pop.ask("GET", "/p/tagged") for _ in range(2)]

    for answer in answers:
        names = {name.lower() for name in answer.headers}
        assert not names & {"xkey", "surrogate-key", "cache-tag", "cdn-cache-control"}
        assert answer.headers["Cache-Control"] == "public, max-age=0, must-revalidate"


def test_validators_and_head_work_through_both_tiers(tiers: Tiers) -> None:
    path = "/p/validated"
    etag = tiers.pop.ask("GET", path).headers["ETag"]

    unchanged, head = tiers.pop.ask("GET", path, If_None_Match=etag), tiers.pop.ask("HEAD", path)
    tiers.say = "new"
    tiers.purge(tiers.edge, tiers.pop, path=path)
    changed = tiers.pop.ask("GET", path, If_None_Match=etag)
    fresh = tiers.pop.ask("GET", path, If_None_Match=changed.headers["ETag"])

    assert (unchanged.status, unchanged.text) == (304, "")
    assert (head.status, head.text, head.headers["ETag"]) == (200, "", etag)
    assert (changed.status, changed.text) == (200, "new for anonymous")
    assert fresh.status == 304
    assert {asked.method for asked in tiers.origin.asked} == {"GET"}


def test_pop_that_purges_softly_asks_whether_a_page_changed(tmp_path: Path, tiers: Tiers) -> None:
    path = "/p/softly"
    rules = (tiers.pop.folder / "edge.vcl").read_text()
    soft = rules.replace("xkey.purge(", "xkey.softpurge(").replace("beresp.keep = 0s", "beresp.keep = 1h")
    with varnish.Varnish(tmp_path / "pop", soft) as pop:
        pop.ask("GET", path)
        tiers.purge(tiers.edge, pop, path=path)
        asked_before = len(tiers.wire.asked)
        same = pop.ask("GET", path)
        revalidation = tiers.wire.asked[asked_before:]
        tiers.say = "new"
        tiers.purge(tiers.edge, pop, path=path)
        changed = pop.ask("GET", path)

    assert b'If-None-Match: W/"old"' in revalidation
    assert (same.text, changed.text) == ("old for anonymous", "new for anonymous")


async def test_driver_purges_every_pop_and_says_how_much(tiers: Tiers) -> None:
    path = "/p/driven"
    tiers.read(path)
    driver = pops(tiers.pop.purge_url)

    acks = [await driver.purge({tag(path), "p0"}), await driver.purge({tag(path)})]
    await driver.close()

    assert acks == [Ack(CDN, 1), Ack(CDN, 0)]
