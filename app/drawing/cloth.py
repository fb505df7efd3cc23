"""Cushions and rugs."""

from __future__ import annotations

import math
from typing import Any

from app.drawing.camera import Camera
from app.drawing.canvas import Canvas
from app.drawing.chance import chance
from app.drawing.light import SHADE, pool
from app.drawing.palette import Tones, blend
from app.drawing.patterns import yarns
from app.drawing.shape import Point, blob, line, polygon, smooth
from app.drawing.weaving import Lay, patches, threads

Params = dict[str, Any]
SIDES = ((-1, -1, 1, -1), (1, -1, 1, 1), (1, 1, -1, 1), (-1, 1, -1, -1))  # from corner to corner, clockwise
DRAWN_IN = ((0.0, 0.0), (0.06, 0.002), (0.25, 0.03), (0.5, 0.042), (0.75, 0.03), (0.94, 0.002))  # along a side, inwards


def cushion(canvas: Canvas, params: Params, view: str) -> None:
    """A plump cushion: corners pulled out, sides drawn in, light rolling off to the right."""
    ground, _, _ = yarns(params["colourway"])
    size, low = 308 * params.get("scale", 1), params.get("ratio", 1.0)
    pool(canvas, (424, 506 + size * low, size * 1.3, 46), 0.75)
    turned = view != "front"
    if turned:
        canvas.open('transform="translate(400 520)rotate(-7)skewY(9)scale(.9 1)translate(-400 -520)"')
        _gusset(canvas, _pillow(size, size * low), ground)
    shape = blob(_pillow(size, size * low))
    canvas.fill(shape, ground.mid)
    canvas.open(f'clip-path="{canvas.clip(shape)}"')
    patches(canvas, params, lambda point: _puffed(point, size, size * low))
    canvas.fill(shape, threads(canvas, ground))
    canvas.close()
    _roundness(canvas, shape, ground)
    _creases(canvas, ground, size, size * low)
    if turned:
        canvas.close()


def _pillow(wide: float, tall: float) -> list[Point]:
    """The outline: a square whose corners stay out while its sides curve in."""
    points = []
    for sx, sy, ex, ey in SIDES:
        nx, ny = (0, -sy) if sy == ey else (-sx, 0)
        for share, dip in DRAWN_IN:
            px, py = sx + (ex - sx) * share, sy + (ey - sy) * share
            points.append((400 + (px + nx * dip) * wide, 510 + (py + ny * dip) * tall))
    return points


def _gusset(canvas: Canvas, outline: list[Point], tones: Tones) -> None:
    """The far half of a cushion that is turned, showing behind its left edge."""
    behind = [(400 + (x - 400) * 0.97 - 30, 510 + (y - 510) * 0.95) for x, y in outline]
    paint = canvas.linear([(0, tones.mid), (0.1, blend(tones.mid, tones.dark, 0.4)), (1, tones.dark)])
    canvas.fill(blob(behind), paint)


def _puffed(point: Point, wide: float, tall: float) -> Point:
    """A place of the pattern on a swollen front: the middle comes nearer, so it grows."""
    x, y = point[0] * 2 - 1, point[1] * 2 - 1
    swell = 1 - 0.07 * (x * x + y * y - 1)
    return 400 + x * wide * swell, 510 + y * tall * swell


def _roundness(canvas: Canvas, shape: str, tones: Tones) -> None:
    """Light and shade over the swollen front, and piping round the edge."""
    dark = canvas.radial([(0.5, tones.line, 0), (1, tones.line, 0.6)], 0.42, 0.4, 0.7)
    light = canvas.radial([(0, "#fff", 0.26), (0.5, "#fff", 0.1), (1, "#fff", 0)], 0.36, 0.32, 0.6)
    below = canvas.linear([(0.72, tones.line, 0), (1, tones.line, 0.4)], (0, 0, 0, 1))
    for paint in (dark, light, below):
        canvas.fill(shape, paint)
    canvas.stroke(shape, blend(tones.mid, tones.dark, 0.55), 4, 0.75)


