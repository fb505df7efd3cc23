"""How glazed, turned and enamelled round surfaces take the light."""

from __future__ import annotations

import math

from app.drawing.canvas import Canvas
from app.drawing.chance import chance
from app.drawing.light import SHADE, ellipse
from app.drawing.palette import STONEWARE, Tones, blend
from app.drawing.shape import Point, Ring, dots, pack, smooth
from app.drawing.turned import Turned


def round_light(canvas: Canvas, turned: Turned, tones: Tones, reach: float | None = None) -> str:
    """The paint of an upright round surface: lit from the left, bounce light on the far right edge."""
    width = reach or turned.widest
    edge, rim = blend(tones.mid, tones.dark, 0.3), blend(tones.mid, tones.dark, 0.6)
    lit = blend(tones.mid, tones.light, 0.75)
    stops = [(0, edge), (0.09, tones.mid), (0.3, lit), (0.52, tones.mid), (0.87, tones.dark), (1, rim)]
    return canvas.linear(stops, (turned.x - width, 0, turned.x + width, 0), user=True)


def surface(canvas: Canvas, turned: Turned, tones: Tones, gloss: float = 0.5) -> None:
    """The whole outside in one material, with a highlight as strong as `gloss` (0..1)."""
    canvas.fill(turned.body(), round_light(canvas, turned, tones))
    gather(canvas, turned.body(), tones)
    shine(canvas, turned, gloss)


def gather(canvas: Canvas, path: str, tones: Tones, strength: float = 0.55) -> None:
    """Shade gathering towards the foot."""
    low = canvas.linear([(0.4, tones.dark, 0), (1, tones.dark, strength)], (0, 0, 0, 1))
    canvas.fill(path, low)


def shine(canvas: Canvas, turned: Turned, gloss: float, place: float = 0.62) -> None:
    """The window, reflected: a soft patch on the lit side around a share of the height, a faint line on the far side."""
    if not gloss:
        return
    span = turned.top - turned.foot
    height = turned.foot + span * place
    (x, y), (above, _), (below, _) = (turned.on(height + step * span, -0.5) for step in (0, 0.14, -0.14))
    lean = math.degrees(math.atan2(above - below, span * 0.28))
    soft = canvas.radial([(0, "#fff", gloss), (0.5, "#fff", gloss * 0.5), (1, "#fff", 0)])
    wide = turned.radius(height) * 0.24
    turn = f' transform="rotate({pack((lean, x, y), 0)})"' if abs(lean) > 1 else ""
    ellipse(canvas, (x, y, wide, min(span * 0.34, wide * 3.4)), soft, turn)
    canvas.stroke(
        smooth(turned.meridian(height + span * 0.2, height - span * 0.26, 0.93)),
        "#fff",
        turned.radius(height) * 0.06,
        gloss * 0.15,
    )


def throwing_lines(canvas: Canvas, turned: Turned, tones: Tones, count: int = 5) -> None:
    """The faint rings a potter's fingers leave."""
    span = turned.top - turned.foot
    heights = [turned.foot + span * (0.2 + 0.68 * step / count) for step in range(count)]
    rings = "".join(turned.edge(height, 0.99) for height in heights)
    canvas.stroke(rings, tones.dark, 2, 0.13)


def bare_foot(canvas: Canvas, turned: Turned, height: float, seed: int, sway: float = 5) -> None:
    """Unglazed clay below a hand-dipped line, with the thick edge the glaze leaves there."""
    draw = chance(seed)
    edge = [(x, y + draw.uniform(-sway, sway)) for x, y in turned.front(height)]
    edge[0], edge[-1] = turned.front(height)[0], turned.front(height)[-1]
    canvas.fill(turned.dipped(edge, height), round_light(canvas, turned, STONEWARE))
    gather(canvas, turned.dipped(edge, height), STONEWARE)
    canvas.stroke(smooth(edge), SHADE, 3, 0.25)


def speckle(canvas: Canvas, turned: Turned, tones: Tones, seed: int, count: int = 50) -> None:
    """Iron spots in the glaze, closer together where the surface turns away."""
    draw = chance(seed)
    spots: list[Point] = []
    for _ in range(count):
        height = draw.uniform(turned.foot, turned.top)
        spots.append(turned.on(height, draw.choice((-1, 1)) * draw.random() ** 0.7 * 0.95))
    sprinkle(canvas, [spot for spot in spots if spot[1] < turned.y(turned.foot)], tones)


def spatter(canvas: Canvas, ring: Ring, tones: Tones, seed: int, count: int = 60) -> None:
    """Iron spots over a flat round face."""
    draw = chance(seed)
    x, y, rx, ry = ring
    turns = [(draw.uniform(0, math.tau), draw.random() ** 0.5) for _ in range(count)]
    sprinkle(canvas, [(x + rx * far * math.cos(turn), y + ry * far * math.sin(turn)) for turn, far in turns], tones)


def sprinkle(canvas: Canvas, spots: list[Point], tones: Tones) -> None:
    """Spots in two sizes, one path each."""
    cut = len(spots) * 2 // 3
    canvas.stroke(dots(spots[:cut]), tones.line, 2.4, 0.5)
    canvas.stroke(dots(spots[cut:]), tones.line, 4.4, 0.45)


def opening(canvas: Canvas, turned: Turned, tones: Tones, wall: float, depth: float = 0.55) -> None:
    """The rim and what shows inside it: shaded under the window side, lit on the far wall."""
    x, y, rx, ry = turned.ring(turned.top)
    lip = canvas.linear([(0, tones.light), (0.4, blend(tones.light, "#ffffff", 0.55)), (1, tones.mid)])
    ellipse(canvas, (x, y, rx, ry), lip)
    inner = max(rx - wall, 1), max(ry - wall * max(turned.tilt, 0.3) * 0.8, 0.6)
    dark = blend(tones.dark, SHADE, 0.25)
    stops = [(0, dark), (0.4, blend(tones.dark, tones.mid, depth * 0.6)), (0.85, tones.mid), (1, tones.light)]
    ellipse(canvas, (x, y, *inner), canvas.linear(stops))
    down = canvas.linear([(0, SHADE, 0.28), (0.5, SHADE, 0.05), (1, SHADE, 0)], (0, 0, 0, 1))
    ellipse(canvas, (x, y, *inner), down)
