"""Mugs, bowls and plates."""

from __future__ import annotations

import math
from typing import Any

from app.drawing import clay
from app.drawing.canvas import Canvas
from app.drawing.light import ellipse, shadow
from app.drawing.palette import GLAZES, STONEWARE, Tones, blend
from app.drawing.shape import Point, arc, smooth
from app.drawing.turned import Turned

Params = dict[str, Any]
TILTS = {"mug": (0.36, 0.16), "bowl": (0.48, 0.22), "plate": (0.36, 0.86)}  # sine of the camera's height: angle, front
HANDLES: dict[str, tuple[Point, ...]] = {
    # spine of the handle from its upper root, in shares of its height
    "D": ((-0.06, 0.0), (0.3, -0.03), (0.55, 0.12), (0.52, 0.46), (0.32, 0.8), (-0.1, 1.0)),
    "C": ((-0.06, 0.0), (0.26, -0.08), (0.54, 0.2), (0.54, 0.62), (0.28, 0.93), (-0.1, 0.98)),
    "ring": ((-0.03, 0.14), (0.2, -0.02), (0.48, 0.08), (0.56, 0.38), (0.36, 0.66), (-0.03, 0.64)),
}


def mug(canvas: Canvas, params: Params, view: str) -> None:
    """A mug with its handle to the right, where the light leaves it; turned a little towards us when seen from above."""
    tilt = TILTS["mug"][view == "front"]
    glaze, scale = GLAZES[params["glaze"]], params.get("scale", 1)
    body = _mug_body(params, tilt, 400 - 52 * scale, scale)
    base = body.ring(body.foot)
    shadow(canvas, (body.x, body.floor, body.widest * 0.98, max(base[3] * 1.06, 34)))
    turn = 0 if view == "front" else 30
    kind = params.get("handle", "D")
    if kind != "none" and not turn:
        _handle(canvas, HANDLES[kind], body, glaze, turn)
    _mug_skin(canvas, body, glaze, params)
    clay.opening(canvas, body, glaze, 15 * scale)
    if kind != "none" and turn:
        _handle(canvas, HANDLES[kind], body, glaze, turn)


def _mug_body(params: Params, tilt: float, x: float, scale: float) -> Turned:
    tall, wide, taper = params.get("height", 460), params.get("radius", 208), params.get("taper", 0.0)
    lip, belly = params.get("lip", 0.0), params.get("belly", 0.03)
    rows = (
        (1 + lip, 1.0),
        (1.0, 0.9),
        (1 - taper * 0.5 + belly, 0.5),
        (1 - taper * 0.9 + belly * 0.6, 0.16),
        (0.93 - taper, 0.035),
        (0.87 - taper, 0.0),
    )
    floor = 530 + tall * scale / 2  # small ones stand in the middle of the picture, too
    return Turned(x, floor, tuple((wide * radius * scale, tall * height * scale) for radius, height in rows), tilt)


def _mug_skin(canvas: Canvas, body: Turned, glaze: Tones, params: Params) -> None:
    clay.surface(canvas, body, glaze, 0)
    if params.get("rings", True):
        clay.throwing_lines(canvas, body, glaze)
    if params.get("band"):
        high = body.top * 0.84
        paint = clay.round_light(canvas, body, GLAZES[params["band"]])
        canvas.fill(body.band(high, high - body.top * 0.07), paint)
    if params.get("dip"):
        clay.bare_foot(canvas, body, body.top * params["dip"], params.get("seed", 1))
    if params.get("speckle"):
        clay.speckle(canvas, body, glaze, params["speckle"])
    clay.shine(canvas, body, params.get("gloss", 0.5))


def _handle(canvas: Canvas, shape: tuple[Point, ...], body: Turned, tones: Tones, turn: float) -> None:
    """A pulled handle, `turn` degrees towards us: one thick stroke for shade, one for clay, one for light."""
    span = body.top - body.foot
    high, size = body.top - span * 0.17, span * 0.62
    across, near = math.cos(math.radians(turn)), math.sin(math.radians(turn)) * body.tilt
    reach = body.radius(high) * 0.96
    root = body.x + reach * across, body.y(high) + reach * near
    spine = [(root[0] + dx * size * across, root[1] + dy * size * 0.97 + dx * size * near) for dx, dy in shape]
    thick = span * 0.115
    canvas.stroke(smooth(spine), tones.dark, thick)
    canvas.stroke(smooth([(x - 2, y - 4) for x, y in spine]), blend(tones.mid, tones.dark, 0.35), thick * 0.72)
    canvas.stroke(smooth([(x - 3, y - 8) for x, y in spine]), tones.mid, thick * 0.4)
    canvas.stroke(smooth([(x - 4, y - 12) for x, y in spine[1:4]]), tones.light, thick * 0.15, 0.8)


