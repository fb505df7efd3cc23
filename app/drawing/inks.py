"""The inks of prints, and places on the sheet."""

from __future__ import annotations

from app.drawing.palette import blend
from app.drawing.shape import Point

Area = tuple[float, float, float, float]  # left, top, width, height
Inks = tuple[str, str, str, str]  # paper, then from light to dark
INKS: dict[str, Inks] = {
    "dawn": ("#f7ead9", "#eec3a1", "#d9805c", "#8e3d2e"),
    "moor": ("#f1ecdc", "#c9c29a", "#84885a", "#3c4630"),
    "tide": ("#edf1ee", "#b4cdd2", "#6a97a6", "#25465a"),
    "dusk": ("#efe6e4", "#cdb2bd", "#8b6c88", "#3d3150"),
    "flint": ("#f4f1ea", "#cfcac0", "#8b8780", "#33322f"),
    "harvest": ("#f8efd6", "#eccf86", "#cf9636", "#7c5218"),
}


def spot(area: Area, x: float, y: float) -> Point:
    """A place given in shares of the area."""
    return area[0] + area[2] * x, area[1] + area[3] * y


def between(inks: Inks, step: float) -> str:
    """The ink between two neighbours of the range."""
    return blend(inks[int(step)], inks[int(step) + 1], step % 1)
