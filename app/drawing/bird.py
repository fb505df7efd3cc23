"""The shop's lark and the figures on its cards: drawn lines, since pictures carry no fonts."""

from __future__ import annotations

from app.drawing.canvas import Canvas
from app.drawing.shape import Point, num, outline, pack, smooth

BACK = ((1.02, -0.44), (0.82, -0.6), (0.6, -0.7), (0.34, -0.56), (0.12, -0.3), (-0.3, -0.06), (-0.62, 0.1), (-1.2, 0.3))
BELLY = (
    (-1.14, 0.46),
    (-0.56, 0.36),
    (-0.2, 0.5),
    (0.22, 0.48),
    (0.54, 0.2),
    (0.68, -0.2),
    (0.76, -0.36),
    (1.02, -0.44),
)
WING = ((0.3, -0.24), (0.14, 0.08), (-0.22, 0.22), (-0.7, 0.2))
STROKES = {  # figures in a box 6 wide and 10 tall, as one line each
    "0": "m3 0c-4 0-4 10 0 10s4-10 0-10", "1": "m1 2l2-2v10", "2": "m0 2c0-3 6-3 6 1c0 3-6 4-6 7h6", "3": "m0 0h6l-3 4c4 0 4 6 0 6c-2 0-3-1-3-2",
    "4": "m4 10v-10l-4 7h6", "5": "m6 0h-5l-1 4c7-2 8 6 3 6c-2 0-3-1-3-2", "6": "m5 0c-3 1-5 4-5 7c0 4 6 4 6 0c0-4-5-4-6-1", "7": "m0 0h6l-4 10",
    "8": "m3 5c-4 0-4-5 0-5s4 5 0 5c-5 0-5 5 0 5s5-5 0-5", "9": "m6 4c0-5-6-5-6-1c0 4 6 4 6 0c0 3-1 6-4 7", "£": "m6 2c-1-3-5-3-5 1c0 3 1 4-1 7h6m-6-5h4",
}  # fmt: skip


def lark(canvas: Canvas, place: Point, size: float, ink: str, wide: float) -> None:
    """A perched lark around a place; `size` is half its length."""
    x, y = place
    edge = outline(*([(x + px * size, y + py * size) for px, py in run] for run in (BACK, BELLY)))
    canvas.stroke(edge + smooth([(x + px * size, y + py * size) for px, py in WING]), ink, wide)


def figures(canvas: Canvas, text: str, place: Point, size: float, ink: str) -> None:
    """Digits and £ as lines; `place` is their top left, `size` their height."""
    marks = "".join(f"M{num(n * 9)} 0{STROKES[sign]}" for n, sign in enumerate(text))
    moved = f"translate({pack(place)})scale({num(size / 10, 2)})"
    canvas.put(f'<path d="{marks}" transform="{moved}" stroke="{ink}" stroke-width="1.1"/>')
