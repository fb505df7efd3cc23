"""Filament bulbs, lit."""

from __future__ import annotations

from typing import Any

from app.drawing import clay
from app.drawing.canvas import Canvas
from app.drawing.lamps import halo
from app.drawing.light import ellipse, shadow
from app.drawing.palette import METALS
from app.drawing.shape import num, smooth
from app.drawing.turned import Profile, Turned

Params = dict[str, Any]
SHAPES: dict[str, Profile] = {  # glass: (radius, height) from its tip down to the cap
    "pear": ((4, 540), (60, 530), (136, 488), (186, 410), (190, 320), (150, 226), (96, 140), (68, 60), (64, 0)),
    "globe": ((4, 580), (80, 564), (174, 508), (232, 400), (222, 280), (160, 176), (88, 96), (66, 40), (64, 0)),
    "tube": ((4, 620), (48, 612), (94, 580), (110, 520), (112, 360), (112, 220), (96, 130), (68, 70), (64, 0)),
}


def bulb(canvas: Canvas, params: Params, view: str) -> None:
    """A filament bulb standing on its brass cap."""
    tilt = 0.06 if view == "front" else 0.2
    glass = Turned(400, 690, SHAPES[params.get("shape", "pear")], tilt)
    halo(canvas, 400, glass.y(glass.top * 0.6), 400)
    shadow(canvas, (400, 858, 66, 16), 0.3)
    _filament(canvas, params, glass)
    tint = "#e8952b" if params.get("tint") == "amber" else "#f6cf7c"
    wall = canvas.radial(
        [(0, "#fff1c4", 0.8), (0.5, tint, 0.42), (0.84, tint, 0.42), (1, "#8d6528", 0.7)], 0.47, 0.45, 0.6
    )
    canvas.fill(glass.body(), wall)
    canvas.stroke(glass.body(), "#7d5c28", 2, 0.6)
    top = glass.ring(glass.top)
    clay.shine(canvas, glass, 0.9, 0.7)
    ellipse(canvas, top, "#fff", ' fill-opacity=".35"')
    _cap(canvas, tilt)


def _filament(canvas: Canvas, params: Params, glass: Turned) -> None:
    """Support wires and the glowing loops between them."""
    high, low, half = glass.y(glass.top * 0.78), glass.y(glass.top * 0.42), 46
    canvas.stroke(
        f"M384 700L392 {num(low + 70)}M416 700L408 {num(low + 70)}M400 700V{num(high - 16)}", "#6d5d42", 3.4, 0.85
    )
    loops = [(400 - half + step * half * 2 / 8, high if step % 2 else low) for step in range(9)]
    glow = smooth(loops)
    canvas.stroke(glow, "#ffb02e", 18, 0.35)
    canvas.stroke(glow, "#f08a12", 7, 0.85)
    canvas.stroke(glow, "#fff3cf", 3)


def _cap(canvas: Canvas, tilt: float) -> None:
    """The E27 screw: a brass sleeve with rounded threads and a black heel."""
    brass = METALS["brass"]
    heel = Turned(400, 860, ((52, 40), (44, 20), (22, 0)), tilt)
    canvas.fill(heel.body(), clay.round_light(canvas, heel, METALS["black"]))
    sleeve = Turned(400, 826, tuple((72 if row % 2 else 66, 150 - row * 15) for row in range(11)), tilt)
    canvas.fill(sleeve.band(150, 0), clay.round_light(canvas, sleeve, brass))
    canvas.stroke("".join(sleeve.edge(height) for height in (0, 30, 60, 90, 120)), brass.line, 5, 0.55)
    canvas.stroke("".join(sleeve.edge(height + 13) for height in (0, 30, 60, 90, 120)), brass.light, 4, 0.5)
