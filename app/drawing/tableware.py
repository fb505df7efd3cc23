"""Dinner sets, trays, and swatches of a material."""

from __future__ import annotations

from typing import Any

from app.drawing import clay, pottery
from app.drawing.camera import Camera, Place
from app.drawing.canvas import Canvas
from app.drawing.grain import grained
from app.drawing.light import ellipse, pool, shadow
from app.drawing.palette import GLAZES, KINDS, METALS, WOODS, Tones, blend
from app.drawing.seating import rounded
from app.drawing.shape import hull, line, polygon
from app.drawing.turned import Turned

Params = dict[str, Any]


def dinner_set(canvas: Canvas, params: Params, view: str) -> None:
    """Four plates under three bowls, and two mugs before them."""
    tilt = 0.28 if view == "front" else 0.46
    _pile(canvas, params, tilt)
    canvas.open('id="mug" transform="translate(250 850)scale(.45)translate(-400 -760)"')
    pottery.mug(canvas, {**params, "dip": 0, "speckle": 0, "rings": False}, "angle")
    canvas.close()
    canvas.put('<use href="#mug" x="330" y="-40"/>')


def _pile(canvas: Canvas, params: Params, tilt: float) -> None:
    glaze = GLAZES[params["glaze"]]
    shadow(canvas, (400, 620, 290, 290 * tilt * 0.9), 0.28)
    for wide, low in ((320, 0), (250, 40)):
        plate = Turned(400, 620 - low, ((wide, 30), (wide * 0.86, 18), (wide * 0.6, 0)), tilt)
        light = clay.round_light(canvas, plate, glaze)
        for lift in (0, 18):
            canvas.fill(plate.shell(0), light, 1, f' transform="translate(0 {-lift})"' if lift else "")
        upper = Turned(400, 602 - low, plate.profile, tilt)
        pottery.face(canvas, upper, glaze, {**params, "speckle": 0})
    _bowls(canvas, glaze, tilt, params)


def _bowls(canvas: Canvas, glaze: Tones, tilt: float, params: Params) -> None:
    bowl = Turned(400, 470, ((162, 116), (158, 96), (134, 48), (84, 6), (80, 0)), tilt)
    shell, light = bowl.shell(0), clay.round_light(canvas, bowl, glaze)
    for lift in (66, 33, 0):
        moved = f' transform="translate(0 {lift})"' if lift else ""
        canvas.fill(shell, light, 1, moved)
    clay.gather(canvas, shell, glaze, 0.5)
    clay.shine(canvas, bowl, 0.45)
    if params.get("speckle"):
        clay.speckle(canvas, bowl, glaze, params["speckle"], 18)
    clay.opening(canvas, bowl, glaze, 9, 0.8)


def tray(canvas: Canvas, params: Params, view: str) -> None:
    """A tray: round or oblong, a low rim, two handles cut or set into its ends."""
    if params.get("shape", "oblong") == "round":
        _round_tray(canvas, params, 0.42 if view == "front" else 0.6)
        return
    camera = (
        Camera(yaw=-18, pitch=32, scale=13, x=400, y=540, far=190)
        if view == "front"
        else Camera(yaw=28, pitch=46, scale=12.4, x=400, y=540, far=190)
    )
    wood = WOODS[params["wood"]]
    outer, inner = rounded((48, 33), 4.4, 5), rounded((46, 31), 4.4, 4.2)
    floor = [(x, 1.0, z) for x, _, z in inner]
    pool(canvas, (430, 570, 400, 190), 0.5)
    hulls = polygon(hull([camera.see(place) for place in outer] + [camera.see((x, 0, z)) for x, _, z in outer]))
    canvas.fill(hulls, canvas.linear([(0, blend(wood.mid, wood.light, 0.5)), (0.5, wood.mid), (1, wood.dark)]))
    rim = polygon([camera.see(place) for place in outer])
    canvas.fill(rim, canvas.linear([(0, wood.light), (1, blend(wood.light, wood.mid, 0.7))], (0, 0, 1, 1)))
    _hollow(canvas, camera, inner, floor, wood)
    _grips(canvas, camera)


