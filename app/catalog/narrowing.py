"""Filters as conditions over product_facet `f`: what they mean where they are asked, and which of them a product misses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec

from app.catalog.filters import Filters
from app.catalog.rules import NEW_FOR

MONTH = f"make_interval(secs => {int(NEW_FOR.total_seconds())})"
NEW = f"f.since > (SELECT now() - {MONTH})"  # worked out once, not for each product
VISIBLE = "(f.publish_at IS NULL OR f.publish_at <= now())"


class Narrowed(NamedTuple):
    """Filters as SQL over product_facet `f`: their names, a condition for each, and the arguments of all."""

    filters: Filters
    names: list[str]
    conditions: list[str]
    args: list[Any]

    @property
    def missed(self) -> str:
        """One bit for each filter that a product does not fit."""
        return (
            " + ".join(f"CASE WHEN {each} THEN 0 ELSE {1 << bit} END" for bit, each in enumerate(self.conditions))
            or "0"
        )

    @property
    def single(self) -> list[int]:
        """Of what fits all but one filter at most."""
        return [0, *(1 << bit for bit in range(len(self.names)))]


def meant(asked: Filters, known: Mapping[tuple[str, str], int]) -> Filters:
    """The filters without values that no product here has; `new` is one that time decides."""
    kept = {
        name: tuple(value for value in values if (name, value) in known or (name, value) == ("offer", "new"))
        for name, values in asked.values.items()
    }
    return msgspec.structs.replace(asked, values={name: values for name, values in kept.items() if values})


def narrowed(filters: Filters, known: Mapping[tuple[str, str], int], at: int, places: int) -> Narrowed:
    """The filters as SQL, their arguments numbered after the first `at`."""
    names: list[str] = []
    conditions: list[str] = []
    args: list[Any] = []
    for name, values in filters.values.items():
        args.append([known[name, value] for value in values if (name, value) in known])
        new = f" OR {NEW}" if name == "offer" and "new" in values else ""
        names.append(name)
        conditions.append(f"(f.facets && ${at + len(args)}::int[]{new})")
    if filters.low is not None or filters.high is not None:
        unit = 10**places
        args += [(filters.low or 0) * unit, filters.high * unit if filters.high is not None else 2**62]
        names.append("price")
        conditions.append(f"f.price BETWEEN ${at + len(args) - 1} AND ${at + len(args)}")
    return Narrowed(filters, names, conditions, args)
