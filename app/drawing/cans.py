"""Watering cans."""

from __future__ import annotations

from typing import Any

from app.drawing import clay
from app.drawing.canvas import Canvas
from app.drawing.light import shadow
from app.drawing.palette import METALS, Tones
from app.drawing.shape import Point, line, pack, polygon, smooth
from app.drawing.turned import Turned

Params = dict[str, Any]


def watering_can(canvas: Canvas, params: Params, view: str) -> None:
    """A long-spouted can with a hoop over the top."""
    tilt = 0.14 if view == "front" else 0.32
    metal = METALS[params.get("metal", "galvanised")]
    body = Turned(440, 800, ((118, 330), (140, 318), (172, 260), (180, 120), (176, 14), (172, 0)), tilt)
    shadow(canvas, (430, 800, 176, max(body.ring(0)[3], 32)))
    _hoop(canvas, [(540, body.y(320)), (690, body.y(420)), (720, body.y(250)), (612, body.y(110))], metal)
    _pipe(canvas, metal, (300, body.y(90)), (112, body.y(420)))
    clay.surface(canvas, body, metal, params.get("gloss", 0.5))
    canvas.stroke(body.edge(300) + body.edge(22), metal.line, 4, 0.4)
    clay.opening(canvas, body, metal, 9)
    _hoop(canvas, [(338, body.y(322)), (360, body.y(470)), (470, body.y(500)), (552, body.y(326))], metal)


def _hoop(canvas: Canvas, spine: list[Point], tones: Tones) -> None:
    canvas.stroke(smooth(spine), tones.dark, 22)
    canvas.stroke(smooth([(x - 2, y - 3) for x, y in spine]), tones.mid, 15)
    canvas.stroke(smooth([(x - 3, y - 6) for x, y in spine]), tones.light, 5)


def _pipe(canvas: Canvas, tones: Tones, foot: Point, tip: Point) -> None:
    """The tapering spout and its rose."""
    (x0, y0), (x1, y1) = foot, tip
    canvas.fill(
        polygon([(x0 - 60, y0 - 76), (x1 - 14, y1 + 4), (x1 + 18, y1 - 14), (x0 + 60, y0 - 76), (x0, y0 + 70)]),
        _lit(canvas, tones),
    )
    canvas.stroke(line([(x0 - 44, y0 - 70), (x1 - 6, y1 + 4)]), tones.light, 5, 0.8)
    canvas.fill(
        polygon([(x1 - 16, y1 + 4), (x1 - 62, y1 - 14), (x1 + 26, y1 - 66), (x1 + 20, y1 - 12)]), _lit(canvas, tones)
    )
    canvas.put(
        f'<ellipse rx="52" ry="17" transform="translate({pack((x1 - 18, y1 - 40))})rotate(-31)" fill="{tones.light}" stroke="{tones.dark}" stroke-width="3"/>'
    )


def _lit(canvas: Canvas, tones: Tones) -> str:
    return canvas.linear([(0, tones.light), (0.45, tones.mid), (1, tones.dark)], (0.2, 0, 0.8, 0.8))
