"""What generated products are cut from: a form is a kind of thing some workshops make, in many lines."""

from __future__ import annotations

from typing import Any

import msgspec


class Form(msgspec.Struct, frozen=True, kw_only=True):
    """`noun` follows the line's name in the title. `price`: lowest and highest in pence, in steps of fifty.

    `options`: values to pick from by option code, and how many at most; `drawn`: picture parameters to pick one value of.
    `openings`: first sentences of the text; what follows comes from the craft.
    """

    noun: str
    craft: str
    family: str
    kind: str
    category: str
    makers: tuple[str, ...]
    price: tuple[int, int]
    options: dict[str, tuple[tuple[str, ...], int]]
    openings: tuple[str, ...]
    subtitles: tuple[str, ...]
    drawn: dict[str, tuple[Any, ...]] = {}
    attributes: dict[str, Any] = {}
    extra: dict[str, dict[str, int]] = {}
    keywords: str = ""
    on_hand: int = 30
