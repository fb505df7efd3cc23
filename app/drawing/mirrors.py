"""Mirrors, and the room in them."""

from __future__ import annotations

from typing import Any

from app.drawing.canvas import Canvas
from app.drawing.palette import KINDS, blend
from app.drawing.shape import num, oval, pack, polygon, round_rect
from app.drawing.wall import cast

Params = dict[str, Any]


def mirror(canvas: Canvas, params: Params, view: str) -> None:
    """A mirror that holds the light of the room: round, arched or square with soft corners."""
    rim = KINDS[params.get("rim_kind", "wood")][params["rim"]]
    if view != "front":
        canvas.open('transform="translate(400 490)skewY(4)scale(.85 1)translate(-400 -490)"')
    outer, inner = (_glass_shape(params.get("shape", "round"), inset) for inset in (0, 26))
    cast(canvas, outer, 18)
    if view != "front":
        canvas.fill(outer, blend(rim.mid, rim.light, 0.4), 1, ' transform="translate(-22 -3)"')
    canvas.fill(outer, canvas.linear([(0, rim.light), (0.5, rim.mid), (1, rim.dark)], (0.1, 0, 0.9, 1)))
    _reflection(canvas, inner)
    canvas.stroke(inner, rim.dark, 3, 0.7)
    if view != "front":
        canvas.close()


def _glass_shape(shape: str, inset: float) -> str:
    if shape == "round":
        return oval(400, 490, 310 - inset, 310 - inset)
    if shape == "arch":
        half = 250 - inset
        return f"M{num(400 - half)} {num(900 - inset)}V{num(390)}a{pack((half, half))} 0 0 1 {num(2 * half)} 0V{num(900 - inset)}z"
    return round_rect(160 + inset, 140 + inset, 480 - 2 * inset, 700 - 2 * inset, 60 - inset)


def _reflection(canvas: Canvas, glass: str) -> None:
    """A pale room: wall, a far window's light, the floor, and diagonal gleams."""
    canvas.fill(
        glass, canvas.linear([(0, "#eef1ee"), (0.55, "#d6dcd8"), (0.72, "#c8cbc2"), (1, "#ddd8cc")], (0, 0, 0.3, 1))
    )
    canvas.open(f'clip-path="{canvas.clip(glass)}"')
    panes = [
        polygon([(x, y), (x + 92, y + 12), (x + 92, y + 152), (x, y + 140)]) for x in (430, 534) for y in (230, 386)
    ]
    canvas.fill("".join(panes), "#fff", 0.5)
    canvas.fill("M0 760L800 700V1000H0z", "#b9ab93", 0.5)
    canvas.fill("M60 620L420 100H520L60 780zM60 860L600 100H630L60 910z", "#fff", 0.26)
    canvas.close()
