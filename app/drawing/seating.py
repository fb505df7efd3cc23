"""Chairs, stools and lounge chairs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

from app.drawing.camera import Camera, Place
from app.drawing.canvas import Canvas
from app.drawing.joinery import ribbon
from app.drawing.light import SHADE, ellipse, pool
from app.drawing.palette import FABRICS, WOODS, Tones
from app.drawing.solid import Model

Params = dict[str, Any]
OVER = 60  # centimetres that put a seat in front of its legs, and a back in front of its seat, when painting


def rounded(size: tuple[float, float], height: float, corner: float, taper: float = 0, bow: float = 0) -> list[Place]:
    """A seat's outline at a height: width and depth, round corners, narrower behind by `taper`, bowed in front by `bow`."""
    width, deep = size
    places = []
    for quarter, (sx, sz) in enumerate(((1, 1), (-1, 1), (-1, -1), (1, -1))):
        half = width / 2 - (taper if sz < 0 else 0)
        for step in range(5):
            turn = math.radians(quarter * 90 + step * 22.5)
            x, z = sx * (half - corner), sz * (deep / 2 - corner)
            places.append((x + corner * math.cos(turn), height, z + corner * math.sin(turn) + (bow if sz > 0 else 0)))
    return places


def ground(canvas: Canvas, camera: Camera, feet: Sequence[Place], wide: float) -> None:
    """One wide soft shadow and a dark touch under every foot."""
    x, y = camera.see((0, 0, 0))
    flat = math.sin(math.radians(camera.pitch)) + 0.08
    pool(canvas, (x + wide * 0.22, y + 6, wide * 1.5, wide * flat * 1.7), 0.34)
    touch = canvas.radial([(0, SHADE, 0.6), (1, SHADE, 0)])
    for foot in feet:
        fx, fy = camera.see(foot)
        ellipse(canvas, (fx + 10, fy + 3, 34, 9), touch)


def chair(canvas: Canvas, params: Params, view: str) -> None:
    """A dining chair: splayed legs, a shaped seat, and a back of slats, spindles or one panel."""
    wood = WOODS[params["wood"]]
    camera = (
        Camera(yaw=-24, pitch=11, scale=8.8, y=830) if view == "front" else Camera(yaw=34, pitch=18, scale=8.6, y=815)
    )
    model = Model(canvas, camera)
    splay = params.get("splay", 3.0)
    feet = [
        (21 + splay, 0, 20 + splay),
        (-21 - splay, 0, 20 + splay),
        (19 + splay, 0, -20 - splay),
        (-19 - splay, 0, -20 - splay),
    ]
    ground(canvas, camera, feet, 27 * camera.scale)
    _legs(model, wood, feet)
    _seat(model, params, wood)
    _back(model, params, wood)
    model.paint()


def _legs(model: Model, wood: Tones, feet: Sequence[Place]) -> None:
    heads: list[Place] = [(19, 44, 17), (-19, 44, 17), (17, 44, -17), (-17, 44, -17)]
    for foot, head in zip(feet, heads, strict=True):
        model.rod((head, foot), wood, (1.9, 1.25))
    for high, (first, second) in ((17, (0, 2)), (17, (1, 3)), (22, (2, 3)), (26, (0, 1))):
        ends = [_between(feet[leg], heads[leg], high / 44) for leg in (first, second)]
        model.rod((ends[0], ends[1]), wood, (0.85, 0.85))


def _between(low: Place, high: Place, share: float) -> Place:
    x, y, z = (a + (b - a) * share for a, b in zip(low, high, strict=True))
    return x, y, z


def _seat(model: Model, params: Params, wood: Tones) -> None:
    outline = rounded((46, 43), 46, 9, 3, 1)
    kind = params.get("seat", "wood")
    if kind == "wood":
        model.slab(outline, 3.2, wood, nearer=OVER)
        return
    model.slab(rounded((45, 42), 45, 9, 3, 1), 3, wood, nearer=OVER)
    model.pad(rounded((46, 43), 48.5, 10, 3, 1), 4.5, FABRICS[kind], nearer=OVER + 2)


