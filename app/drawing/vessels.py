"""Jugs, vases and planters."""

from __future__ import annotations

from typing import Any

from app.drawing import clay, leaves
from app.drawing.canvas import Canvas
from app.drawing.light import ellipse, shadow
from app.drawing.palette import GLAZES, Tones, blend
from app.drawing.shape import arc, outline, smooth
from app.drawing.turned import Profile, Turned

Params = dict[str, Any]
VASES: dict[str, Profile] = {  # (radius, height) in shares of the height
    "bottle": ((0.13, 1.0), (0.1, 0.92), (0.11, 0.74), (0.26, 0.52), (0.34, 0.28), (0.27, 0.06), (0.24, 0)),
    "moon": ((0.15, 0.8), (0.14, 0.76), (0.3, 0.66), (0.42, 0.42), (0.36, 0.16), (0.22, 0.02), (0.21, 0)),
    "tall": ((0.2, 1.0), (0.17, 0.93), (0.19, 0.7), (0.25, 0.4), (0.23, 0.1), (0.2, 0)),
    "flare": ((0.3, 0.86), (0.24, 0.76), (0.19, 0.55), (0.23, 0.26), (0.2, 0.05), (0.18, 0)),
}
POTS: dict[str, Profile] = {
    "straight": ((0.5, 0.92), (0.5, 0.84), (0.47, 0.45), (0.44, 0.04), (0.42, 0)),
    "belly": ((0.44, 0.86), (0.45, 0.8), (0.53, 0.5), (0.46, 0.14), (0.36, 0)),
    "tapered": ((0.54, 0.96), (0.535, 0.86), (0.45, 0.4), (0.38, 0.03), (0.36, 0)),
}


def vase(canvas: Canvas, params: Params, view: str) -> None:
    """A vase, with a few stems in it unless `stems` is none."""
    tilt = 0.15 if view == "front" else 0.34
    stems = params.get("stems", "olive")
    bare = stems == "none"
    glaze, tall = GLAZES[params["glaze"]], (680 if bare else 560) * params.get("scale", 1)
    floor = 850 if bare else 890
    body = Turned(400, floor, _times(VASES[params.get("shape", "bottle")], tall), tilt)
    shadow(canvas, (400, floor, body.radius(0) * 1.1, max(body.ring(0)[3], 24)))
    x, y, rx, ry = body.ring(body.top)
    skin(canvas, body, glaze, params)
    clay.opening(canvas, body, glaze, 9)
    if not bare:
        plant = leaves.Spray(
            stems, params.get("seed", 3), min(430, y - 90), 3 if stems == "fern" or params.get("dip") else 4
        )
        leaves.spray(canvas, (x, y + ry * 0.2), plant)
        lip = canvas.linear([(0, glaze.mid), (0.35, glaze.light), (1, glaze.dark)])
        canvas.stroke(smooth(arc((x, y, rx - 3, max(ry - 2, 1)), 172, 8, 6)), lip, 7)


def skin(canvas: Canvas, body: Turned, glaze: Tones, params: Params) -> None:
    """A pot's outside with whatever its maker did to it."""
    clay.surface(canvas, body, glaze, 0)
    clay.throwing_lines(canvas, body, glaze, 4)
    if params.get("dip"):
        clay.bare_foot(canvas, body, body.top * params["dip"], params.get("seed", 1))
    if params.get("speckle"):
        clay.speckle(canvas, body, glaze, params["speckle"], 40)
    clay.shine(canvas, body, params.get("gloss", 0.5))


def _times(profile: Profile, size: float) -> Profile:
    return tuple((radius * size, height * size) for radius, height in profile)


def jug(canvas: Canvas, params: Params, view: str) -> None:
    """A jug: a belly, a drawn neck, a pulled spout to the left and a strap handle to the right."""
    tilt = 0.14 if view == "front" else 0.36
    glaze, tall = GLAZES[params["glaze"]], 580 * params.get("scale", 1)
    rows: Profile = ((0.25, 1.0), (0.235, 0.94), (0.21, 0.82), (0.28, 0.58), (0.355, 0.32), (0.3, 0.07), (0.255, 0))
    body = Turned(380, 800, _times(rows, tall), tilt)
    shadow(canvas, (380, 800, body.radius(0) * 1.12, max(body.ring(0)[3], 28)))
    _strap(canvas, body, glaze, tall)
    _spout(canvas, body, glaze, tall)
    skin(canvas, body, glaze, params)
    clay.opening(canvas, body, glaze, 12)
    _lip(canvas, body, glaze, tall)