def _creases(canvas: Canvas, tones: Tones, wide: float, tall: float) -> None:
    """Soft folds that run inwards from the corners."""
    folds = []
    for sx, sy in ((-1, -1), (1, -1), (1, 1), (-1, 1)):
        for across, down in ((0.62, 0.74), (0.74, 0.62)):
            corner = (400 + sx * wide * 0.95, 510 + sy * tall * 0.95)
            bend = (400 + sx * wide * (across + 0.14), 510 + sy * tall * (down + 0.14))
            folds.append(smooth([corner, bend, (400 + sx * wide * across, 510 + sy * tall * down)]))
    canvas.stroke("".join(folds), tones.line, 3, 0.2)


def rug(canvas: Canvas, params: Params, view: str) -> None:
    """A flat-woven rug with a fringe: from above, or lying on the floor."""
    ground, _, _ = yarns(params["colourway"])
    lay = _from_above(params) if view == "front" else _on_floor(params)
    _rug_shadow(canvas, lay)
    _fringe(canvas, lay, ground, params.get("seed", 1))
    edge = polygon(
        [lay((x + 0.004 * math.sin(n * 2.1), y + 0.003 * math.cos(n * 1.7))) for n, (x, y) in enumerate(_border(6))]
    )
    tone = [(0, ground.light), (0.4, ground.mid), (1, blend(ground.mid, ground.dark, 0.25))]
    canvas.fill(edge, canvas.linear(tone, (0, 0, 1, 1)))
    canvas.open(f'clip-path="{canvas.clip(edge)}"')
    patches(canvas, params, lay)
    canvas.close()
    canvas.fill(edge, threads(canvas, ground, 8, 0.3))
    canvas.stroke(edge, ground.line, 2.5, 0.4)


def _rug_shadow(canvas: Canvas, lay: Lay) -> None:
    """Barely thicker than its own shadow: three faint outlines, each a little farther out."""
    corners = [lay(point) for point in ((0, -0.02), (1, -0.02), (1, 1.02), (0, 1.02))]
    for step in (22, 13, 6):
        moved = polygon([(x + step * 0.5, y + step * 0.8) for x, y in corners])
        canvas.stroke(moved, SHADE, step * 1.4, 0.05, f' fill="{SHADE}" fill-opacity=".08"')


def _border(steps: int) -> list[Point]:
    """Points all round the unit square."""
    shares = [n / steps for n in range(steps)]
    top, right = [(s, 0.0) for s in shares], [(1.0, s) for s in shares]
    return [*top, *right, *((1 - s, 1.0) for s in shares), *((0.0, 1 - s) for s in shares)]


def _from_above(params: Params) -> Lay:
    ratio = params.get("ratio", 1.45)
    tall = min(820, 610 * ratio)
    wide = tall / ratio
    return lambda point: (400 - wide / 2 + point[0] * wide, 500 - tall / 2 + point[1] * tall)


def _on_floor(params: Params) -> Lay:
    ratio = params.get("ratio", 1.45)
    camera = Camera(yaw=-24, pitch=40, scale=3.6, x=405, y=530, far=700)
    long = 195 if ratio < 2 else 240
    return lambda point: camera.see(((point[0] - 0.5) * long / ratio, 0, (point[1] - 0.5) * long))


def _fringe(canvas: Canvas, lay: Lay, tones: Tones, seed: int) -> None:
    """Knotted warp ends at both short sides."""
    draw = chance(seed)
    ends = []
    for n in range(44):
        x = (n + 0.5) / 44
        for inner, outer in ((0.003, -0.035), (0.997, 1.035)):
            end = (x + draw.uniform(-0.008, 0.008), outer + draw.uniform(-0.006, 0.006))
            ends.append(line([lay((x, inner)), lay(end)]))
    canvas.stroke("".join(ends), blend(tones.mid, tones.dark, 0.35), 4.6)
    canvas.stroke("".join(ends), tones.light, 2.4)
