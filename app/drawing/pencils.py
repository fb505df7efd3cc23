"""Pencils, and the box they come in."""

from __future__ import annotations

from typing import Any

from app.drawing.bird import lark
from app.drawing.canvas import Canvas
from app.drawing.light import SHADE
from app.drawing.palette import INKS, PAPER, WOODS, Tones
from app.drawing.paper import lifted
from app.drawing.shape import Point, polygon, round_rect

Params = dict[str, Any]


def pencil(canvas: Canvas, ends: tuple[Point, Point], tones: Tones, wide: float) -> None:
    """A hexagonal pencil from its point to its end: lead, cut wood, three faces, a dipped end."""
    tip, end = ends
    dx, dy = end[0] - tip[0], end[1] - tip[1]
    long = (dx * dx + dy * dy) ** 0.5
    ux, uy = dx / long, dy / long
    nx, ny = (uy, -ux) if uy * 0.7 - ux * 0.7 < 0 else (-uy, ux)

    def spot(along: float, out: float) -> Point:
        return tip[0] + ux * along + nx * out, tip[1] + uy * along + ny * out

    body = polygon([spot(58, wide), spot(long, wide), spot(long, -wide), spot(58, -wide)])
    canvas.fill(body, SHADE, 0.25, ' transform="translate(7 10)"')
    cone = [spot(0, 0), spot(62, wide), spot(52, wide / 2), spot(62, 0), spot(52, -wide / 2), spot(62, -wide)]
    for paint, high, low in (
        (tones.light, wide, wide / 3),
        (tones.mid, wide / 3, -wide / 3),
        (tones.dark, -wide / 3, -wide),
    ):
        canvas.fill(polygon([spot(54, high), spot(long, high), spot(long, low), spot(54, low)]), paint)
    canvas.fill(polygon(cone), canvas.linear([(0, WOODS["ash"].light), (1, WOODS["oak"].mid)], (0, 0, 0, 1)))
    canvas.fill(polygon([spot(0, 0), spot(18, wide * 0.29), spot(18, -wide * 0.29)]), "#37342f")
    canvas.fill(
        polygon([spot(long - 30, wide), spot(long, wide), spot(long, -wide), spot(long - 30, -wide)]), tones.line, 0.85
    )


def pencils(canvas: Canvas, params: Params, view: str) -> None:
    """A set of pencils laid out in order of hardness, or fanned beside their box."""
    inks = [INKS[ink] for ink in params.get("inks", ("soot", "evergreen", "brick", "mustard", "chalkblue"))]
    if view == "front":
        for index, tones in enumerate(inks):
            x = 400 + (index - (len(inks) - 1) / 2) * 98
            pencil(canvas, ((x + 12, 130 + (index % 2) * 26), (x - 14, 850 + (index % 2) * 26)), tones, 25)
        return
    box = round_rect(170, 560, 470, 150, 8)
    canvas.open('transform="rotate(-14 400 520)"')
    for index, tones in enumerate(inks):
        pencil(canvas, ((210 + index * 82, 90 + (index % 2) * 30), (250 + index * 66, 640)), tones, 22)
    lifted(canvas, box, 16)
    canvas.put(
        f'<path d="{round_rect(170, 480, 470, 380, 8)}" fill="{canvas.linear([(0, "#d9c6a2"), (1, "#bfa678")], (0, 0, 1, 1))}"/>'
    )
    canvas.put(
        f'<path d="M170 520h470" stroke="{SHADE}" stroke-opacity=".3" stroke-width="5"/><path d="{round_rect(300, 610, 210, 120, 5)}" fill="{PAPER.light}"/>'
    )
    lark(canvas, (405, 672), 52, inks[1].mid, 3.6)
    canvas.close()
