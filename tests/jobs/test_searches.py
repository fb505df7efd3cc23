from __future__ import annotations

import random
import string
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.ops import visits
from app.search.queries import questions
from app.settings import settings
from app.values import now
from jobs.searches import Searches, tally
from tests.knobs import knobs


def line(at: float, url: str, status: int = 200, way: str = "page/anonymous") -> str:
    return f"{int(at * 1000)}\tGET\t{status}\t900\t0.01\tvitrine; hit; ttl=9\t{way} {url}"


def test_first_pages_that_were_shown_are_counted_and_nothing_else() -> None:
    log = [
        line(10, "/search?q=mug"),  # counted already
        line(20, "/search?q=mug"),
        line(21, "/search?q=oak+stool", 304),
        line(22, "/search?q=mug", way="page/personal"),
        line(23, "/search?page=2&q=mug"),
        line(24, "/search?q=mug&sort=new"),
        line(25, "/search?q=Mug", 301),
        line(26, "/_f/suggest?q=mu"),
        line(27, "/search"),
        line(28, "/search?q=ada@example.org"),
        line(99, "/search?q=mug"),  # too young
        "torn",
    ]
    seen = [visit for each in log if (visit := visits.read_line(each))]

    counted = tally(seen, datetime.fromtimestamp(10, UTC), datetime.fromtimestamp(90, UTC))

    assert {query: many for (_, query), many in counted.items()} == {"mug": 2, "oak stool": 1}


@pytest.mark.usefixtures("databases")
async def test_each_visit_is_counted_once_however_often_the_log_is_read(tmp_path: Path) -> None:
    # Letters alone: so many digits in a row may be somebody's telephone number, which nobody counts.
    word = "galipot" + "".join(random.choices(string.ascii_lowercase, k=12))
    with knobs(home=str(tmp_path)):
        searches = Searches(settings())
        searches.node = word
        searches.log.parent.mkdir()
        searches.log.write_text(line(now().timestamp() - 60, f"/search?q={word}") + "\n")
        first, second = await searches.step(), await searches.step()

    assert (first, second) == (1, 0)
    assert [row.asked for row in await questions(7, unanswered=True, most=10_000) if row.query == word] == [1]
