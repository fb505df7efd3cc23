"""Table lamps, floor lamps and pendants, all lit."""

from __future__ import annotations

from typing import Any

from app.drawing import clay
from app.drawing.camera import Camera
from app.drawing.canvas import Canvas
from app.drawing.light import SHADE, ellipse, pool, shadow
from app.drawing.palette import FABRICS, KINDS, METALS, WOODS, Tones, blend
from app.drawing.shape import Point, num, smooth
from app.drawing.solid import across, rod
from app.drawing.turned import Turned

Params = dict[str, Any]
WARM = "#ffdf9e"  # a 2,700 K bulb through linen
BASES = {  # (radius, height) in shares of the base's height, from the neck down
    "bottle": ((0.1, 1.0), (0.13, 0.86), (0.3, 0.66), (0.43, 0.4), (0.42, 0.18), (0.34, 0.03), (0.31, 0)),
    "ball": ((0.1, 1.0), (0.14, 0.9), (0.42, 0.74), (0.55, 0.46), (0.44, 0.17), (0.28, 0.03), (0.27, 0)),
    "column": ((0.2, 1.0), (0.24, 0.97), (0.26, 0.7), (0.28, 0.4), (0.3, 0.1), (0.3, 0)),
    "cone": ((0.09, 1.0), (0.12, 0.92), (0.22, 0.6), (0.34, 0.26), (0.45, 0.04), (0.45, 0)),
    "pebble": ((0.1, 1.0), (0.22, 0.93), (0.4, 0.76), (0.42, 0.6), (0.36, 0.46), (0.46, 0.28), (0.48, 0.14), (0.4, 0)),
}
HOODS = {  # pendant shades: (radius, height) in shares of the width, from the collar down
    "dome": ((0.09, 0.6), (0.2, 0.565), (0.32, 0.49), (0.42, 0.36), (0.48, 0.18), (0.5, 0)),
    "cone": ((0.07, 0.6), (0.1, 0.56), (0.24, 0.36), (0.42, 0.1), (0.5, 0)),
    "bell": ((0.08, 0.72), (0.15, 0.66), (0.27, 0.46), (0.34, 0.2), (0.5, 0)),
    "drum": ((0.4, 0.46), (0.43, 0.45), (0.46, 0.24), (0.49, 0.02), (0.5, 0)),
}


def lamp(canvas: Canvas, params: Params, view: str) -> None:
    """A table lamp: a turned base, a short stem and a lit cloth shade; its cord leaves to the right."""
    tilt = 0.14 if view == "front" else 0.3
    tones = KINDS[params.get("base_kind", "glaze")][params["base"]]
    tall = params.get("height", 330)
    floor = 850
    base = Turned(
        390, floor, tuple((tall * r * 1.05, tall * h) for r, h in BASES[params.get("profile", "bottle")]), tilt
    )
    halo(canvas, 390, 330, 430)
    shadow(canvas, (390, floor, base.radius(0) * 1.05, max(base.ring(0)[3], 20)))
    _cord(canvas, [(390 + base.radius(0) * 0.8, floor - 8), (600, floor + 18), (690, floor - 30), (830, floor + 6)])
    clay.surface(canvas, base, tones, 0)
    if params.get("speckle"):
        clay.speckle(canvas, base, tones, params["speckle"], 40)
    clay.shine(canvas, base, 0.25 if params.get("base_kind") == "wood" else 0.6, 0.46)
    ellipse(canvas, base.ring(tall), blend(tones.mid, tones.dark, 0.4))
    _stem(canvas, (390, base.y(tall) - 66, base.y(tall) + 5), METALS["brass"], 9)
    _shade(canvas, params, (390, base.y(tall) - 40), tilt)


def _shade(canvas: Canvas, params: Params, place: Point, tilt: float) -> None:
    """A lit cloth shade; `place` is the middle of its lower edge."""
    x, low = place
    wide, narrow, tall = params.get("r2", 236), params.get("r1", 170), params.get("shade_height", 262)
    tones = FABRICS[params.get("shade", "flax")]
    lift = (1 - tilt**2) ** 0.5
    body = Turned(x, low, ((narrow, tall / lift), (wide, 0)), tilt)
    glow, edge = blend(tones.light, WARM, 0.45), blend(blend(tones.mid, tones.dark, 0.16), WARM, 0.3)
    stops = [
        (0, edge),
        (0.12, tones.mid),
        (0.42, glow),
        (0.6, blend(tones.light, WARM, 0.25)),
        (0.9, blend(tones.mid, tones.dark, 0.1)),
        (1, edge),
    ]
    canvas.fill(body.body(), canvas.linear(stops))
    canvas.fill(body.body(), _weave(canvas, tones))
    lit = canvas.radial([(0, "#fff2cc", 0.85), (0.5, WARM, 0.35), (1, WARM, 0)], 0.48, 0.62, 0.55)
    canvas.fill(body.body(), lit)
    for height in (body.top, 0):
        canvas.stroke(body.edge(height), blend(tones.mid, tones.dark, 0.25), 5, 0.7)
    top = body.ring(body.top)
    ellipse(canvas, top, blend(tones.mid, tones.dark, 0.3))
    ellipse(
        canvas,
        (top[0], top[1] + 1, top[2] - 5, max(top[3] - 3, 1)),
        canvas.radial([(0, "#fffbe8"), (0.5, "#ffe9b4"), (1, blend(tones.mid, WARM, 0.5))], 0.5, 0.6, 0.6),
    )


def _weave(canvas: Canvas, tones: Tones) -> str:
    """Linen threads as a tile."""
    threads = f'<path d="M0 2h9M0 6h9M3 0v9M7 0v9" stroke="{tones.dark}" stroke-opacity=".1"/>'
    return canvas.pattern(9, 9, threads)


