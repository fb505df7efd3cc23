"""Designs of things: stones, seed heads, arcs, orbits, paper cut-outs."""

from __future__ import annotations

import math
from random import Random

from app.drawing.canvas import Canvas
from app.drawing.inks import Area, Inks, spot
from app.drawing.shape import blob, num, outline, oval, polygon, smooth


def stones(canvas: Canvas, area: Area, inks: Inks, draw: Random) -> None:
    """A balanced pile of pebbles."""
    high = 0.9
    for index, wide in enumerate((0.34, 0.27, 0.3, 0.2, 0.13)):
        tall = wide * draw.uniform(0.34, 0.48) * area[2] / area[3]
        x, y = spot(area, 0.5 + draw.uniform(-0.04, 0.04), high - tall)
        lump = [
            (x + math.cos(t) * wide * area[2] * draw.uniform(0.94, 1.06), y + math.sin(t) * tall * area[3])
            for t in (math.tau * n / 9 for n in range(9))
        ]
        canvas.fill(blob(lump), inks[(3, 1, 2, 3, 2)[index]])
        high -= tall * 1.96


def stems(canvas: Canvas, area: Area, inks: Inks, draw: Random) -> None:
    """Seed heads on long stalks."""
    stalks: list[str] = []
    heads: dict[str, list[str]] = {inks[1]: [], inks[2]: [], inks[3]: []}
    for index in range(9):
        x0, x1 = 0.5 + (index - 4) * 0.035, 0.5 + (index - 4) * 0.1 + draw.uniform(-0.03, 0.03)
        top = draw.uniform(0.12, 0.5)
        stalks.append(smooth([spot(area, x0, 1.02), spot(area, (x0 * 2 + x1) / 3, (top + 2) / 3), spot(area, x1, top)]))
        x, y = spot(area, x1, top)
        size = area[2] * draw.uniform(0.025, 0.06)
        heads[inks[1 + index % 3]].append(oval(x, y, size * 0.8, size))
    canvas.stroke("".join(stalks), inks[3], 3)
    for ink, shapes in heads.items():
        canvas.fill("".join(shapes), ink)


def arcs(canvas: Canvas, area: Area, inks: Inks, draw: Random) -> None:
    """Quarter circles on a grid."""
    columns, rows = 4, 5
    wide, tall = area[2] / columns, area[3] / rows
    shapes: dict[str, list[str]] = {ink: [] for ink in inks[1:]}
    for cell in range(columns * rows):
        x, y = area[0] + cell % columns * wide, area[1] + cell // columns * tall
        sx, sy = draw.choice(((0, 0), (1, 0), (0, 1), (1, 1)))
        start, sweep = (x + wide * (1 - sx), y + tall * sy), int(sx == sy)
        quarter = f"M{num(x + wide * sx)} {num(y + tall * sy)}L{num(start[0])} {num(start[1])}A{num(wide)} {num(tall)} 0 0 {sweep} {num(x + wide * sx)} {num(y + tall * (1 - sy))}z"
        shapes[draw.choice(inks[1:])].append(quarter)
    for ink, paths in shapes.items():
        canvas.fill("".join(paths), ink)


def orbit(canvas: Canvas, area: Area, inks: Inks, draw: Random) -> None:
    """Rings around a sun, a moon on each."""
    x, y = spot(area, 0.5, 0.5)
    canvas.fill(oval(x, y, area[2] * 0.08, area[2] * 0.08), inks[2])
    for ring in range(1, 7):
        far, turn = area[2] * (0.08 + ring * 0.062), draw.uniform(0, math.tau)
        canvas.stroke(oval(x, y, far, far), inks[1 + ring % 3], 2.5)
        size = area[2] * draw.uniform(0.012, 0.034)
        canvas.fill(oval(x + far * math.cos(turn), y + far * math.sin(turn), size, size), inks[1 + (ring + 1) % 3])


def cut(canvas: Canvas, area: Area, inks: Inks, draw: Random) -> None:
    """Paper cut-outs: a leaf, a sun, a bowl, overlapping."""
    x, y = spot(area, 0.64, 0.3)
    canvas.fill(oval(x, y, area[2] * 0.2, area[2] * 0.2), inks[1])
    canvas.fill(
        polygon([spot(area, 0.14, 0.62), spot(area, 0.86, 0.62), spot(area, 0.86, 0.7), spot(area, 0.14, 0.7)]),
        inks[2],
    )
    bowl = [
        spot(area, 0.5 + 0.26 * math.cos(t), 0.62 + 0.2 * math.sin(t)) for t in (math.pi * n / 10 for n in range(11))
    ]
    canvas.fill(polygon(bowl), inks[3])
    for side in (-1, 1):
        root, tip = spot(area, 0.44, 0.62), spot(area, 0.44 + side * 0.16 - 0.06, 0.14 if side < 0 else 0.3)
        middle = ((root[0] + tip[0]) / 2, (root[1] + tip[1]) / 2)
        bend = area[2] * 0.07
        canvas.fill(
            outline([root, (middle[0] - bend, middle[1]), tip], [tip, (middle[0] + bend, middle[1]), root]),
            inks[2] if side < 0 else inks[3],
        )
