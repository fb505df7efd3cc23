"""Threads and patterns on any cloth."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.drawing.canvas import Canvas
from app.drawing.palette import Tones
from app.drawing.patterns import weave
from app.drawing.shape import Point, num, polygon

Params = dict[str, Any]
Lay = Callable[[Point], Point]  # from the cloth's unit square to the picture


def threads(canvas: Canvas, tones: Tones, size: float = 6, strength: float = 0.16) -> str:
    """A plain weave as a tile: threads over and under."""
    half = size / 2
    over = f"M0 {num(half / 2)}h{num(half)}M{num(half)} {num(half * 1.5)}h{num(half)}"
    under = f"M{num(half / 2)} {num(half)}v{num(half)}M{num(half * 1.5)} 0v{num(half)}"
    tile = "".join(
        f'<path d="{path}" stroke="{ink}" stroke-opacity="{num(faint, 2)}" stroke-width="{num(half * wide)}"/>'
        for path, ink, faint, wide in ((over, tones.light, strength * 1.6, 0.7), (under, tones.dark, strength, 0.6))
    )
    return canvas.pattern(size, size, tile)


def patches(canvas: Canvas, params: Params, lay: Lay) -> None:
    """The pattern's polygons, each colour in one path."""
    for colour, shapes in weave(params.get("pattern", "plain"), params["colourway"], params.get("seed", 1)):
        canvas.fill("".join(polygon([lay(point) for point in shape]) for shape in shapes), colour)
