"""What a shopper asked a list for, read from its address and written back in the one way it is spelled."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from urllib.parse import parse_qsl, quote_plus

import msgspec

BUILT_IN = ("maker", "stock", "offer", "rating")  # facets that every product has, whatever its type
PARAMETERS = ("page", "sort", *BUILT_IN, "min", "max", "f_*")
MOST = 20  # values at once: more is nobody's wish, and each makes the statement longer
DEAREST = 10_000_000  # in whole units of money; what is above is no price
NAME = re.compile(r"f_[A-Za-z0-9_-]{1,76}")


class Filters(msgspec.Struct, frozen=True, kw_only=True):
    """Facet name -> values, both in order: one of the values of each must fit. `low`, `high`: prices, in whole units of money."""

    values: Mapping[str, tuple[str, ...]] = {}
    low: int | None = None
    high: int | None = None

    @property
    def many(self) -> int:
        return sum(map(len, self.values.values())) + (self.low is not None or self.high is not None)

    def without(self, name: str, value: str | None = None) -> Filters:
        """The same less one value, or less the whole facet; `price` stands for both ends of its range."""
        if name == "price":
            return Filters(values=self.values)
        kept = {each: values for each, values in self.values.items() if each != name}
        if value is not None and (rest := tuple(each for each in self.values[name] if each != value)):
            kept[name] = rest
        return Filters(values=dict(sorted(kept.items())), low=self.low, high=self.high)

    def parameters(self) -> list[tuple[str, str]]:
        prices = [(name, str(end)) for name, end in (("min", self.low), ("max", self.high)) if end is not None]
        return [*((name, value) for name, values in self.values.items() for value in values), *prices]


def asked_filters(pairs: Iterable[tuple[str, str]]) -> Filters:
    """What these parameters ask for, as far as it can be meant: whether the values exist, the shop's database knows."""
    found: dict[str, set[str]] = {}
    ends: dict[str, int | None] = {"min": None, "max": None}
    for name, value in pairs:
        if name in ends:
            ends[name] = _whole(value)
        elif (name in BUILT_IN or NAME.fullmatch(name)) and value.isprintable() and 0 < len(value) <= 80:
            found.setdefault(name, set()).add(value)
    chosen = sorted((name, value) for name, values in found.items() for value in values)[:MOST]
    values = {name: tuple(value for each, value in chosen if each == name) for name, _ in chosen}
    low, high = ends["min"] or None, ends["max"]
    if low is not None and high is not None and low > high:
        low, high = high, low
    return Filters(values=values, low=low, high=high)


def _whole(text: str) -> int | None:
    """Whole units of money from what was typed: 12, £12, 12.50 or 1,200; None for anything else."""
    found = re.fullmatch(
        r"[^\d-]?\s*([0-9]{1,3}(?:,[0-9]{3}){1,2}|[0-9]{1,8})(?:[.,][0-9]{0,3})?", text.strip(), re.ASCII
    )
    amount = int(found[1].replace(",", "")) if found else DEAREST + 1
    return amount if amount <= DEAREST else None


def query_of(parameters: Iterable[tuple[str, str]]) -> str:
    """These parameters as browsers write them in forms, in the order in which the edge sorts them."""
    return "&".join(sorted(f"{_encoded(name)}={_encoded(value)}" for name, value in parameters))


def _encoded(text: str) -> str:
    return quote_plus(text, safe="*").replace("~", "%7E")


def said_as(query: str, parameters: Iterable[tuple[str, str]], *, also: str = "") -> bool:
    """Whether a raw query says exactly these parameters, each once, in their one spelling; the order is the edge's affair.

    What is empty (a field left alone) or no parameter of lists, nor the one of the page beside them, does not count.
    """
    return "&".join(sorted(each for each in query.split("&") if _counts(each, also))) == query_of(parameters)


def _counts(said: str, also: str) -> bool:
    name, _, value = said.partition("=")
    return bool(value) and (name in (*PARAMETERS, also) or name.startswith("f_"))


def pairs_of(query: str) -> list[tuple[str, str]]:
    """The parameters of a raw query; a nonsense of bytes or of numbers of them is none."""
    try:
        return parse_qsl(query, max_num_fields=200)
    except ValueError:
        return []