def _hollow(canvas: Canvas, camera: Camera, inner: list[Place], floor: list[Place], wood: Tones) -> None:
    """The inside walls, shaded under the window side, and the grained floor."""
    mouth = polygon([camera.see(place) for place in inner])
    canvas.fill(
        mouth, canvas.linear([(0, wood.dark), (0.5, blend(wood.mid, wood.dark, 0.5)), (1, wood.mid)], (0, 0, 1, 0.6))
    )
    canvas.open(f'clip-path="{canvas.clip(mouth)}"')
    base = [camera.see(place) for place in floor]
    canvas.fill(
        polygon(base),
        canvas.linear([(0, blend(wood.mid, wood.dark, 0.25)), (0.25, wood.mid), (1, wood.light)], (0, 0, 1, 0.7)),
    )
    grained(
        canvas, [camera.see(place) for place in ((-22, 1, -15), (22, 1, -15), (22, 1, 15), (-22, 1, 15))], wood, 5, 9
    )
    canvas.close()


def _grips(canvas: Canvas, camera: Camera) -> None:
    """Brass bars at both ends."""
    brass = METALS["brass"]
    for side in (-1, 1):
        arch: list[Place] = [
            (side * 23.4, 4.2, 7),
            (side * 24.4, 8.4, 4.5),
            (side * 24.4, 8.4, -4.5),
            (side * 23.4, 4.2, -7),
        ]
        path = line([camera.see(place) for place in arch])
        canvas.stroke(path, brass.dark, 13)
        canvas.stroke(path, brass.mid, 8)
        canvas.stroke(path, brass.light, 3)


def _round_tray(canvas: Canvas, params: Params, tilt: float) -> None:
    wood = WOODS[params["wood"]]
    body = Turned(400, 560, ((332, 56), (332, 46), (331, 10), (324, 0)), tilt)
    pool(canvas, (430, 590, 430, 430 * tilt), 0.5)
    clay.surface(canvas, body, wood, 0)
    x, y, rx, ry = body.ring(56)
    ellipse(
        canvas, (x, y, rx, ry), canvas.linear([(0, wood.light), (1, blend(wood.light, wood.mid, 0.7))], (0, 0, 1, 1))
    )
    ellipse(
        canvas,
        (x, y, rx - 18, ry - 18 * tilt),
        canvas.linear([(0, wood.dark), (0.5, blend(wood.mid, wood.dark, 0.4)), (1, wood.mid)], (0, 0, 1, 0.6)),
    )
    ellipse(
        canvas,
        (x + 3, y + 30, rx - 22, ry - 24 * tilt - 10),
        canvas.linear([(0, blend(wood.mid, wood.dark, 0.2)), (0.3, wood.mid), (1, wood.light)], (0, 0, 1, 0.7)),
    )
    grained(
        canvas,
        [(x - 230, y - 80 * tilt), (x + 230, y - 80 * tilt), (x + 230, y + 250 * tilt), (x - 230, y + 250 * tilt)],
        wood,
        6,
        8,
    )


def swatch(canvas: Canvas, params: Params, view: str) -> None:
    """A round chip of a material, lit from the upper left; drawn in a 96 by 96 picture."""
    tones = KINDS[params["kind"]][params["code"]]
    paint = canvas.linear(
        [(0, blend(tones.mid, tones.light, 0.75)), (0.5, tones.mid), (1, blend(tones.mid, tones.dark, 0.35))],
        (0, 0, 1, 1),
    )
    canvas.put(f'<path d="M0 0h96v96h-96z" fill="{paint}"/>')
    if params["kind"] == "wood":
        grained(canvas, [(-4, 0), (100, 0), (100, 96), (-4, 96)], tones, 3, 6)
    elif params["kind"] in ("fabric", "ink"):
        tile = canvas.pattern(6, 6, f'<path d="M0 1h3M3 4h3M1 3v3M4 0v3" stroke="{tones.dark}" stroke-opacity=".3"/>')
        canvas.put(f'<path d="M0 0h96v96h-96z" fill="{tile}"/>')
    elif params["kind"] == "glaze":
        clay.spatter(canvas, (48, 48, 52, 52), tones, 7, 16)
    if params["kind"] in ("glaze", "metal"):
        canvas.put(
            f'<ellipse cx="34" cy="28" rx="34" ry="22" fill="{canvas.radial([(0, "#fff", 0.5), (1, "#fff", 0)])}"/>'
        )
