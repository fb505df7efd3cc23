"""Facets as pages show them: titles, values in order with their counts, chips, and the one address of each choice."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from urllib.parse import quote

import msgspec
from babel.numbers import get_currency_precision, get_currency_symbol

from app.catalog import rules
from app.catalog.facets import Found
from app.catalog.filters import Filters
from app.db.engines import Database
from app.settings import settings

FEW = 8  # shorter lists are looked through at a glance
SHOWN = 8  # values of a facet in sight; the others are one click away
FIRST, LAST = -1, 1000  # before and after what types define


class Value(msgspec.Struct, frozen=True, kw_only=True):
    """One value to tick. `count`: what is shown with it, other facets staying as they are (0: nothing to tick); `colour`: of its dot."""

    value: str
    label: str
    count: int
    selected: bool
    colour: str | None
    id: str


class Facet(msgspec.Struct, frozen=True, kw_only=True):
    """What lists can be narrowed by. `kind`: check | swatch; `more`: the values after the first few."""

    name: str
    title: str
    kind: str
    values: list[Value]
    more: list[Value]
    selected: int


class Chip(msgspec.Struct, frozen=True, kw_only=True):
    """Something chosen; `url` is the list without it."""

    title: str
    url: str


class FacetsView(msgspec.Struct, frozen=True, kw_only=True):
    """All a list can be narrowed by. `low`, `high`, `least`, `most`: prices in whole units, chosen and possible."""

    facets: list[Facet]
    chips: list[Chip]
    clear_url: str
    low: int | None
    high: int | None
    least: int | None
    most: int | None
    symbol: str
    total: int


class Defined(rules.Attribute, frozen=True, kw_only=True):
    """An attribute as a facet. `type_title`: whose; `facet_order`: place among facets; `colours`: value -> #rrggbb, for swatches."""

    type_title: str = ""
    facet_title: str | None = None
    facet_order: int = 100
    facet_kind: str = "check"
    colours: dict[str, str] = msgspec.field(default_factory=dict)


DEFINED = """
    SELECT 'f_' || facet_name(a->>'code', a->>'unit') AS name, a || jsonb_build_object('type_title', t.title) AS attribute, NULL AS title
    FROM product_type t, jsonb_array_elements(t.attributes) a WHERE a->'is_facet' = 'true'
        AND 'f_' || facet_name(a->>'code', a->>'unit') = ANY($1)
    UNION ALL SELECT slug, NULL, name FROM maker WHERE slug = ANY($2) ORDER BY 1, 2
"""
BUILT_IN: dict[str, tuple[str, int, dict[str, str]]] = {  # name -> title, order, words
    "offer": ("Offers", FIRST, {"sale": "On sale", "new": "New"}),
    "stock": ("Availability", FIRST, {"in": "In stock"}),
    "maker": ("Maker", LAST, {}),
    "rating": ("Rating", LAST + 1, {"4": "4 stars and up"}),
}