def bowl(canvas: Canvas, params: Params, view: str) -> None:
    """A bowl on a turned foot; seen from above its inside is most of the picture."""
    tilt = TILTS["bowl"][view == "front"]
    glaze, scale, deep = GLAZES[params["glaze"]], params.get("scale", 1), params.get("depth", 0.66)
    wide, flare = 315 * scale, params.get("flare", 0.1)
    floor = 500 + wide * deep * 0.62
    rows = (
        (1, deep),
        (0.985 - flare * 0.2, deep * 0.86),
        (0.92 - flare, deep * 0.5),
        (0.7 - flare, deep * 0.2),
        (0.44, 0.06),
    )
    body = Turned(400, floor, tuple((wide * radius, wide * height) for radius, height in rows), tilt)
    foot = Turned(400, floor, ((wide * 0.44, wide * 0.08), (wide * 0.4, 0)), tilt)
    shadow(canvas, (400, floor, wide * 0.6, max(wide * 0.5 * tilt, 26)))
    clay.surface(canvas, foot, STONEWARE if params.get("dip") else glaze, 0)
    shell = body.shell(body.foot)
    canvas.fill(shell, clay.round_light(canvas, body, glaze))
    clay.gather(canvas, shell, glaze, 0.7)
    if params.get("speckle"):
        clay.speckle(canvas, body, glaze, params["speckle"], 48)
    clay.shine(canvas, body, params.get("gloss", 0.45))
    clay.opening(canvas, body, glaze, 12 * scale, 0.8)
    if tilt > 0.3:
        _well(canvas, body, glaze, params)


def _well(canvas: Canvas, body: Turned, tones: Tones, params: Params) -> None:
    """The bottom of a bowl, where glaze pools deeper, and the window mirrored in it."""
    x, y, rx, ry = body.ring(body.top)
    pool = canvas.radial([(0, tones.dark, 0.5), (0.7, tones.dark, 0.26), (1, tones.dark, 0)])
    ellipse(canvas, (x, y + ry * 0.3, rx * 0.58, ry * 0.5), pool)
    if params.get("speckle"):
        clay.spatter(canvas, (x, y, rx * 0.9, ry * 0.9), tones, params["speckle"] + 1, 36)
    gleam = canvas.linear([(0, "#fff", 0), (0.5, "#fff", 0.55), (1, "#fff", 0)], (0, 1, 1, 0))
    canvas.stroke(smooth(arc((x, y, rx * 0.8, ry * 0.78), 58, 14, 4)), gleam, rx * 0.045)


def plate(canvas: Canvas, params: Params, view: str) -> None:
    """A plate: a wide rim, a step down, a well with the glaze pooled at its edge."""
    tilt = TILTS["plate"][view == "front"]
    glaze, wide = GLAZES[params["glaze"]], 350 * params.get("scale", 1)
    body = Turned(400, 540, ((wide, wide * 0.13), (wide * 0.86, wide * 0.07), (wide * 0.6, 0)), tilt)
    shadow(canvas, (396, body.y(0) + wide * 0.04, wide * 0.8, wide * tilt * 0.86 + 8), 0.24)
    canvas.fill(body.shell(0), clay.round_light(canvas, body, glaze))
    face(canvas, body, glaze, params)


def face(canvas: Canvas, body: Turned, tones: Tones, params: Params) -> None:
    """The upper side of a plate."""
    x, y, rx, ry = body.ring(body.top)
    edge = GLAZES[params["band"]] if params.get("band") else STONEWARE
    ellipse(canvas, (x, y, rx, ry), canvas.linear([(0, edge.light), (1, edge.mid)]))
    rim = canvas.linear([(0, blend(tones.mid, tones.dark, 0.14)), (0.4, tones.mid), (1, tones.light)], (0, 0, 1, 1))
    ellipse(canvas, (x, y, rx - 7, ry - 7 * max(body.tilt, 0.35)), rim)
    step = canvas.linear([(0, blend(tones.mid, tones.dark, 0.6)), (0.5, tones.mid), (1, tones.light)], (0, 0, 0.8, 1))
    ellipse(canvas, (x, y + ry * 0.015, rx * 0.7, ry * 0.7), step)
    well = canvas.linear([(0, blend(tones.light, tones.mid, 0.6)), (0.45, tones.light), (1, tones.mid)], (0, 0, 1, 1))
    ellipse(canvas, (x, y + ry * 0.03, rx * 0.665, ry * 0.665), well)
    if params.get("speckle"):
        clay.spatter(canvas, (x, y, rx * 0.95, ry * 0.95), tones, params["speckle"])