def _strap(canvas: Canvas, body: Turned, tones: Tones, tall: float) -> None:
    x, y = body.x, body.y(tall)
    right = body.radius(tall * 0.95)
    spine = [
        (x + right * 0.9, y + tall * 0.05),
        (x + right + tall * 0.1, y + tall * 0.015),
        (x + right + tall * 0.2, y + tall * 0.12),
    ]
    spine += [
        (x + right + tall * 0.19, y + tall * 0.32),
        (x + right + tall * 0.1, y + tall * 0.48),
        (x + right * 1.18, y + tall * 0.53),
    ]
    thick = tall * 0.075
    canvas.stroke(smooth(spine), tones.dark, thick)
    canvas.stroke(smooth([(px - 2, py - 3) for px, py in spine]), blend(tones.mid, tones.dark, 0.35), thick * 0.72)
    canvas.stroke(smooth([(px - 3, py - 7) for px, py in spine]), tones.mid, thick * 0.4)
    canvas.stroke(smooth([(px - 4, py - 10) for px, py in spine[1:4]]), tones.light, thick * 0.15, 0.8)


def _spout(canvas: Canvas, body: Turned, tones: Tones, tall: float) -> None:
    """The part of the lip that was pulled out into a spout, behind the body's own outline."""
    x, y, rx, ry = body.ring(tall)
    tip = (x - rx * 1.42, y - tall * 0.035)
    low = body.side(tall * 0.84, tall * 0.8, -1)[0]
    path = outline(
        [(x - rx * 0.2, y - ry), (x - rx * 0.95, y - tall * 0.012), tip],
        [tip, (x - rx * 1.16, y + tall * 0.07), low, (x, y + tall * 0.1)],
    )
    canvas.fill(path, canvas.linear([(0, tones.mid), (0.35, tones.light), (1, tones.mid)], (0, 0, 1, 0.4)))


def _lip(canvas: Canvas, body: Turned, tones: Tones, tall: float) -> None:
    """The spout's channel over the rim, and its bright edge."""
    x, y, rx, ry = body.ring(tall)
    tip = (x - rx * 1.42, y - tall * 0.035)
    near, far = (x - rx * 0.62, y + ry * 0.74), (x - rx * 0.62, y - ry * 0.74)
    paint = canvas.linear([(0, blend(tones.light, tones.mid, 0.4)), (1, blend(tones.dark, tones.mid, 0.3))])
    canvas.fill(
        outline([far, (x - rx * 1.02, y - ry * 0.5 - tall * 0.012), tip], [tip, (x - rx * 1.0, y + ry * 0.42), near]),
        paint,
    )
    canvas.stroke(
        smooth([far, (x - rx * 1.02, y - ry * 0.5 - tall * 0.012), tip, (x - rx * 1.0, y + ry * 0.42), near]),
        blend(tones.light, "#ffffff", 0.5),
        5,
    )


def planter(canvas: Canvas, params: Params, view: str) -> None:
    """A pot with a plant in it, on its saucer if it has one."""
    tilt = 0.16 if view == "front" else 0.34
    glaze, wide = GLAZES[params["glaze"]], 430 * params.get("scale", 1)
    floor = 860
    if params.get("saucer"):
        _saucer(canvas, glaze, wide, floor, tilt)
        floor -= 16
    body = Turned(400, floor, _times(POTS[params.get("shape", "straight")], wide), tilt)
    if not params.get("saucer"):
        shadow(canvas, (400, floor, body.radius(0) * 1.05, max(body.ring(0)[3], 30)))
    skin(canvas, body, glaze, params)
    _soil(canvas, body, glaze)
    _plant(canvas, body, params)


def _saucer(canvas: Canvas, glaze: Tones, wide: float, floor: float, tilt: float) -> None:
    dish = Turned(400, floor, ((wide * 0.56, 30), (wide * 0.54, 16), (wide * 0.46, 0)), tilt)
    shadow(canvas, (400, floor, wide * 0.52, max(dish.ring(0)[3], 30)))
    canvas.fill(dish.shell(0), clay.round_light(canvas, dish, glaze))
    clay.opening(canvas, dish, glaze, 10)


def _soil(canvas: Canvas, body: Turned, glaze: Tones) -> None:
    clay.opening(canvas, body, glaze, 16)
    x, y, rx, ry = body.ring(body.top)
    ellipse(canvas, (x, y + ry * 0.16, rx - 24, max(ry * 0.8 - 6, 2)), canvas.linear([(0, "#3a2d22"), (1, "#5d4a38")]))


def _plant(canvas: Canvas, body: Turned, params: Params) -> None:
    x, y, _, ry = body.ring(body.top)
    kind, seed = params.get("plant", "rubber"), params.get("seed", 5)
    if kind == "snake":
        leaves.blades(canvas, (x, y + ry * 0.3), seed, 400)
    else:
        stems, size = (3, 0.98) if kind == "rubber" else (4, 1.25)
        leaves.spray(
            canvas, (x, y + ry * 0.25), leaves.Spray(kind, seed, 300 if kind == "rubber" else 340, stems, size)
        )
    edge = canvas.linear([(0, "#fff", 0.1), (0.3, "#fff", 0.6), (1, "#fff", 0.05)])
    canvas.stroke(body.edge(body.top, 0.985), edge, 5)
