"""When something arrives: from the clock, how it is sold and how long it travels to two days and the moment they change."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import msgspec

from app.values import ZONE

FRIDAY = 4
SET_ASIDE = (
    6  # days for which money stays set aside: seven with most cards (Stripe), less one to pack and to ask for it
)


class Travel(msgspec.Struct, frozen=True, kw_only=True):
    """Business days on the way: at least and at most."""

    least: int
    most: int


class Arrival(msgspec.Struct, frozen=True, kw_only=True):
    """The first and the last day on which it is likely to come. `until`: when the clock alone changes them."""

    first: date
    last: date
    until: datetime


class Goods(msgspec.Struct, frozen=True, kw_only=True):
    """What decides when something can leave: how it is sold, days to make it, and the day it is there again."""

    policy: str
    band: str
    lead_days: int
    back_on: date | None


def arrival(goods: Goods, travel: Travel | None, now: datetime, cut_off: time) -> Arrival | None:
    """When it arrives if it is ordered now; None where nobody can say.

    What is ordered before `cut_off` (in the store's zone) leaves the same day, if that is Monday to Friday.
    """
    if travel is None or goods.band == "out":
        return None
    if goods.policy == "stock" and goods.band == "later" and goods.back_on is None:
        return None
    today = _order_day(now.astimezone(ZONE), cut_off)
    leaves = _ready(goods, today)
    return Arrival(
        first=_later(leaves, travel.least),
        last=_later(leaves, travel.most),
        until=datetime.combine(today, cut_off, ZONE),
    )


def pays_first(goods: Goods, today: date) -> bool:
    """Whether it leaves only when money that was set aside today is not set aside any more: then it is taken with the order."""
    return (_ready(goods, today) - today).days > SET_ASIDE


def together(arrivals: list[Arrival | None]) -> Arrival | None:
    """When several things arrive that come together: with the last of them. None if nobody can say it of one."""
    known = [each for each in arrivals if each is not None]
    if not known or len(known) < len(arrivals):
        return None
    return Arrival(
        first=max(each.first for each in known),
        last=max(each.last for each in known),
        until=min(each.until for each in known),
    )


def _ready(goods: Goods, today: date) -> date:
    """The working day on which it can leave."""
    made = today + timedelta(days=goods.lead_days if goods.policy == "made_to_order" else 0)
    return _working(max(made, goods.back_on or made))


def _order_day(now: datetime, cut_off: time) -> date:
    """The working day on which an order of this moment is packed."""
    day = now.date()
    missed = now.time() >= cut_off and day == _working(day)
    return _working(day + timedelta(days=1) if missed else day)


def _working(day: date) -> date:
    while day.weekday() > FRIDAY:
        day += timedelta(days=1)
    return day


def _later(day: date, days: int) -> date:
    for _ in range(days):
        day = _working(day + timedelta(days=1))
    return day
