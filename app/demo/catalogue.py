"""Which products a seeded shop has, in order, each with its rank."""

from __future__ import annotations

from collections.abc import Iterator

from app.demo.draft import Draft
from app.demo.generate import drafts
from app.demo.goods import desk, lighting, seating, specials, table, textiles, wall

DEMO = 240  # products of the demo shop
GENERATED = 1000  # rank of the first generated product; hand-written ones come before

WRITTEN: tuple[Draft, ...] = (
    *table.PRODUCTS, *lighting.PRODUCTS, *seating.PRODUCTS, *desk.PRODUCTS,
    *textiles.PRODUCTS, *wall.PRODUCTS, *specials.PRODUCTS,
)  # fmt: skip


def demo() -> list[tuple[int, Draft]]:
    """The demo shop: all that was written by hand, and as many generated ones as make it look lived in."""
    more = drafts(0, DEMO - len(WRITTEN), rich=True)
    return [*enumerate(WRITTEN, 1), *enumerate(more, GENERATED)]


def many(count: int, start: int, empty: bool) -> Iterator[tuple[int, Draft]]:
    """`count` products for a big shop, generated ones from number `start`; an empty shop gets the hand-written ones first."""
    written = list(enumerate(WRITTEN, 1))[:count] if empty else []
    yield from written
    yield from enumerate(drafts(start, count - len(written), rich=False), GENERATED + start)
