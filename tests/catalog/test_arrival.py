"""When something arrives: working days, the cut-off, and the moment at which the answer changes."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.catalog.arrival import Arrival, Goods, Travel, arrival, together
from app.db.engines import EVERYONE, writing
from app.edge import tags
from app.settings import settings
from app.values import ZONE, now
from app.web.templates import shown_days
from tests import makers
from tests.catalog.test_pages import carried, kept_for
from tests.catalog.test_purges import spoiled
from tests.conftest import ANONYMOUS_FORM

CUT_OFF, TRAVEL = time(14), Travel(least=2, most=4)
IN_STOCK = Goods(policy="stock", band="in", lead_days=0, back_on=None)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """November 2026; the 2nd is a Monday."""
    return datetime(2026, 11, day, hour, minute, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("ordered", "first", "last", "until"),
    [
        (at(2, 9), 4, 6, at(2, 14)),  # Monday morning: leaves at once
        (at(2, 13, 59), 4, 6, at(2, 14)),
        (at(2, 14), 5, 9, at(3, 14)),  # on the minute: tomorrow, and a weekend on the way
        (at(6, 15), 11, 13, at(9, 14)),  # Friday afternoon: Monday
        (at(7, 9), 11, 13, at(9, 14)),  # Saturday
        (at(8, 23), 11, 13, at(9, 14)),
    ],
)
def test_working_days_count_from_the_day_it_leaves(ordered: datetime, first: int, last: int, until: datetime) -> None:
    found = arrival(IN_STOCK, TRAVEL, ordered, CUT_OFF)

    assert found == Arrival(first=date(2026, 11, first), last=date(2026, 11, last), until=until)


@pytest.mark.parametrize(
    ("about", "days"),
    [
        ({"policy": "made_to_order", "lead_days": 21}, ("2026-11-25", "2026-11-27")),
        ({"policy": "preorder", "band": "later", "back_on": date(2026, 12, 5)}, ("2026-12-09", "2026-12-11")),
        ({"band": "later", "back_on": date(2026, 11, 4)}, ("2026-11-06", "2026-11-10")),
        ({"band": "later"}, None),
        ({"band": "out"}, None),
    ],
)
def test_what_is_not_there_yet_leaves_later_or_nobody_can_say(about: dict[str, Any], days: Any) -> None:
    goods = Goods(**({"policy": "stock", "band": "in", "lead_days": 0, "back_on": None} | about))

    found = arrival(goods, TRAVEL, at(2, 9), CUT_OFF)

    assert (found and (found.first.isoformat(), found.last.isoformat())) == days
    assert arrival(goods, None, at(2, 9), CUT_OFF) is None


@given(
    st.datetimes(min_value=datetime(2026, 1, 1), max_value=datetime(2027, 12, 31)),
    st.sampled_from([IN_STOCK, Goods(policy="made_to_order", band="later", lead_days=9, back_on=None)]),
)
def test_nothing_changes_before_the_moment_it_names_and_something_does_by_then(moment: datetime, goods: Goods) -> None:
    ordered = moment.replace(tzinfo=ZONE)
    found = arrival(goods, TRAVEL, ordered, CUT_OFF)
    assert found is not None

    before = arrival(goods, TRAVEL, found.until - timedelta(seconds=1), CUT_OFF)
    then = arrival(goods, TRAVEL, found.until, CUT_OFF)

    assert ordered < found.until
    assert before == found
    assert then is not None and then.until > found.until
    assert found.first.weekday() < 5 and found.last.weekday() < 5


def test_things_sent_together_come_with_the_last() -> None:
    slow = Goods(policy="made_to_order", band="later", lead_days=21, back_on=None)
    both = [arrival(each, TRAVEL, at(2, 9), CUT_OFF) for each in (IN_STOCK, slow)]

    assert together(both) == both[1]
    assert together([both[0], None]) is None
    assert together([]) is None


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2026, 12, 3), date(2026, 12, 5), "3–5 December"),
        (date(2026, 11, 30), date(2026, 12, 2), "30 November – 2 December"),
        (date(2026, 12, 3), date(2026, 12, 3), "3 December"),
    ],
)
def test_days_are_said_briefly(first: date, last: date, words: str) -> None:
    assert shown_days(Arrival(first=first, last=last, until=at(2, 14))) == words


@pytest.mark.usefixtures("own_database")  # every checkout of a database shows its methods
async def test_a_page_says_when_it_arrives_and_is_kept_no_longer_than_that_is_true(shop: httpx.AsyncClient) -> None:
    await makers.a_shipping_method()
    mug, gone = await makers.a_product(), await makers.a_product(variants=[{"band": "out"}])
    async with writing(EVERYONE) as db:
        await db.execute("UPDATE shipping_method SET min_days = 2, max_days = 4")
    expected = arrival(IN_STOCK, TRAVEL, now(), time.fromisoformat(settings().cut_off))
    assert expected is not None

    answers = [await shop.get(path, headers=ANONYMOUS_FORM) for path in (mug.url, f"/_f/variant/{mug.slug}")]

    for answer in answers:
        assert f"Arrives <b>{shown_days(expected)}</b>" in answer.text
        assert kept_for(answer) <= (expected.until - now()).total_seconds() + 2
        assert tags.delivery() in carried(answer)
    assert "Arrives" not in (await shop.get(gone.url)).text
    assert await spoiled("UPDATE shipping_method SET max_days = 5") == {tags.delivery()}
    dearer = await spoiled("UPDATE shipping_method SET price = price + 1")
    assert dearer == {tags.bulky(), tags.ways()}, "of bulky things alone, and where ways are listed"
    await shop.post("/cart/lines", data={"variant_id": str(mug.variant_id), "quantity": "1"})
    details = {"email": "ada@example.com", "name": "Ada", "line1": "12 Long Lane", "line2": "", "city": "York"}
    await shop.post("/checkout/details", data=details | {"postcode": "YO1 7AA", "country": "GB", "phone": ""})
    later = shown_days(arrival(IN_STOCK, Travel(least=2, most=5), now(), time.fromisoformat(settings().cut_off)))  # type: ignore[arg-type]
    assert f"Arrives <b>{later}</b>" in (await shop.get("/checkout/shipping")).text