async def facets_view(db: Database, found: Found, url_of: Callable[[Filters], str], currency: str) -> FacetsView:
    """The facets of what was found; `url_of` gives the address of the list under other filters."""
    defined, makers = await _definitions(db, found)
    facets = [_facet(name, found, defined, makers) for name in _names(found, defined)]
    unit = 10 ** get_currency_precision(currency)
    symbol = get_currency_symbol(currency, locale=settings().locale)
    return FacetsView(
        facets=facets,
        chips=_chips(found, facets, url_of, symbol),
        clear_url=url_of(Filters()),
        low=found.filters.low,
        high=found.filters.high,
        least=found.least // unit if found.least is not None else None,
        most=-(-found.most // unit) if found.most is not None else None,
        symbol=symbol,
        total=found.total,
    )


async def _definitions(db: Database, found: Found) -> tuple[dict[str, Defined], dict[str, str]]:
    """Facet name -> its attribute, words and colours of all types that share it; and maker's slug -> name."""
    names = {name for name, _ in found.counts}
    slugs = [value for name, value in {*found.counts, *_chosen(found)} if name == "maker"]
    rows = await db.fetch(DEFINED, list(names | set(found.filters.values)), slugs)
    defined: dict[str, Defined] = {}
    for row in rows:
        if row["attribute"]:
            one, other = msgspec.convert(row["attribute"], Defined), defined.get(row["name"])
            defined[row["name"]] = _merged(other, one) if other else one
    titles = Counter(map(_title, defined.values()))
    for name, each in defined.items():
        if titles[_title(each)] > 1:  # frames of mirrors are not those of prints
            defined[name] = msgspec.structs.replace(each, facet_title=f"{_title(each)} ({each.type_title})")
    return defined, {row["name"]: row["title"] for row in rows if row["title"] is not None}


def _merged(one: Defined, other: Defined) -> Defined:
    first, second = sorted((one, other), key=lambda each: each.facet_order)
    return msgspec.structs.replace(first, values=second.values | first.values, colours=second.colours | first.colours)


def _chosen(found: Found) -> list[tuple[str, str]]:
    return [(name, value) for name, values in found.filters.values.items() for value in values]


def _names(found: Found, defined: Mapping[str, Defined]) -> list[str]:
    """Facets with something to choose, in the order types give them, offers and stock before, maker and rating after them; of one title by name."""

    def place(name: str) -> tuple[int, str, str]:
        if name in BUILT_IN:
            return BUILT_IN[name][1], "", name
        return (defined[name].facet_order, defined[name].label, name) if name in defined else (LAST, "", name)

    return sorted({*(name for (name, _), many in found.counts.items() if many), *found.filters.values}, key=place)


def _facet(name: str, found: Found, defined: Mapping[str, Defined], makers: Mapping[str, str]) -> Facet:
    about = defined.get(name)
    selected = set(found.filters.values.get(name, ()))
    counts = {value: many for (each, value), many in found.counts.items() if each == name}
    counts |= dict.fromkeys(selected - set(counts), 0)
    words = makers if name == "maker" else BUILT_IN[name][2] if name in BUILT_IN else {}
    values = [
        Value(
            value=value,
            label=words.get(value) or (_said(about, value) if about else value),
            count=counts[value],
            selected=value in selected,
            colour=about.colours.get(value) if about and about.facet_kind == "swatch" else None,
            id=f"{name}-{quote(value)}",
        )
        for value in counts
    ]
    values.sort(key=lambda each: _place(about, each))
    near = values[:SHOWN] if len(values) > SHOWN + 2 else values
    title = BUILT_IN[name][0] if name in BUILT_IN else _title(about) if about else name
    kind = about.facet_kind if about else "check"
    return Facet(name=name, title=title, kind=kind, values=near, more=values[len(near) :], selected=len(selected))


def _title(about: Defined) -> str:
    """Sizes in millilitres and in centimetres may stand in one list."""
    return about.facet_title or (f"{about.label}, {about.unit}" if about.unit else about.label)


def _said(about: Defined, value: str) -> str:
    return about.label if about.kind == "flag" else rules.said(about, value)


def _place(about: Defined | None, value: Value) -> tuple[int, float, str, str]:
    """Values with words stand as their type lists them, numbers by size, all others by name."""
    listed = list(about.values) if about else []
    at = listed.index(value.value) if value.value in listed else len(listed)
    number = re.match(r"\d+(?:\.\d+)?", value.value)
    return at, float(number[0]) if number else 0.0, value.label, value.value


def _chips(found: Found, facets: list[Facet], url_of: Callable[[Filters], str], symbol: str) -> list[Chip]:
    chips = [
        Chip(title=value.label, url=url_of(found.filters.without(facet.name, value.value)))
        for facet in facets
        for value in [*facet.values, *facet.more]
        if value.selected
    ]
    low, high = found.filters.low, found.filters.high
    if low is not None or high is not None:
        upto = f"{symbol}{low} to {symbol}{high}" if low is not None else f"Up to {symbol}{high}"
        said = upto if high is not None else f"{symbol}{low} and more"
        chips.append(Chip(title=said, url=url_of(found.filters.without("price"))))
    return chips
