"""Prices for a while: what is shown, listed and charged agree at every moment, and nothing turns before its page said so."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any

import pytest

from app.catalog import operations as catalog
from app.catalog import queries
from app.catalog.operations import Timed
from app.db.engines import EVERYONE, writing
from app.values import now
from tests import makers

pytestmark = pytest.mark.usefixtures("databases")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


async def plan(variant: makers.AVariant, amount: int, starts: timedelta, ends: timedelta | None) -> None:
    async with writing(EVERYONE) as db:
        await db.execute(
            """INSERT INTO timed_price (id, variant_id, market, currency, amount, starts_at, ends_at)
            VALUES (gen_random_uuid(), $1, 'uk', 'GBP', $2, now() + $3::interval, now() + $4::interval)""",
            *(variant.id, amount, starts, ends),
        )


async def pass_by(time: timedelta, product: makers.AProduct) -> None:
    """The product as it will be after `time`: every moment in its prices lies as much earlier."""
    ids = [each.id for each in product.variants]
    async with writing(EVERYONE) as db:
        for sql in (
            "UPDATE price SET since = since - $2::interval WHERE variant_id = ANY($1)",
            "UPDATE price_past SET from_at = from_at - $2::interval, until_at = until_at - $2::interval WHERE variant_id = ANY($1)",
            "ALTER TABLE timed_price DISABLE TRIGGER USER",
            """UPDATE timed_price SET starts_at = starts_at - $2::interval, ends_at = ends_at - $2::interval,
                since = since - $2::interval WHERE variant_id = ANY($1)""",
            "ALTER TABLE timed_price ENABLE TRIGGER USER",
        ):
            await db.execute(sql, *([ids, time] if "$1" in sql else []))
        await db.execute("UPDATE product SET price_turns = price_turns - $2::interval WHERE id = $1", product.id, time)


async def turn() -> None:
    async with writing(EVERYONE) as db:
        await db.fetchval("SELECT turn_prices()")


async def seen(product: makers.AProduct) -> tuple[int, int, int | None, datetime | None]:
    """What its page says one unit costs, what a cart is charged, what it was, and until when the page holds."""
    panel = await queries.variant_panel(product.slug, {})
    offer = (await queries.sellables([product.variant_id]))[product.variant_id]
    assert panel is not None
    return panel.price, offer.price_for(1), panel.was, panel.until


async def a_mug(**about: Any) -> makers.AProduct:
    """Sold out, so that no promise of delivery ends its page earlier; for sale since long."""
    mug = await makers.a_product(variants=[{"band": "out", "price": 1400} | about])
    await pass_by(60 * DAY, mug)
    return mug


async def test_what_is_shown_listed_and_charged_agree_at_every_moment() -> None:
    mug, chance = await a_mug(), random.Random(7)
    windows = [(900, DAY, 3 * DAY), (1100, 3 * DAY, 4 * DAY), (1600, 6 * DAY, None)]
    for amount, starts, ends in windows:
        await plan(mug.variants[0], amount, starts, ends)
    edges = sorted({edge for _, *window in windows for edge in window if edge})
    moments = sorted([timedelta(seconds=chance.uniform(1, 8 * 86400)) for _ in range(8)] + [e + HOUR for e in edges])
    passed = timedelta()

    for moment in moments:
        await pass_by(moment - passed, mug)
        passed = moment
        holds = next((a for a, starts, ends in windows if starts <= passed and (ends is None or passed < ends)), 1400)
        ahead = next((edge - passed for edge in edges if edge > passed), None)
        shown, charged, was, until = await seen(mug)
        assert (shown, charged) == (holds, holds), moment
        assert was == (None if holds >= 1400 else 1400 if holds == 900 else None), "1100 follows 900: no reduction"
        assert until is None if ahead is None else until and abs(until - now() - ahead) < timedelta(seconds=30)
        await turn()
        [card] = await queries.cards([mug.id])
        assert (card.price, card.was, card.until) == (shown, was, until)


async def test_a_list_holds_shortly_from_the_moment_until_its_product_has_turned() -> None:
    mug = await a_mug()
    await plan(mug.variants[0], 900, HOUR, None)
    await pass_by(HOUR, mug)

    [late] = await queries.cards([mug.id])
    shelf = (await queries.shelves([queries.Shelf(slugs=[mug.slug])]))[0]

    assert (await seen(mug))[:2] == (900, 900)
    assert late.price == 1400 and late.until and late.until <= now() and shelf.until and shelf.until <= now()


async def test_the_earlier_price_is_the_lowest_of_the_thirty_days_before() -> None:
    mug = await a_mug()
    await catalog.set_price(mug.variant_id, amount=1000, was=None)
    await pass_by(10 * DAY, mug)
    await catalog.set_price(mug.variant_id, amount=1500, was=None)
    await pass_by(10 * DAY, mug)

    await catalog.set_price(mug.variant_id, amount=1200, was=1500)
    dearer = (await seen(mug))[2]
    await pass_by(HOUR, mug)
    await catalog.set_price(mug.variant_id, amount=900, was=1500)
    reduced = await queries.variant_panel(mug.slug, {})

    assert dearer is None, "it cost 10.00 twenty days ago"
    assert reduced and (reduced.was, reduced.proved) == (1000, True)


async def test_days_before_those_thirty_do_not_count() -> None:
    mug = await a_mug()
    await catalog.set_price(mug.variant_id, amount=1000, was=None)
    await pass_by(DAY, mug)
    await catalog.set_price(mug.variant_id, amount=1500, was=None)
    await pass_by(31 * DAY, mug)

    await catalog.set_price(mug.variant_id, amount=1200, was=1600)

    assert (await seen(mug))[2] == 1500


async def test_where_nothing_is_known_staff_are_believed_and_nothing_is_promised() -> None:
    mug = await makers.a_product(variants=[{"price": 1000, "was": 1400}])

    panel = await queries.variant_panel(mug.slug, {})

    assert panel and (panel.was, panel.proved) == (1400, False)


async def test_a_break_that_a_sale_undercuts_is_none() -> None:
    mug = await a_mug(breaks={6: 1200, 12: 800})
    await plan(mug.variants[0], 900, -HOUR, HOUR)

    offer = (await queries.sellables([mug.variant_id]))[mug.variant_id]

    assert [offer.price_for(many) for many in (1, 6, 12)] == [900, 900, 800]


async def test_two_prices_never_hold_at_once() -> None:
    mug = await a_mug()
    await plan(mug.variants[0], 1100, 2 * DAY, 3 * DAY)
    version, at = 1, now()

    async def save(starts: timedelta | None, ends: timedelta | None) -> None:
        timed = Timed(
            amount=900,
            starts_at=at + starts if starts is not None else None,
            ends_at=None if ends is None else at + ends,
        )
        about = {
            "title": "Mug",
            "subtitle": "",
            "status": "published",
            "prices": catalog.Prices(timed={mug.variant_id: timed}),
        }
        await catalog.change_product(mug.id, version=version, **about)  # type: ignore[arg-type]

    await plan(mug.variants[0], 1000, HOUR, DAY)
    with pytest.raises(catalog.Overlapping):
        await save(HOUR, 3 * DAY)
    with pytest.raises(catalog.BadTime):
        await save(None, timedelta())
    await save(timedelta(), DAY)

    assert (await seen(mug))[0] == 900


async def test_lists_by_price_and_by_sale_follow() -> None:
    mugs = await makers.a_category()
    mug = await makers.a_product(category=mugs, variants=[{"price": 1400}])
    await pass_by(60 * DAY, mug)
    await plan(mug.variants[0], 900, HOUR, DAY)
    view = await queries.list_view(mugs.path, 1)
    assert view and view.until and view.until <= now() + HOUR

    await pass_by(2 * HOUR, mug)
    await turn()

    async with writing(EVERYONE) as db:
        row = await db.fetchrow(
            """SELECT f.price, EXISTS (SELECT FROM facet_value k WHERE k.id = ANY(f.facets) AND k.name = 'offer') AS sale,
                p.was_from FROM product_facet f JOIN product p ON p.id = f.product_id WHERE p.id = $1""",
            mug.id,
        )
    assert tuple(row.values()) == (900, True, 1400)
