"""Throws and tea towels, folded or hung."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

from app.drawing.camera import Camera
from app.drawing.canvas import Canvas
from app.drawing.chance import chance
from app.drawing.light import SHADE, ellipse, pool
from app.drawing.palette import METALS, Tones, blend
from app.drawing.patterns import yarns
from app.drawing.shape import Pen, Point, line, num, pack, polygon
from app.drawing.weaving import patches, threads

Params = dict[str, Any]
LEFT, RIGHT, TOP = 180.0, 620.0, 180.0  # of hung cloth
FOLDS = (
    (0, -0.5),
    (0.08, 0.5),
    (0.2, -0.7),
    (0.3, 0.1),
    (0.42, 0.6),
    (0.54, -0.6),
    (0.64, 0.2),
    (0.76, 0.5),
    (0.88, -0.8),
    (1, -0.3),
)
BANDS = (("first", 0.3, 0.52), ("second", 0.6, 0.66))  # stripes over a folded cloth, in shares of its half width


def throw(canvas: Canvas, params: Params, view: str) -> None:
    """A throw, folded in a pile, or hung over a rail."""
    if view == "front":
        folded(canvas, params, Camera(yaw=-22, pitch=22, scale=9.6, x=392, y=690), (54, 40), (5, 5.4))
    else:
        hung(canvas, params, METALS["brass"], 640, 0.5)


def tea_towel(canvas: Canvas, params: Params, view: str) -> None:
    """A linen towel over a rail, or folded in a small pile."""
    if view == "front":
        hung(canvas, {"fringe": False, **params}, METALS["black"], 580, 0.32)
    else:
        folded(
            canvas, {"fringe": False, **params}, Camera(yaw=-24, pitch=34, scale=12.4, x=395, y=600), (38, 30), (3, 2.6)
        )


def folded(
    canvas: Canvas, params: Params, camera: Camera, size: tuple[float, float], layers: tuple[int, float]
) -> None:
    """A folded cloth: `size` is width and depth, `layers` their number and thickness, all in centimetres."""
    draw = chance(params.get("seed", 1))
    count, thick = layers
    x, y = camera.see((0, 0, 0))
    pool(canvas, (x + 40, y + 20, size[0] * camera.scale * 0.8, size[1] * camera.scale * 0.36), 0.75)
    for layer in range(count):
        fold = Fold(size[0] / 2 - draw.uniform(0, 1.2), size[1] / 2 - draw.uniform(0, 0.9), layer * thick, thick)
        _layer(canvas, params, camera, fold)
    _upper(canvas, params, camera, (size[0] / 2, size[1] / 2, count * thick))


class Fold(NamedTuple):
    """One thickness of a folded cloth: half its width and depth, where it lies, how thick it is; in centimetres."""

    wide: float
    deep: float
    low: float
    thick: float


def _layer(canvas: Canvas, params: Params, camera: Camera, fold: Fold) -> None:
    """A rounded fold in front, the open end on the right."""
    wide, deep, low, thick = fold
    ground, *dyes = yarns(params["colourway"])
    right = [
        camera.see((wide, y, z)) for y, z in ((low, deep), (low + thick, deep), (low + thick, -deep), (low, -deep))
    ]
    side = canvas.linear([(0, ground.mid), (0.5, blend(ground.mid, ground.dark, 0.5)), (1, ground.dark)], (0, 0, 0, 1))
    canvas.face(polygon(right), side, blend(ground.mid, ground.dark, 0.45), 6)
    _front(canvas, camera, fold, (-1, 1), ground)
    for dye, (_, start, end) in zip(dyes, BANDS, strict=True):
        _front(canvas, camera, fold, (start, end), dye)
    seam = [camera.see(place) for place in ((-wide, low, deep), (wide, low, deep), (wide, low, -deep))]
    canvas.stroke(line([(x, y + 2) for x, y in seam]), SHADE, 3, 0.35)


def _front(canvas: Canvas, camera: Camera, fold: Fold, span: tuple[float, float], dye: Tones) -> None:
    """Part of a layer's rounded front edge, from one share of the half width to another."""
    wide, deep, low, thick = fold
    arch = ((low, deep), (low + thick / 2, deep + thick * 0.42), (low + thick, deep))
    start, end = ([camera.see((share * wide, y, z)) for y, z in arch] for share in span)
    pen = Pen(start + end)
    shape = pen.move(start[0]) + pen.curve(start) + pen.to(end[2]) + pen.curve(end[::-1]) + "z"
    roll = [(0, blend(dye.mid, dye.light, 0.75)), (0.4, dye.mid), (1, blend(dye.mid, dye.dark, 0.85))]
    canvas.fill(shape, canvas.linear(roll, (0, 0, 0, 1)))


