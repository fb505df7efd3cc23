"""Wood grain on flat faces."""

from __future__ import annotations

import math
from collections.abc import Sequence
from random import Random

from app.drawing.canvas import Canvas
from app.drawing.chance import chance
from app.drawing.palette import Tones
from app.drawing.shape import Point, smooth


def grained(canvas: Canvas, points: Sequence[Point], tones: Tones, seed: int, count: int = 0) -> None:
    """Wood grain along the longer side of a four-cornered face."""
    a, b, c, d = points
    if math.dist(a, b) < math.dist(b, c):
        a, b, c, d = b, c, d, a
    across = math.dist(a, d)
    if across < 26:
        return
    draw = chance(seed)
    count = count or min(6, max(1, int(across / 18)))
    canvas.stroke(
        "".join(_fibre(draw, (a, b, c, d), (row + 0.5) / count) for row in range(count)), tones.line, 1.3, 0.26
    )


def _fibre(draw: Random, face: Sequence[Point], place: float) -> str:
    """One line of grain that runs most of the way along, wandering a little."""
    a, b, c, d = face
    start, end = draw.uniform(0, 0.2), draw.uniform(0.75, 1)
    points = []
    for step in range(4):
        along = start + (end - start) * step / 3
        down = min(0.97, max(0.03, place + draw.uniform(-0.05, 0.05)))
        upper = a[0] + (b[0] - a[0]) * along, a[1] + (b[1] - a[1]) * along
        lower = d[0] + (c[0] - d[0]) * along, d[1] + (c[1] - d[1]) * along
        points.append((upper[0] + (lower[0] - upper[0]) * down, upper[1] + (lower[1] - upper[1]) * down))
    return smooth(points)
