"""Designs of places: height lines, ridges, water, cliffs, larks over a field."""

from __future__ import annotations

import math
from random import Random

from app.drawing.canvas import Canvas
from app.drawing.inks import Area, Inks, between, spot
from app.drawing.shape import Point, blob, num, outline, oval, smooth


def contour(canvas: Canvas, area: Area, inks: Inks, draw: Random) -> None:
    """Height lines of two hills, as on a walker's map."""
    waves = [(draw.uniform(0, math.tau), draw.uniform(0.05, 0.15), n) for n in (2, 3, 5)]
    for x, y, count, ink in ((0.36, 0.36, 8, inks[3]), (0.74, 0.8, 5, inks[2])):
        rings = [blob(_ring(area, spot(area, x, y), ring, waves)) for ring in range(count, 0, -1)]
        canvas.fill(rings[0], inks[0])
        canvas.stroke("".join(rings), ink, 3)
        canvas.fill(rings[-2], inks[1])
        canvas.fill(rings[-1], ink)


def _ring(area: Area, middle: Point, ring: int, waves: list[tuple[float, float, int]]) -> list[Point]:
    points = []
    for step in range(10):
        turn = math.tau * step / 10
        swell = 1 + sum(size * math.sin(turn * n + phase + ring * 0.1) for phase, size, n in waves)
        far = (0.02 + ring * 0.066) * swell * area[2]
        points.append((middle[0] + math.cos(turn) * far, middle[1] + math.sin(turn) * far))
    return points


def hills(canvas: Canvas, area: Area, inks: Inks, draw: Random) -> None:
    """Ridges one behind another under a low sun."""
    x, y = spot(area, draw.uniform(0.55, 0.72), 0.3)
    canvas.fill(oval(x, y, area[2] * 0.14, area[2] * 0.14), inks[2])
    for layer, paint in enumerate((inks[1], between(inks, 1.5), inks[2], between(inks, 2.5), inks[3])):
        base = 0.42 + layer * 0.12
        ridge = [spot(area, n / 5, base + draw.uniform(-0.07, 0.05)) for n in range(6)]
        canvas.fill(outline(ridge, [spot(area, 1, 1.01), spot(area, 0, 1.01)]), paint)


def tide(canvas: Canvas, area: Area, inks: Inks, draw: Random) -> None:
    """Lines of water, closer together towards the horizon."""
    phase = draw.uniform(0, 6)
    runs: dict[str, list[str]] = {inks[1]: [], inks[2]: [], inks[3]: []}
    for row in range(15):
        high = 0.24 + 0.76 * (row / 15) ** 1.5
        sway = 0.006 + 0.028 * row / 15
        points = [spot(area, n / 6, high + sway * math.sin(n * 1.9 + row * 0.8 + phase)) for n in range(7)]
        runs[inks[1 + row % 3]].append(smooth(points))
    x, y = spot(area, 0.5, 0.15)
    canvas.fill(oval(x, y, area[2] * 0.09, area[2] * 0.09), inks[2])
    for ink, lines in runs.items():
        canvas.stroke("".join(lines), ink, 5)


def strata(canvas: Canvas, area: Area, inks: Inks, draw: Random) -> None:
    """Layers in a cliff."""
    high, row = 0.1, 0
    while high < 0.95:
        deep = draw.uniform(0.03, 0.12)
        upper = [spot(area, n / 4, high + draw.uniform(-0.012, 0.012)) for n in range(5)]
        lower = [spot(area, n / 4, high + deep + draw.uniform(-0.012, 0.012)) for n in range(4, -1, -1)]
        canvas.fill(outline(upper, lower), (inks[1], inks[3], inks[2], between(inks, 1.5))[row % 4])
        high, row = high + deep + draw.uniform(0.008, 0.03), row + 1


def flock(canvas: Canvas, area: Area, inks: Inks, draw: Random) -> None:
    """Larks rising over a field."""
    field = [spot(area, 0, 0.84), spot(area, 0.4, 0.8), spot(area, 1, 0.86)]
    canvas.fill(outline(field, [spot(area, 1, 1.01), spot(area, 0, 1.01)]), inks[1])
    wings = []
    for _ in range(16):
        x, y = spot(area, 0.16 + 0.7 * draw.random(), 0.1 + 0.62 * draw.random())
        size = area[2] * (0.035 + 0.05 * draw.random())
        wings.append(
            f"M{num(x - size)} {num(y - size * 0.3)}q{num(size * 0.6)} {num(-size * 0.5)} {num(size)} {num(size * 0.35)}q{num(size * 0.4)} {num(-size * 0.9)} {num(size)} {num(-size * 0.4)}"
        )
    canvas.stroke("".join(wings[:11]), inks[3], 4)
    canvas.stroke("".join(wings[11:]), inks[2], 5)
