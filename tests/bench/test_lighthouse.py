from __future__ import annotations

from typing import Any

import pytest

from app.bench import lighthouse
from app.ops.surroundings import Settings


def a_report(**scores: float) -> dict[str, Any]:
    """A report with full scores but for those given; the audit `heading-order` is what costs accessibility."""
    given = {"performance": 1, "accessibility": 1, "best_practices": 1, "seo": 1} | scores
    heading = {"score": 0 if given["accessibility"] < 1 else 1, "title": "Headings skip levels"}
    metrics = {audit: {"numericValue": 900.0, "score": 1, "title": audit} for audit in lighthouse._METRICS.values()}
    return {
        "environment": {"benchmarkIndex": 1636},
        "audits": metrics | {"heading-order": heading},
        "categories": {
            name: {"score": given[name.replace("-", "_")], "auditRefs": [{"id": "heading-order", "weight": 1}]}
            for name in lighthouse.CATEGORIES
        },
    }


def test_a_report_is_read_into_scores_times_and_what_cost_points() -> None:
    run = lighthouse.read("list", a_report(accessibility=0.98))

    assert run.scores == {"performance": 100, "accessibility": 98, "best-practices": 100, "seo": 100}
    assert (run.fcp, run.index) == (900, 1636)
    assert "Headings skip levels" in run.lost
    assert not run.reached


@pytest.mark.parametrize(
    ("page", "scores", "reached"),
    [
        ("home", {"performance": 0.99}, True),
        ("home", {"performance": 0.98}, False),
        ("home", {"seo": 0.9}, False),
        ("cart", {"seo": 0.6}, True),
        ("cart", {"best_practices": 0.96}, False),
    ],
)
def test_the_aim_is_99_and_three_times_100_and_a_cart_is_nothing_to_find(page, scores, reached) -> None:
    assert lighthouse.read(page, a_report(**scores)).reached is reached


def test_it_stops_at_the_first_run_that_reaches_the_aim(monkeypatch: pytest.MonkeyPatch) -> None:
    reports = iter([a_report(performance=0.97), a_report(performance=0.99), a_report()])
    monkeypatch.setattr(lighthouse, "_run", lambda *_: lighthouse.read("home", next(reports)))

    best = lighthouse._best([], "http://localhost", "home", {}, 5)

    assert best.scores["performance"] == 99
    assert next(reports)


def test_a_run_that_is_lost_is_not_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    tries = iter([lighthouse.NoLighthouse("no trace"), lighthouse.read("home", a_report())])

    def run(*_: object) -> lighthouse.Run:
        found = next(tries)
        if isinstance(found, Exception):
            raise found
        return found

    monkeypatch.setattr(lighthouse, "_run", run)

    assert lighthouse._best([], "http://localhost", "home", {}, 5).reached


def test_without_node_it_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lighthouse, "running_shop", Settings)
    monkeypatch.setenv("PATH", "/nowhere")

    with pytest.raises(lighthouse.NoLighthouse, match="node and npm") as no:
        lighthouse.run([])

    assert no.value.status == 2


def test_an_unknown_page_is_one_sentence() -> None:
    with pytest.raises(lighthouse.NoLighthouse, match="basement") as no:
        lighthouse.run(["--page", "basement"])

    assert no.value.status == 2
