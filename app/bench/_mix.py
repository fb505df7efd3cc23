"""What the value in the form costs in hits: a model of visitors under three designs.

`includes`: one personal object of a page. `value`: one for each count below ten and signed in or not. `hot values`, ours:
the same, once a value of a page was missed more than three times in ten minutes; before, the object with includes.

Assumptions, for want of a shop's own log: 3,000 pages, read by Zipf's law with exponent 0.9 (Breslau et al. 1999 measured
0.64 to 0.83 at proxies; a shop's front is steeper). Four views in five have no session. Of the rest every seventh has an
empty cart (it was ordered), in the others each further unit is 0.65 times as likely as the one before, so two in a
hundred have ten and more; every fourth is signed in. Views come at random and counts do not depend on pages, which is
the worst case. A page is purged at random, once in so many hours, and kept for a day at most; the store holds all.
An object with L seconds to live and a view every 1/r seconds misses once in 1 + r L views: that is exact, so nothing is drawn.
"""

from __future__ import annotations

from math import exp

import msgspec

PAGES, EXPONENT, KEPT = 3_000, 0.9, 86_400.0
ANONYMOUS, EMPTY, FURTHER, SIGNED_IN, TEN = 0.8, 0.15, 0.65, 0.25, 10
HOT_RATE = 3 / 600  # views a second of one value, above which it gets an object of its own (EdgeConfig.hot_after)
TRAFFIC = ((5, 12), (50, 12), (50, 1), (500, 1))  # page views a second, hours between two purges of a page


class Mix(msgspec.Struct, frozen=True, kw_only=True):
    """Hit rates and the share of personal views that come whole, without an include, in percent."""

    views_a_second: int
    purged_every_hours: int
    design: str
    personal_hits: float
    all_hits: float
    whole: float
    renders_a_second: float


def model() -> list[Mix]:
    """Each design under each traffic."""
    return [_mix(rate, hours, design) for rate, hours in TRAFFIC for design in ("includes", "value", "hot values")]


def _mix(rate: int, hours: int, design: str) -> Mix:
    lives = hours * 3600 * (1 - exp(-KEPT / (hours * 3600)))
    weights = [rank**-EXPONENT for rank in range(1, PAGES + 1)]
    total, shares = sum(weights), _shares()
    anonymous = personal = whole = 0.0
    for weight in weights:
        views = rate * weight / total
        anonymous += _misses(views * ANONYMOUS, lives)
        own = [views * share for share in shares if _has_object(views * share, design)]
        whole += sum(own)
        personal += sum(_misses(each, lives) for each in own) + _misses(views * (1 - ANONYMOUS) - sum(own), lives)
    return Mix(
        views_a_second=rate,
        purged_every_hours=hours,
        design=design,
        personal_hits=round(100 * (1 - personal / (rate * (1 - ANONYMOUS))), 1),
        all_hits=round(100 * (1 - (personal + anonymous) / rate), 1),
        whole=round(100 * whole / (rate * (1 - ANONYMOUS)), 1),
        renders_a_second=round(personal + anonymous, 2),
    )


def _misses(views: float, lives: float) -> float:
    """Misses a second of one object."""
    return views / (1 + views * lives)


def _has_object(views: float, design: str) -> bool:
    return design == "value" or (design == "hot values" and views > HOT_RATE)


def _shares() -> list[float]:
    """Of all views, those with each count below ten, signed in and not."""
    counts = [EMPTY] + [(1 - EMPTY) * (1 - FURTHER) * FURTHER**more for more in range(TEN - 1)]
    return [(1 - ANONYMOUS) * count * who for count in counts for who in (SIGNED_IN, 1 - SIGNED_IN)]
