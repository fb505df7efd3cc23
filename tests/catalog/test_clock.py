"""What the clock changes is announced: nothing on a page changes before the moment that it names."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import httpx
import pytest

from app.catalog import clock, queries
from app.db.engines import EVERYONE, writing
from app.values import ZONE, now, today
from tests import makers
from tests.conftest import ANONYMOUS_FORM

MARGIN = timedelta(seconds=5)


async def pass_by(time: timedelta) -> None:
    """The catalogue as it will be after `time`: every moment in it lies as much earlier."""
    async with writing(EVERYONE) as db:
        await db.execute(
            "UPDATE product SET created_at = created_at - $1::interval, publish_at = publish_at - $1::interval", time
        )


async def catalogue() -> dict[str, Any]:
    """Pages by address, each with how to ask when it changes. Every other product of this database is old."""
    await pass_by(timedelta(days=400))
    mugs, later = await makers.a_category(), now() + timedelta(days=2)
    for days in (1, 6, 29):
        mug = await makers.a_product(category=mugs, created_at=now() - timedelta(days=days))
    await makers.a_product(category=mugs, created_at=now() - timedelta(days=29, hours=12), band="out")
    coming = await makers.a_product(category=mugs, publish_at=later)
    week = await makers.a_collection(rule={"kind": "new", "days": 7})
    month = await makers.a_collection(rule={"kind": "new", "days": 30})
    return {
        mug.url: lambda: queries.product_view(mug.slug, {}),
        coming.url: lambda: coming_to(coming),
        f"/c/{mugs.path}": lambda: queries.list_view(mugs.path, 1),
        week.url: lambda: queries.list_view(week.slug, 1),
        month.url: lambda: queries.list_view(month.slug, 1),
    }


async def coming_to(product: makers.AProduct) -> Any:
    return await queries.product_view(product.slug, {}) or await queries.trace_of(product.url, product.slug)


async def rendered(shop: httpx.AsyncClient, pages: dict[str, Any]) -> dict[str, str]:
    return {path: (await shop.get(path, headers=ANONYMOUS_FORM)).text for path in pages}


@pytest.mark.usefixtures("own_database")  # the clock of every product is moved
async def test_nothing_changes_by_itself_before_its_page_said_so(shop: httpx.AsyncClient) -> None:
    pages = await catalogue()
    changed = 0

    for _ in range(8):
        untils: dict[str, datetime | None] = {path: (await ask()).until for path, ask in pages.items()}
        soonest = min((until for until in untils.values() if until), default=None)
        if soonest is None:
            break
        at_first = await rendered(shop, pages)
        await pass_by(soonest - now() - MARGIN)
        assert await rendered(shop, pages) == at_first
        await pass_by(2 * MARGIN)
        after = await rendered(shop, pages)
        for path, until in untils.items():
            assert after[path] == at_first[path] or (until and until <= soonest + 2 * MARGIN), path
        changed += after != at_first

    assert changed >= 5


async def test_a_day_that_has_passed_is_no_promise() -> None:
    mug = await makers.a_product(variants=[{"band": "later", "back_on": today()}])
    old = await makers.a_product(variants=[{"band": "later", "back_on": today() - timedelta(days=1)}])

    panel, passed = [await queries.variant_panel(each.slug, {}) for each in (mug, old)]

    assert panel is not None and passed is not None
    assert (panel.back_on, passed.back_on, passed.until) == (today(), None, None)
    midnight = panel.until and panel.until.astimezone(ZONE)
    assert midnight and (midnight.hour, midnight.date()) == (0, today() + timedelta(days=1))
    assert (await queries.sellables([old.variant_id]))[old.variant_id].back_on is None


@pytest.mark.parametrize(
    ("was", "band", "age", "left"),
    [
        (None, "in", 0, 30),
        (None, "few", 29, 1),
        (None, "in", 30, None),
        (None, "in", -2, 2),
        (9, "in", 1, None),
        (None, "out", 1, None),
    ],
)
def test_a_badge_says_when_it_ends(was: int | None, band: str, age: int, left: int | None) -> None:
    at = datetime(2026, 11, 3, 12, tzinfo=ZONE)

    until = clock.badge_until(was, band, at - timedelta(days=age), at)

    assert until == (None if left is None else at + timedelta(days=left))


def test_a_day_is_ahead_until_it_is_over() -> None:
    today = date(2026, 11, 3)

    assert [clock.ahead(day, today) for day in (None, today, date(2026, 11, 2))] == [None, today, None]
