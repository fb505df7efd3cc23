from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest

from app.db.engines import EVERYONE, writing
from app.search import counting, suggesting
from app.search.queries import questions
from app.values import now
from tests import makers

pytestmark = pytest.mark.usefixtures("databases")
TODAY = datetime.now(UTC).date()


async def asked(query: str, many: int = 1, *, days: int = 1) -> None:
    await counting.count(
        Counter({(TODAY - timedelta(days=back), query): many for back in range(days)}),
        node=makers.unique("node"),
        upto=now(),
    )


async def test_questions_add_up_by_day_with_what_they_find() -> None:
    await makers.a_product(title="Bellarmine jug")

    await asked("bellarmine", 2)
    await asked("bellarmine", 3)
    await asked("bellarminez", 1)

    rows = {row.query: (row.asked, row.days, row.found) for row in await questions(7, unanswered=False, most=10_000)}
    nothing = [row.query for row in await questions(7, unanswered=True, most=10_000)]
    assert (rows["bellarmine"], rows["bellarminez"]) == ((5, 1, 1), (1, 1, 0))
    assert "bellarminez" in nothing
    assert "bellarmine" not in nothing


@pytest.mark.parametrize("typed", ["", "!!", "ada@example.org", "call 0161 496 0000", "4111111111111111"])
def test_what_may_be_somebodys_own_is_not_counted(typed: str) -> None:
    assert counting.countable(typed) is None


def test_sizes_and_years_are_counted() -> None:
    assert counting.countable(" Calendar 2027  A4 ") == "calendar 2027 a4"


async def test_what_is_old_is_forgotten() -> None:
    await counting.count(Counter({(date(2020, 1, 1), "ewer"): 1}), node="old", upto=now())

    await counting.forget(90)

    async with writing(EVERYONE) as db:
        assert await db.fetchval("SELECT count(*) FROM search_day WHERE day < '2021-01-01'") == 0


async def test_whoever_makes_questions_up_fills_no_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "MOST_A_DAY", 0)
    await asked("made up zz")

    assert "made up zz" not in [row.query for row in await questions(7, unanswered=False, most=10_000)]


async def test_others_questions_are_suggested_only_in_words_of_the_catalogue() -> None:
    await makers.a_product(title="Posset bowl brown")
    await asked("posset bowl", 9, days=3)
    await asked("posset smith", 9, days=3)  # a name the catalogue does not know
    await asked("posset brown", 99)  # one day, however often

    items = (await suggesting.suggest_view("poss")).items

    assert [item.title for item in items if item.kind == "query"] == ["posset bowl"]
    assert items[0].url == "/search?q=posset+bowl"
