"""The art on prints and calendars: ten designs drawn from a seed, each in a palette of four inks."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from app.drawing import landscapes, stills
from app.drawing.canvas import Canvas
from app.drawing.chance import chance
from app.drawing.inks import INKS, Area, Inks
from app.drawing.shape import num

Draw = Callable[[Canvas, Area, Inks, Random], None]
DESIGNS: dict[str, Draw] = {
    "contour": landscapes.contour, "hills": landscapes.hills, "tide": landscapes.tide, "strata": landscapes.strata, "flock": landscapes.flock,
    "stones": stills.stones, "stems": stills.stems, "arcs": stills.arcs, "orbit": stills.orbit, "cut": stills.cut,
}  # fmt: skip


def art(canvas: Canvas, design: str, area: Area, palette: str, seed: int) -> None:
    """A design filling an area."""
    inks = INKS[palette]
    x, y, wide, tall = area
    canvas.put(f'<path d="M{num(x)} {num(y)}h{num(wide)}v{num(tall)}h{num(-wide)}z" fill="{inks[0]}"/>')
    canvas.open(f'clip-path="{canvas.clip(f"M{num(x)} {num(y)}h{num(wide)}v{num(tall)}h{num(-wide)}z")}"')
    DESIGNS[design](canvas, area, inks, chance(seed))
    canvas.close()
