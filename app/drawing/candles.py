"""Candles, burning."""

from __future__ import annotations

from typing import Any

from app.drawing import clay
from app.drawing.canvas import Canvas
from app.drawing.light import SHADE, ellipse, shadow
from app.drawing.palette import GLAZES
from app.drawing.shape import blob, num
from app.drawing.turned import Turned
from app.drawing.vessels import skin

Params = dict[str, Any]


def candle(canvas: Canvas, params: Params, view: str) -> None:
    """A candle poured into a small pot, burning."""
    tilt = 0.17 if view == "front" else 0.38
    glaze = GLAZES[params["glaze"]]
    body = Turned(400, 790, ((176, 330), (177, 312), (178, 150), (172, 26), (160, 0)), tilt)
    x, y, rx, ry = body.ring(330)
    glow = canvas.radial([(0, "#ffe3a3", 0.75), (0.5, "#ffe9bd", 0.3), (1, "#fff1d6", 0)])
    ellipse(canvas, (x, y - 90, 330, 330), glow)
    shadow(canvas, (400, 790, 164, max(body.ring(0)[3], 30)))
    skin(canvas, body, glaze, {"gloss": 0.55, **params})
    clay.opening(canvas, body, glaze, 11)
    wax = canvas.radial([(0, "#fffdf0"), (0.5, "#fff4d2"), (1, "#ecd9ae")], 0.5, 0.4, 0.6)
    ellipse(canvas, (x, y + ry * 0.14, rx - 15, ry * 0.84 - 5), wax)
    _flame(canvas, x, y + ry * 0.1)


def _flame(canvas: Canvas, x: float, y: float) -> None:
    canvas.stroke(f"M{num(x)} {num(y)}q-3-16 2-34", SHADE, 6)
    outer = blob(
        [(x + 2, y - 160), (x + 22, y - 92), (x + 24, y - 46), (x + 1, y - 22), (x - 21, y - 46), (x - 16, y - 96)]
    )
    canvas.fill(outer, canvas.linear([(0, "#fff3c4"), (0.5, "#ffd25e"), (1, "#f08a24")], (0, 0, 0, 1)), 0.95)
    inner = blob([(x + 1, y - 112), (x + 12, y - 62), (x + 1, y - 32), (x - 10, y - 62)])
    canvas.fill(inner, "#fffbe8")