class Back(NamedTuple):
    """A chair's back: how far it leans, how tall it stands, how much its rails are bowed."""

    lean: float
    tall: float
    bow: float

    def rail(self, height: float, half: float = 20) -> list[Place]:
        """A curve between the back posts at a height."""
        behind = -18.5 - self.lean * (height - 44) / (self.tall - 44)
        return [(half * share, height, behind - self.bow * (1 - share**2)) for share in (-1, -0.5, 0, 0.5, 1)]


def _back(model: Model, params: Params, wood: Tones) -> None:
    """Two posts and, between them, rails, spindles under a crest, or one panel."""
    back = Back(7, params.get("tall", 82), 3.2)
    for side in (1, -1):
        foot, top = (side * 17.5, 45.0, -18.0), (side * 19.5, back.tall, -19 - back.lean)
        model.rod((foot, top), wood, (1.7, 1.3), nearer=2 * OVER)
    kind = params.get("back", "slat")
    if kind == "slat":
        for drop in (4, 15, 26):
            _ribbon(model, wood, (back.rail(back.tall - drop + 3.4), back.rail(back.tall - drop - 3.4)))
    elif kind == "spindle":
        model.bent(back.rail(back.tall - 1, 23), wood, 1.9, nearer=2 * OVER + 8)
        half = params.get("count", 7) // 2
        for place in range(-half, half + 1):
            _spindle(model, wood, place / max(half, 1) * 0.72, back)
    else:
        panel = back._replace(bow=back.bow + 1)
        _ribbon(model, wood, (panel.rail(back.tall, 20.5), panel.rail(back.tall - 20, 20.5)))


def _spindle(model: Model, wood: Tones, share: float, back: Back) -> None:
    """A thin stick from the seat to the crest, at a share of the half width."""
    low = (share * 14, 46.0, -17.5 - 0.6 * (1 - share**2))
    high = (share * 18, back.tall - 2, -18.5 - back.lean - back.bow * (1 - share**2))
    model.rod((low, high), wood, (0.62, 0.5), nearer=2 * OVER)


def _ribbon(model: Model, wood: Tones, edges: tuple[list[Place], list[Place]]) -> None:
    """A bent board between two curves."""
    upper, lower = edges
    model.add(upper[2], lambda: ribbon(model.canvas, model.camera, upper, lower, wood), nearer=2 * OVER + 4)


def stool(canvas: Canvas, params: Params, view: str) -> None:
    """A stool with a round seat and three or four splayed legs held by rungs."""
    wood = WOODS[params["wood"]]
    tall, legs, splay = params.get("tall", 46), params.get("legs", 4), params.get("splay", 5)
    scale = 12.6 if tall < 50 else 10.4
    camera = (
        Camera(yaw=-24, pitch=12, scale=scale, y=810)
        if view == "front"
        else Camera(yaw=34, pitch=22, scale=scale * 0.97, y=800)
    )
    model = Model(canvas, camera)
    turns = [math.radians(45 + 360 * leg / legs) for leg in range(legs)]
    heads = [(12 * math.cos(turn), tall - 2, 12 * math.sin(turn)) for turn in turns]
    feet = [((12 + splay) * math.cos(turn), 0, (12 + splay) * math.sin(turn)) for turn in turns]
    ground(canvas, camera, feet, 19 * camera.scale)
    for head, foot in zip(heads, feet, strict=True):
        model.rod((head, foot), wood, (1.8, 1.2))
    for leg in range(legs):
        high = (0.3, 0.42)[leg % 2]
        ends = [_between(feet[n], heads[n], high) for n in (leg, (leg + 1) % legs)]
        model.rod((ends[0], ends[1]), wood, (0.8, 0.8))
    _stool_seat(model, params, wood, tall)
    model.paint()


def _stool_seat(model: Model, params: Params, wood: Tones, tall: float) -> None:
    kind, half = params.get("seat", "wood"), params.get("half", 17)
    model.slab(disc(half, tall), 3, wood, nearer=OVER)
    if kind != "wood":
        model.pad(disc(half, tall + 3.5, 14), 3.8, FABRICS[kind], nearer=OVER + 2)


def disc(half: float, height: float, steps: int = 32) -> list[Place]:
    turns = [math.tau * step / steps for step in range(steps)]
    return [(half * math.cos(turn), height, half * math.sin(turn)) for turn in turns]