def halo(canvas: Canvas, x: float, y: float, size: float) -> None:
    """Lamplight on the wall behind."""
    glow = canvas.radial([(0, "#ffe3a3", 0.7), (0.5, "#ffe9bd", 0.28), (1, "#fff1d6", 0)])
    ellipse(canvas, (x, y, size, size), glow)


def _cord(canvas: Canvas, points: list[Point], width: float = 6) -> None:
    canvas.stroke(smooth([(x + 4, y + 6) for x, y in points]), SHADE, width, 0.18)
    canvas.stroke(smooth(points), "#5d5348", width)
    canvas.stroke(smooth([(x, y - 1.2) for x, y in points]), "#8f8272", width * 0.34)


def _stem(canvas: Canvas, place: tuple[float, float, float], tones: Tones, half: float) -> None:
    """An upright round bar: x, upper and lower end, half its width."""
    x, high, low = place
    paint = canvas.linear(across(tones), (x - half, 0, x + half, 0), user=True)
    canvas.put(f'<path d="M{num(x - half)} {num(high)}h{num(2 * half)}V{num(low)}h{num(-2 * half)}z" fill="{paint}"/>')


def floor_lamp(canvas: Canvas, params: Params, view: str) -> None:
    """A standing lamp on a disc or on three wooden legs."""
    tilt = 0.1 if view == "front" else 0.2
    metal, x, floor = METALS[params.get("metal", "brass")], 400, 920
    halo(canvas, x, 230, 380)
    if params.get("stand", "disc") == "tripod":
        _tripod(canvas, WOODS[params["wood"]], x, floor, view)
    else:
        disc = Turned(x, floor, ((92, 16), (104, 12), (106, 0)), max(tilt, 0.16))
        shadow(canvas, (x, floor, 104, 20))
        clay.surface(canvas, disc, metal, 0)
        clay.opening(canvas, disc, metal, 100)
        ellipse(canvas, disc.ring(14, 0.96), canvas.linear([(0, metal.light), (0.5, metal.mid), (1, metal.dark)]))
        _stem(canvas, (x, 300, floor - 16), metal, 7)
    _cord(canvas, [(x + 96, floor - 4), (600, floor + 22), (820, floor - 6)], 5)
    _shade(canvas, {"r1": 138, "r2": 192, "shade_height": 226, **params}, (x, 352), tilt)


def _tripod(canvas: Canvas, wood: Tones, x: float, floor: float, view: str) -> None:
    camera = Camera(yaw=12 if view == "front" else 40, pitch=8 if view == "front" else 13, scale=6, x=x, y=floor - 18)
    feet = [(0.0, 0.0, 26.0), (22.0, 0.0, -13.0), (-22.0, 0.0, -13.0)]
    pool(canvas, (x + 40, floor - 8, 250, 44), 0.34)
    _stem(canvas, (x, 330, 420), METALS["brass"], 8)
    for foot in sorted(feet, key=lambda place: camera.turn(place)[2]):
        rod(canvas, camera, ((foot[0] * 0.06, 92, foot[2] * 0.06), foot), wood, (1.9, 1.3))
    hub = Turned(x, floor - 18 - 92 * 6 + 22, ((30, 34), (32, 30), (32, 4), (30, 0)), 0.15)
    clay.surface(canvas, hub, METALS["brass"], 0.4)
    clay.opening(canvas, hub, METALS["brass"], 30)


def pendant(canvas: Canvas, params: Params, view: str) -> None:
    """A hanging lamp, seen a little from below so that its lit inside shows."""
    tilt = -0.16 if view == "front" else -0.34
    tones = KINDS[params.get("shade_kind", "metal")][params["shade"]]
    wide = params.get("width", 560)
    body = Turned(400, 640, tuple((wide * r, wide * h) for r, h in HOODS[params.get("hood", "dome")]), tilt)
    top = body.y(body.top)
    _cone_of_light(canvas, body)
    _cord(canvas, [(400, -10), (400, top / 2), (400, top)], 7)
    cap = Turned(400, top + 12, ((17, 66), (20, 60), (24, 14), (27, 0)), tilt / 2)
    clay.surface(canvas, cap, METALS[params.get("metal", "brass")], 0.3)
    canvas.fill(body.body(), clay.round_light(canvas, body, tones))
    clay.gather(canvas, body.body(), tones, 0.4)
    clay.shine(canvas, body, params.get("gloss", 0.6), 0.5)
    _inside(canvas, body)


def _cone_of_light(canvas: Canvas, body: Turned) -> None:
    x, y, rx, _ = body.ring(0)
    beam = canvas.linear([(0, "#ffe6ad", 0.6), (1, "#fff1d6", 0)], (0, 0, 0, 1))
    canvas.put(
        f'<path d="M{num(x - rx)} {num(y)}L{num(x - rx * 1.5)} 1000h{num(rx * 3)}L{num(x + rx)} {num(y)}z" fill="{beam}"/>'
    )
    halo(canvas, x, y + 30, rx * 1.5)


def _inside(canvas: Canvas, body: Turned) -> None:
    """The lit inner side of the hood and the bulb in it."""
    x, y, rx, ry = body.ring(0)
    ry = abs(ry)
    ellipse(canvas, (x, y, rx, ry), "#e9e2d4")
    glow = canvas.radial([(0, "#fffdf2"), (0.35, "#fff0c4"), (1, "#e5bf78")], 0.5, 0.45, 0.55)
    ellipse(canvas, (x, y, rx - 7, max(ry - 5, 2)), glow)
    bulb = canvas.radial([(0, "#fff"), (0.6, "#fffbe6"), (1, "#fff2c4", 0)])
    ellipse(canvas, (x, y - 2, rx * 0.24, max(ry * 0.62, 18)), bulb)
