"""Woven patterns as flat coloured polygons in a unit square, so that any cloth can carry them in any view."""

from __future__ import annotations

import math
from collections.abc import Callable
from random import Random

from app.drawing.chance import chance
from app.drawing.palette import FABRICS, Tones
from app.drawing.shape import Point

Patch = tuple[str, list[list[Point]]]  # one colour and all polygons of it, in 0..1 x 0..1
COLOURWAYS: dict[str, tuple[str, str, str]] = {  # ground, first yarn, second yarn
    "shore": ("oatmeal", "indigo", "stone"),
    "bracken": ("flax", "rust", "moss"),
    "dusk": ("heather", "indigo", "oatmeal"),
    "field": ("moss", "mustard", "oatmeal"),
    "ember": ("rust", "oatmeal", "charcoal"),
    "peat": ("charcoal", "oatmeal", "mustard"),
    "grove": ("evergreen", "oatmeal", "mustard"),
    "chalk": ("oatmeal", "stone", "charcoal"),
}


def yarns(colourway: str) -> tuple[Tones, Tones, Tones]:
    """Ground and two yarns of a colourway."""
    ground, first, second = COLOURWAYS[colourway]
    return FABRICS[ground], FABRICS[first], FABRICS[second]


def weave(pattern: str, colourway: str, seed: int = 1) -> list[Patch]:
    """The patches of a named pattern over its ground."""
    _, first, second = yarns(colourway)
    return PATTERNS[pattern](first.mid, second.mid, chance(seed))


def bar(top: float, bottom: float) -> list[Point]:
    """A stripe from edge to edge."""
    return [(0, top), (1, top), (1, bottom), (0, bottom)]


def stripe(first: str, second: str, draw: Random) -> list[Patch]:
    """Wide bands with a narrow companion."""
    wide = [bar(top, top + 0.075) for top in (0.1, 0.3, 0.5, 0.7, 0.9)]
    thin = [bar(top, top + 0.018) for top in (0.2, 0.4, 0.6, 0.8)]
    return [(first, wide[:5]), (second, thin)]


def border(first: str, second: str, draw: Random) -> list[Patch]:
    """Stripes only at both ends."""
    ends = [bar(a, b) for a, b in ((0.06, 0.12), (0.15, 0.17), (0.88, 0.94), (0.83, 0.85))]
    return [(first, ends), (second, [bar(0.19, 0.205), bar(0.795, 0.81)])]


def check(first: str, second: str, draw: Random) -> list[Patch]:
    """An open check."""
    across = [bar(n / 5 + 0.05, n / 5 + 0.1) for n in range(5)]
    down: list[list[Point]] = [
        [(n / 5 + 0.05, 0), (n / 5 + 0.1, 0), (n / 5 + 0.1, 1), (n / 5 + 0.05, 1)] for n in range(5)
    ]
    thin = [bar(n / 5 + 0.165, n / 5 + 0.175) for n in range(5)]
    return [(first, across + down), (second, thin)]


def kite(first: str, second: str, draw: Random) -> list[Patch]:
    """Long kites in rows, every other row upside down."""
    patches: dict[str, list[list[Point]]] = {first: [], second: []}
    for row in range(4):
        for column in range(4):
            x, y = 0.05 + column * 0.225, 0.04 + row * 0.235
            belly = 0.07 if row % 2 else 0.14
            shape = [(x + 0.1125, y), (x + 0.21, y + belly), (x + 0.1125, y + 0.21), (x + 0.015, y + belly)]
            patches[(first, second)[(row + column) % 3 == 1]].append(shape)
    return list(patches.items())


def arches(first: str, second: str, draw: Random) -> list[Patch]:
    """Rows of small half-rounds."""
    patches: dict[str, list[list[Point]]] = {first: [], second: []}
    for row in range(4):
        for column in range(4):
            x, y = 0.125 + column * 0.25, 0.2 + row * 0.245
            turn = [math.pi * step / 7 for step in range(8)]
            patches[(first, second)[(row * 3 + column) % 4 == 0]].append(
                [(x - 0.095 * math.cos(t), y - 0.15 * math.sin(t)) for t in turn]
            )
    return list(patches.items())


def blocks(first: str, second: str, draw: Random) -> list[Patch]:
    """A few large fields of colour, as on a painter's rug."""
    big = [
        [(0.08, 0.08), (0.52, 0.08), (0.52, 0.44), (0.08, 0.44)],
        [(0.6, 0.52), (0.92, 0.52), (0.92, 0.92), (0.6, 0.92)],
    ]
    small = [
        [(0.6, 0.08), (0.92, 0.08), (0.92, 0.26), (0.6, 0.26)],
        [(0.08, 0.7), (0.44, 0.7), (0.44, 0.92), (0.08, 0.92)],
    ]
    return [(first, big), (second, small)]


def dash(first: str, second: str, draw: Random) -> list[Patch]:
    """Short stitches, like sashiko."""
    stitches = []
    for row in range(9):
        shift = 0.05 if row % 2 else 0.0
        stitches += [_block(0.05 + column * 0.1 + shift, 0.07 + row * 0.105, 0.045, 0.018) for column in range(9)]
    return [(first, stitches)]


def _block(x: float, y: float, wide: float, tall: float) -> list[Point]:
    return [(x, y), (x + wide, y), (x + wide, y + tall), (x, y + tall)]


def plain(first: str, second: str, draw: Random) -> list[Patch]:
    """The weave alone."""
    return []


PATTERNS: dict[str, Callable[[str, str, Random], list[Patch]]] = {
    "stripe": stripe, "border": border, "check": check, "kite": kite, "arches": arches, "blocks": blocks, "dash": dash, "plain": plain,
}  # fmt: skip
