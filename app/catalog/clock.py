"""What the clock alone changes of what pages show, and when."""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from app.catalog.rules import NEW_FOR, Variant


def first(*moments: datetime | None) -> datetime | None:
    """The earliest of those that there are."""
    return min(filter(None, moments), default=None)


def badge_until(was: int | None, band: str, since: datetime, now: datetime) -> datetime | None:
    """When `badge_of` says something else of the same product by itself: it gets new, or it was."""
    if band == "out" or was is not None:
        return None
    return min((turn for turn in (since, since + NEW_FOR) if turn > now), default=None)


def promising(variant: Variant, today: date) -> Variant:
    """The variant without a date that has passed."""
    return msgspec.structs.replace(variant, back_on=ahead(variant.back_on, today))


def ahead(day: date | None, today: date) -> date | None:
    """A day that is still to come, or today: a promise for one that has passed is none."""
    return day if day is not None and day >= today else None
