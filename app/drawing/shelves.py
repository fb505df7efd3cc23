"""Wall shelves, with a few things on them."""

from __future__ import annotations

from functools import partial
from typing import Any

from app.drawing import props
from app.drawing.camera import Camera, Place
from app.drawing.canvas import Canvas
from app.drawing.light import SHADE
from app.drawing.palette import METALS, WOODS, Tones
from app.drawing.shape import Point, line, polygon
from app.drawing.solid import Model

Params = dict[str, Any]


def shelf(canvas: Canvas, params: Params, view: str) -> None:
    """A wall shelf of one to three boards on brackets or between uprights, with a few things on it."""
    wood, tiers = WOODS[params["wood"]], params.get("tiers", 2)
    yaw, pitch = (-14, 9) if view == "front" else (26, 16)
    wide = params.get("width", 60)
    camera = Camera(yaw=yaw, pitch=pitch, scale=10.2 * 60 / max(wide, 60), x=400, y=540 + (tiers - 1) * 125, far=360)
    model = Model(canvas, camera)
    for tier in range(tiers):
        high = tier * 30
        _shelf_shadow(canvas, camera, wide, high)
        model.board(
            ((-wide / 2, high, 0), (wide / 2, high + 2.4, 20)),
            wood,
            4 + tier if tiers < 3 and tier == 0 else 0,
            nearer=high,
        )
        _bracket(model, params, wood, (wide, high, tier, tiers))
    model.paint()
    _things(canvas, camera, wide, tiers)


def _shelf_shadow(canvas: Canvas, camera: Camera, wide: float, high: float) -> None:
    corners: list[Point] = [
        camera.see((x, y, 0))
        for x, y in ((-wide / 2 + 3, high), (wide / 2 + 5, high), (wide / 2 + 8, high - 13), (-wide / 2 + 9, high - 13))
    ]
    canvas.fill(polygon(corners), canvas.linear([(0, SHADE, 0.3), (1, SHADE, 0)], (0, 0, 0, 1)))


def _bracket(model: Model, params: Params, wood: Tones, place: tuple[float, float, int, int]) -> None:
    """What carries a board: brass wire below it, or an upright on to the next board."""
    wide, high, tier, tiers = place
    for side in (-1, 1):
        x = side * wide * 0.36
        if params.get("bracket", "metal") == "metal":
            wire: list[Place] = [(x, high, 18), (x, high - 13, 0.5), (x, high, 0.5)]
            model.add((x, high - 13, -9), partial(_wire, model, wire))
        elif tier + 1 < tiers:
            model.board(((x - 1, high + 2.4, 1), (x + 1, high + 30, 18)), wood, 0, nearer=high + 1)
        elif tiers == 1:
            model.board(((x - 1, high - 12, 0), (x + 1, high, 14)), wood, 9, nearer=-9)


def _wire(model: Model, places: list[Place]) -> None:
    brass = METALS["brass"]
    path = line([model.camera.see(place) for place in places])
    model.canvas.stroke(path, brass.line, 8)
    model.canvas.stroke(path, brass.light, 3.5)


def _things(canvas: Canvas, camera: Camera, wide: float, tiers: int) -> None:
    """Books and a small pot, so that one can tell how large the shelf is."""
    for tier in range(tiers):
        high = tier * 30 + 2.4
        if tier == 0:
            props.books(canvas, camera, (-wide * 0.32, high, 9), 3)
            props.pot(canvas, camera.see((wide * 0.2, high, 9)), "celadon", 12 * camera.scale)
        elif tier == 1:
            props.stack(canvas, camera, (-wide * 0.2, high, 9), 3 if tiers < 3 else 2)
            props.books(canvas, camera, (wide * 0.16, high, 9), 2 if tiers < 3 else 1)
        else:
            props.books(canvas, camera, (-wide * 0.1, high, 9), 2)
