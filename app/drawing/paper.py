"""What paper things share: a shadow under something flat, and book cloth."""

from __future__ import annotations

from app.drawing.canvas import Canvas
from app.drawing.light import SHADE
from app.drawing.palette import Tones
from app.drawing.shape import num


def lifted(canvas: Canvas, path: str, reach: float = 14) -> None:
    """The shadow of something lying flat, thicker than a sheet."""
    for share, faint in ((1.5, 0.06), (0.9, 0.09), (0.4, 0.14)):
        canvas.fill(path, SHADE, faint, f' transform="translate({num(reach * share)} {num(reach * share * 1.2)})"')


def linen(canvas: Canvas, tones: Tones) -> str:
    """Book cloth, fine enough to read as texture only."""
    tile = f'<path d="M0 1h6M0 4h6M1 0v6M4 0v6" stroke="{tones.dark}" stroke-opacity=".16"/><path d="M0 2.5h6" stroke="{tones.light}" stroke-opacity=".14"/>'
    return canvas.pattern(6, 6, tile)