def _upper(canvas: Canvas, params: Params, camera: Camera, half: tuple[float, float, float]) -> None:
    """The upper face with its stripes, weave and, on a throw, the fringe along the open end."""
    wide, deep, high = half
    ground, *dyes = yarns(params["colourway"])

    def quad(start: float, end: float) -> str:
        return polygon(
            [camera.see((x * wide, high, z * deep)) for x, z in ((start, -1), (end, -1), (end, 1), (start, 1))]
        )

    paint = canvas.linear([(0, ground.light), (1, blend(ground.light, ground.mid, 0.85))], (0, 0, 1, 1))
    canvas.face(quad(-1, 1), paint, blend(ground.light, ground.mid, 0.5), 5)
    for dye, (_, start, end) in zip(dyes, BANDS, strict=True):
        canvas.fill(quad(start, end), blend(dye.mid, dye.light, 0.25))
    canvas.fill(quad(-1, 1), threads(canvas, ground, 7, 0.22))
    if params.get("fringe", True):
        places = [camera.see((wide, high, (n / 11 - 1) * deep)) for n in range(23)]
        _ends(canvas, places, ground, 46)


def _ends(canvas: Canvas, places: list[Point], tones: Tones, long: int) -> None:
    """A fringe hanging from a row of places."""
    ends = "".join(f"M{pack(place, 0)}l{(n * 7) % 5 - 2} {long + (n * 5) % 9}" for n, place in enumerate(places))
    canvas.stroke(ends, blend(tones.mid, tones.dark, 0.5), 5)
    canvas.stroke(ends, tones.light, 2.8)


def hung(canvas: Canvas, params: Params, metal: Tones, tall: float, depth: float) -> None:
    """Cloth over a rail, in upright folds; `depth` 0..1 is how deep they are."""
    ground, _, _ = yarns(params["colourway"])
    canvas.put(f'<path d="M76 212H752" stroke="{SHADE}" stroke-opacity=".16" stroke-width="16"/>')
    _rail(canvas, metal)
    hem = [(LEFT + (RIGHT - LEFT) * n / 8, TOP + tall + 12 * depth * math.sin(n * 2.3 + 0.6)) for n in range(9)]
    pen = Pen([(LEFT, TOP), *hem])
    shape = pen.move((LEFT, TOP)) + pen.to((RIGHT, TOP)) + pen.to(hem[-1]) + pen.curve(hem[::-1]) + "z"
    canvas.fill(shape, SHADE, 0.13, ' transform="translate(24 28)"')
    if params.get("fringe", True):
        _ends(canvas, [(hem[n // 6][0] + (n % 6) * 9.2 + 4, hem[n // 6][1] - 4) for n in range(48)], ground, 38)
    canvas.fill(shape, ground.mid)
    canvas.open(f'clip-path="{canvas.clip(shape)}"')
    patches(
        canvas,
        params,
        lambda p: (LEFT + p[0] * (RIGHT - LEFT), TOP + 20 + p[1] * tall + 8 * depth * math.sin(p[0] * 18.4 + 0.6)),
    )
    canvas.close()
    canvas.fill(shape, threads(canvas, ground))
    _folds(canvas, shape, ground, depth)


def _folds(canvas: Canvas, shape: str, tones: Tones, depth: float) -> None:
    """Upright bands of light and shade, and the turn over the rail."""
    stops = [(place, "#fff" if light > 0 else tones.line, abs(light) * depth) for place, light in FOLDS]
    canvas.fill(shape, canvas.linear(stops))
    over = [
        (0, SHADE, 0.1),
        (0.012, "#fff", 0.4),
        (0.03, "#fff", 0),
        (0.034, SHADE, 0.3),
        (0.08, SHADE, 0),
        (0.7, SHADE, 0),
        (1, SHADE, 0.14),
    ]
    canvas.fill(shape, canvas.linear(over, (0, 0, 0, 1)))


def _rail(canvas: Canvas, metal: Tones) -> None:
    """A round rail with knobs; the cloth covers its middle."""
    paint = canvas.linear([(0, metal.light), (0.4, metal.mid), (1, metal.dark)], (0, 0, 0, 1))
    canvas.put(f'<rect x="60" y="{num(TOP - 4)}" width="680" height="18" rx="9" fill="{paint}"/>')
    knob = canvas.radial([(0, metal.light), (1, metal.dark)], 0.35, 0.3, 0.7)
    for x in (60, 740):
        ellipse(canvas, (x, TOP + 5, 16, 16), knob)
