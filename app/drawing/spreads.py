"""A book lying open, to show its ruling."""

from __future__ import annotations

from typing import Any

from app.drawing.canvas import Canvas
from app.drawing.light import SHADE
from app.drawing.palette import INKS, PAPER
from app.drawing.paper import lifted, linen
from app.drawing.pencils import pencil
from app.drawing.shape import num, round_rect

Params = dict[str, Any]


def open_book(canvas: Canvas, params: Params) -> None:
    """An open spread from above, ruled, with a pencil across it."""
    tones = INKS[params["cover"]]
    canvas.open('transform="rotate(-8 400 500)"')
    board = round_rect(-70, 190, 940, 640, 14)
    lifted(canvas, board, 18)
    canvas.fill(board, tones.mid)
    canvas.fill(board, linen(canvas, tones))
    for left in (True, False):
        _page(canvas, params, left)
    canvas.put(f'<path d="M400 206V812" stroke="{SHADE}" stroke-opacity=".35" stroke-width="3"/>')
    if params.get("ribbon"):
        canvas.stroke("M410 206C430 400 395 620 420 870", INKS[params.get("ribbon_ink", "brick")].mid, 13)
    pencil(canvas, ((560, 400), (800, 640)), INKS["mustard"], 15)
    canvas.close()


def _page(canvas: Canvas, params: Params, left: bool) -> None:
    x = -50.0 if left else 400.0
    stops = (
        [(0, PAPER.mid), (0.8, PAPER.light), (1, PAPER.dark)]
        if left
        else [(0, PAPER.dark), (0.16, PAPER.light), (1, PAPER.mid)]
    )
    canvas.put(f'<path d="M{num(x)} 206h450v606h-450z" fill="{canvas.linear(stops)}"/>')
    ruling, ink = params.get("ruling", "lined"), "#8fa3ad"
    rows = [260 + 34 * n for n in range(16)]
    if ruling == "lined":
        canvas.stroke("".join(f"M{num(x + 26)} {row}h400" for row in rows), ink, 2, 0.75)
    elif ruling == "grid":
        lines = "".join(f"M{num(x + 26)} {row}h400" for row in rows) + "".join(
            f"M{num(x + 26 + 33.4 * n)} 260v510" for n in range(13)
        )
        canvas.stroke(lines, ink, 1.5, 0.6)
    elif ruling == "dotted":
        tile = canvas.pattern(34, 34, f'<circle cx="17" cy="17" r="2.6" fill="{ink}"/>')
        canvas.put(f'<path d="M{num(x + 22)} 240h408v544h-408z" fill="{tile}"/>')
