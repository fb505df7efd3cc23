"""Products at home: the room each kind of thing needs, with a few others for company and scale."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from app.drawing import light, props
from app.drawing.camera import Camera
from app.drawing.canvas import Canvas
from app.drawing.families import FAMILIES
from app.drawing.palette import WOODS
from app.drawing.shape import num, pack

Params = dict[str, Any]
TABLE, FLOOR = WOODS["oak"], WOODS["ash"]


@contextmanager
def standing(canvas: Canvas, x: float, y: float, scale: float, floor: float) -> Iterator[None]:
    """A group in which a family's own picture is shrunk so that its foot stands at (x, y)."""
    canvas.open(f'transform="translate({pack((x, y))})scale({num(scale, 2)})translate(-400 {num(-floor)})"')
    yield
    canvas.close()


def put(canvas: Canvas, family: str, params: Params, spot: tuple[float, float, float], view: str = "front") -> None:
    """A product standing at x, y in a size."""
    x, y, scale = spot
    with standing(canvas, x, y, scale, FAMILIES[family].floor):
        FAMILIES[family].draw(canvas, params, view)


def scene(canvas: Canvas, family: str, params: Params) -> None:
    """A product in the room it belongs to."""
    PLACES[FAMILIES[family].place](canvas, family, params, params.get("wall", "linen"))


def _table(canvas: Canvas, family: str, params: Params, wall: str) -> None:
    light.room(canvas, wall, TABLE, 700)
    light.grain(canvas, TABLE, 700)
    size = {"lamp": 0.86, "vase": 0.8, "jug": 0.72, "dinner_set": 0.9, "tray": 0.86, "plate": 0.7, "bowl": 0.76}.get(
        family, 0.6
    )
    if family != "lamp":
        props.sprig(canvas, (610, 770), "chalk" if params.get("glaze") != "chalk" else "slate")
    else:
        props.stack(canvas, Camera(yaw=-24, pitch=18, scale=10, x=640, y=850), (0, 0, 0))
    view = "angle" if family in ("plate", "tea_towel") else "front"
    put(canvas, family, params, (350, 870, size), view)


def _desk(canvas: Canvas, family: str, params: Params, wall: str) -> None:
    light.room(canvas, wall, TABLE, 560)
    light.grain(canvas, TABLE, 560)
    props.pencil_pot(canvas, (610, 640))
    put(canvas, family, {**params, "scale": 1}, (360, 860, 0.84), "angle")


def _wall(canvas: Canvas, family: str, params: Params, wall: str) -> None:
    light.room(canvas, wall, TABLE, 850)
    size = {"calendar": 0.62, "clock": 0.66, "mirror": 0.76, "shelf": 0.86}.get(family, 0.72)
    y = {"calendar": 640, "shelf": 500}.get(family, 400)
    put(canvas, family, params, (410, y, size))
    props.sprig(canvas, (650, 900), "oat")
    props.stack(canvas, Camera(yaw=-20, pitch=14, scale=11, x=200, y=930), (0, 0, 0))


def _floor(canvas: Canvas, family: str, params: Params, wall: str) -> None:
    light.room(canvas, wall, FLOOR, 720)
    light.boards(canvas, FLOOR, 720)
    size = {"planter": 0.62, "watering_can": 0.56, "stool": 0.7, "floor_lamp": 0.9}.get(family, 0.86)
    if family == "planter":
        put(canvas, "stool", {"wood": "oak"}, (600, 830, 0.5))
    else:
        put(canvas, "planter", {"glaze": "clay", "plant": "snake", "seed": 3}, (640, 800, 0.46))
    put(canvas, family, params, (350, 905, size))


def _rug(canvas: Canvas, family: str, params: Params, wall: str) -> None:
    light.room(canvas, wall, FLOOR, 520)
    light.boards(canvas, FLOOR, 520)
    put(canvas, "rug", params, (400, 720, 0.96), "angle")
    put(canvas, "chair", {"wood": "oak", "back": "slat"}, (590, 690, 0.5))


def _bench(canvas: Canvas, family: str, params: Params, wall: str) -> None:
    light.room(canvas, wall, FLOOR, 800)
    light.boards(canvas, FLOOR, 800)
    props.bench(canvas, Camera(yaw=-8, pitch=10, scale=7.2, x=400, y=900))
    put(canvas, family, params, (330, 610, 0.62 if family == "cushion" else 0.66))
    props.pot(canvas, (640, 612), "celadon", 110)


def _ceiling(canvas: Canvas, family: str, params: Params, wall: str) -> None:
    light.room(canvas, wall, TABLE, 800)
    light.grain(canvas, TABLE, 800)
    put(canvas, "bowl", {"glaze": "oat", "speckle": 3}, (400, 900, 0.5))
    if family == "pendant":
        put(canvas, family, params, (400, 0, 0.8))
    else:
        with standing(canvas, 400, 120, -0.5, 860):
            FAMILIES[family].draw(canvas, params, "front")
        canvas.put('<path d="M400-5V130" stroke="#4a4239" stroke-width="7"/>')


def hero(canvas: Canvas, params: Params) -> None:
    """The wide picture at the head of the home page: a lit table by a window, laid with the shop's own things."""
    size = (1200, 1000)
    light.room(canvas, params.get("wall", "sage"), TABLE, 720, size)
    light.grain(canvas, TABLE, 720, size)
    put(canvas, "print", {"design": "hills", "palette": "dawn", "frame": "oak", "seed": 4}, (640, 330, 0.58))
    put(canvas, "lamp", {"base": "fern", "shade": "oatmeal"}, (1000, 850, 0.8))
    put(canvas, "vase", {"glaze": "chalk", "shape": "moon", "stems": "olive", "seed": 8}, (370, 830, 0.68))
    put(canvas, "mug", {"glaze": "rust", "dip": 0.18, "seed": 4}, (725, 890, 0.4))
    put(canvas, "bowl", {"glaze": "sky", "dip": 0.2}, (525, 925, 0.46))


PLACES: dict[str, Callable[[Canvas, str, Params, str], None]] = {
    "table": _table, "desk": _desk, "wall": _wall, "floor": _floor, "rug": _rug, "bench": _bench, "ceiling": _ceiling,
}  # fmt: skip
