"""Plausible values for any view Struct, so that every template can be rendered without a database."""

from __future__ import annotations

import enum
import types
from datetime import UTC, date, datetime
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints
from uuid import UUID

import msgspec

NOW = datetime(2026, 11, 3, 14, 5, tzinfo=UTC)
PLAIN = {
    str: "Sample <b>&",
    int: 3,
    float: 4.5,
    bool: True,
    bytes: b"x",
    UUID: UUID(int=7),
    datetime: NOW,
    date: NOW.date(),
}
KNOWN = {"currency": "GBP", "url": "/p/sample", "canonical": "/p/sample", "slug": "sample", "band": "few", "policy": "stock",
         "state": "ok", "kind": "products"}  # fmt: skip


def sample(kind: Any, name: str = "", *, full: bool) -> Any:
    """A value of the type; `full` fills optional fields and lists, else they are None and empty."""
    if name in KNOWN and kind is str:
        return KNOWN[name]
    if kind in PLAIN:
        return PLAIN[kind]
    if kind is Any or kind is object:
        return "Sample"
    origin, args = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return _one_of(args, name, full=full)
    if origin is Literal:
        return args[0]
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        hints = get_type_hints(kind)
        return kind(**{f.name: sample(hints[f.name], f.name, full=full) for f in msgspec.structs.fields(kind)})
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return next(iter(kind))
    return _many(kind, origin or kind, args, name, full=full)


def _one_of(args: tuple[Any, ...], name: str, *, full: bool) -> Any:
    if type(None) in args and not full:
        return None
    return sample(next(arg for arg in args if arg is not type(None)), name, full=full)


def _many(kind: Any, origin: Any, args: tuple[Any, ...], name: str, *, full: bool) -> Any:
    if origin is tuple and args and args[-1] is not Ellipsis:
        return tuple(sample(arg, name, full=full) for arg in args)
    if origin in (dict,) or getattr(origin, "__name__", "") == "Mapping":
        return {"sample": sample(args[1], full=full)} if full and args else {}
    items = [sample(args[0], name, full=full)] * 2 if full and args else []
    if origin in (list, tuple, set, frozenset):
        return origin(items)
    if getattr(origin, "__name__", "") in ("Sequence", "Iterable", "Collection"):
        return items
    raise TypeError(f"no sample for {kind}")
