"""Stems and leaves, for vases and planters."""

from __future__ import annotations

import math
from collections.abc import Sequence
from random import Random
from typing import NamedTuple

from app.drawing.canvas import Canvas
from app.drawing.chance import chance
from app.drawing.palette import Tones, blend
from app.drawing.shape import Point, num, pack, smooth

GREENS = {
    "olive": Tones("olive leaves", "#a9b48a", "#77865a", "#4d5b3a", "#3b482b"),
    "fern": Tones("fern", "#86b472", "#54874b", "#2f562f", "#224222"),
    "rubber": Tones("rubber plant", "#5c9173", "#34694f", "#1d4433", "#8fb89c"),
    "straw": Tones("dried grasses", "#ead9ae", "#cfb681", "#9d8353", "#7b6238"),
}
# a leaf lying to the right of its stalk: the first half's control points, the tip, the way back
LEAVES: dict[str, tuple[Point, ...]] = {
    "olive": ((16, -16), (50, -16), (74, 0), (50, 14), (16, 13), (0, 0)),
    "fern": ((22, -13), (64, -14), (100, -4), (66, 10), (24, 11), (0, 0)),
    "rubber": ((24, -48), (92, -56), (140, -8), (98, 38), (30, 40), (0, 0)),
    "straw": ((12, -13), (44, -15), (90, -3), (46, 10), (14, 8), (0, 0)),
}


class Spray(NamedTuple):
    """Stems of one plant: how tall, how many, and the size of their leaves."""

    kind: str
    seed: int
    tall: float = 300
    stems: int = 4
    size: float = 1


def spray(canvas: Canvas, foot: Point, plant: Spray) -> None:
    """Stems rising from a place, fanned out, with pairs of leaves in three depths of green."""
    kind, seed, tall, stems, size = plant
    draw = chance(seed)
    tones = GREENS[kind]
    depths: dict[str, list[str]] = {tones.dark: [], tones.mid: [], tones.light: []}
    spines = []
    for stem in range(stems):
        lean = (stem - (stems - 1) / 2) * (1.15 / max(stems, 2)) + draw.uniform(-0.08, 0.08)
        spine = _spine(draw, foot, lean, tall * draw.uniform(0.78, 1.05))
        spines.append(spine)
        for place, turn in _pairs(draw, spine):
            paint = _tone(draw, tones, turn)
            depths[paint].append(leaf(LEAVES[kind], place, turn, size * draw.uniform(0.8, 1.15)))
    stalks = "".join(smooth(spine) for spine in spines)
    for paint, shapes in depths.items():
        canvas.face("".join(shapes), paint, blend(paint, tones.dark, 0.45), 1.4)
        if paint == tones.dark:
            canvas.stroke(stalks, tones.dark, 4 * size)


def _spine(draw: Random, foot: Point, lean: float, tall: float) -> list[Point]:
    """A stem as five points that bend further outwards the higher they are."""
    x, y = foot
    sway = draw.uniform(-14, 14)
    shares = (0, 0.3, 0.55, 0.8, 1)
    return [(x + math.sin(lean) * tall * s**1.4 + sway * s * (1 - s), y - math.cos(lean) * tall * s) for s in shares]


def _pairs(draw: Random, spine: Sequence[Point]) -> list[tuple[Point, float]]:
    """Where leaves sit along a stem, and which way they point, in degrees."""
    pairs: list[tuple[Point, float]] = []
    for (x0, y0), (x1, y1) in zip(spine[1:], [*spine[2:], spine[-1]], strict=True):
        rise = math.degrees(math.atan2(y1 - y0, x1 - x0)) if (x0, y0) != (x1, y1) else -90
        pairs += [((x0, y0), rise + side * draw.uniform(34, 62)) for side in (-1, 1)]
        pairs.append((((x0 + x1) / 2, (y0 + y1) / 2), rise + draw.choice((-1, 1)) * draw.uniform(28, 70)))
    return pairs


def _tone(draw: Random, tones: Tones, turn: float) -> str:
    """Leaves that lean towards the window are mostly light, those that lean away mostly dark."""
    towards = -math.cos(math.radians(turn)) * 0.5 + draw.uniform(-0.6, 0.6)
    return tones.light if towards > 0.42 else tones.mid if towards > -0.2 else tones.dark


def leaf(shape: Sequence[Point], place: Point, turn: float, size: float) -> str:
    """One leaf as a path, its stalk at a place."""
    across, down = math.cos(math.radians(turn)) * size, math.sin(math.radians(turn)) * size
    points = [(x * across - y * down, x * down + y * across) for x, y in shape]
    out = [value for point in points[:3] for value in point]
    back = [value for x, y in points[3:] for value in (x - points[2][0], y - points[2][1])]
    return f"M{pack(place, 0)}c{pack(out, 0)}c{pack(back, 0)}z"


def blades(canvas: Canvas, foot: Point, seed: int, tall: float, count: int = 9) -> None:
    """Stiff upright leaves of a snake plant, edged in pale yellow."""
    draw = chance(seed)
    tones = GREENS["fern"]
    paint = canvas.linear([(0, tones.light), (0.35, tones.mid), (1, tones.dark)])
    for index in sorted(range(count), key=lambda n: draw.random()):
        lean = (index - (count - 1) / 2) * 0.13 + draw.uniform(-0.04, 0.04)
        high, wide = tall * draw.uniform(0.66, 1.08), draw.uniform(20, 30)
        x, tip = foot[0] + (index - count / 2) * 13, foot[0] + math.sin(lean) * tall * 1.1
        canvas.fill(
            _blade((x, foot[1]), (tip, foot[1] - high), wide),
            paint,
            1,
            ' stroke="#c9cf86" stroke-opacity=".6" stroke-width="2"',
        )


def _blade(foot: Point, tip: Point, wide: float) -> str:
    middle, high = (foot[0] + tip[0]) / 2, foot[1] - tip[1]
    left = pack((middle - wide * 1.3, foot[1] - high * 0.6, *tip), 0)
    right = pack((middle + wide * 1.3, foot[1] - high * 0.5, foot[0] + wide * 0.5, foot[1]), 0)
    return f"M{num(foot[0] - wide * 0.5, 0)} {num(foot[1], 0)}Q{left}Q{right}z"
