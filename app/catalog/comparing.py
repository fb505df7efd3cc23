"""Products side by side: what each says of itself, fact by fact."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import msgspec

from app.catalog import rules
from app.catalog.cards import CARD, CARDS, ON_SALE, card_of, card_tags, next_change
from app.catalog.views import Card, Link, product_url
from app.db.engines import EVERYONE, reading
from app.edge import tags

MOST = 4  # as many as stand side by side on a wide screen
OFFERED = 6
ASKED = 12  # as many as an address may name; what has no room is told
COMPARED = f"""
    SELECT {CARD}, p.attributes, p.type_id, p.category_id, t.attributes AS kinds
    FROM {CARDS} JOIN product_type t ON t.id = p.type_id WHERE p.slug = ANY($1) AND {ON_SALE} ORDER BY p.slug
"""  # noqa: S608 - constants
ALIKE = f"""
    SELECT {CARD} FROM {CARDS} WHERE p.category_id = $1 AND p.slug <> ALL($2) AND {ON_SALE} ORDER BY p.rank, p.id LIMIT {OFFERED}
"""  # noqa: S608 - constants


class CompareRow(msgspec.Struct, frozen=True, kw_only=True):
    """A fact of each product, in their order; "" where it has none. `differs`: they do not all say the same."""

    label: str
    values: list[str]
    differs: bool


class Compared(msgspec.Struct, frozen=True, kw_only=True):
    """A product, and the address of the comparison without it."""

    card: Card
    without: str


class CompareView(msgspec.Struct, frozen=True, kw_only=True):
    """Up to four products. `more`: others of the kind, by the address that adds each; `left_out`: what has no room beside them,
    by the address that shows it with the first three; `address`: the one that says this."""

    products: list[Compared]
    rows: list[CompareRow]
    more: list[Link]
    left_out: list[Link]
    address: str
    tags: frozenset[str]
    until: datetime | None


def asked_slugs(pairs: Iterable[tuple[str, str]]) -> list[str]:
    """The products that an address names, each once, in the one order there is, and at most twelve."""
    return sorted({value for name, value in pairs if name == "p" and value})[:ASKED]


def address_of(slugs: Iterable[str]) -> str:
    """The one address that compares these."""
    query = urlencode([("p", slug) for slug in sorted(slugs)])
    return "/compare" + (f"?{query}" if query else "")


async def compare_view(slugs: Sequence[str]) -> CompareView:
    """Those of these products that are on sale, side by side, in two statements."""
    async with reading(EVERYONE) as db:
        rows = await db.fetch(COMPARED, list(slugs)) if slugs else []
        alike = await db.fetch(ALIKE, rows[0]["category_id"], list(slugs)) if 0 < len(rows) < MOST else []
    cards, others = [card_of(row) for row in rows], [card_of(row) for row in alike]
    here = [card.slug for card in cards]
    missing = {tags.path(product_url(slug)) for slug in slugs if slug not in here}
    kinds = {tags.product_type(row["type_id"]) for row in rows} | {
        tags.neighbours(row["category_id"]) for row in rows[:1]
    }
    return CompareView(
        products=[Compared(card=card, without=address_of(set(here) - {card.slug})) for card in cards[:MOST]],
        rows=side_by_side([_facts(row) for row in rows[:MOST]]),
        left_out=[Link(title=card.title, url=address_of([*here[: MOST - 1], card.slug])) for card in cards[MOST:]],
        more=[Link(title=card.title, url=address_of([*here, card.slug])) for card in others],
        address=address_of(here),
        tags=frozenset(card_tags([*cards, *others]) | kinds | missing),
        until=next_change([*cards, *others]),
    )


def side_by_side(facts: Sequence[Mapping[str, str]]) -> list[CompareRow]:
    """One row for each fact that any of them has, in the order in which they first come."""
    labels = dict.fromkeys(label for each in facts for label in each)
    rows = ((label, [each.get(label, "") for each in facts]) for label in labels)
    return [CompareRow(label=label, values=values, differs=len(set(values)) > 1) for label, values in rows]


def _facts(row: Any) -> dict[str, str]:
    kinds = msgspec.convert(row["kinds"], list[rules.Attribute])
    return {"Maker": row["maker"]} | {fact.label: fact.value for fact in rules.facts_of(kinds, row["attributes"])}
