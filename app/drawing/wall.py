"""Framed prints and clocks: what hangs flat on a wall."""

from __future__ import annotations

import math
from typing import Any

from app.drawing import prints
from app.drawing.canvas import Canvas
from app.drawing.grain import grained
from app.drawing.inks import Area
from app.drawing.light import SHADE, ellipse
from app.drawing.palette import FABRICS, GLAZES, KINDS, METALS, WOODS, Tones, blend
from app.drawing.shape import dots, line, num, oval, polygon

Params = dict[str, Any]
FRAMES = {"oak": WOODS["oak"], "walnut": WOODS["walnut"], "black": WOODS["black"], "white": METALS["white"]}
RATIOS = {"A4": 1.414, "A3": 1.414, "A2": 1.414, "square": 1.0}


def cast(canvas: Canvas, path: str, reach: float = 16) -> None:
    """The shadow of something flat that hangs in front of the wall."""
    for share, faint in ((1.6, 0.07), (1.0, 0.09), (0.5, 0.12)):
        canvas.fill(path, SHADE, faint, f' transform="translate({num(reach * share)} {num(reach * share * 1.25)})"')


def print_(canvas: Canvas, params: Params, view: str) -> None:
    """A print in its frame; without one it is a sheet pinned by two clips."""
    params = {"frame": "oak", **params}
    wide = 500 * params.get("scale", 1)
    tall = wide * RATIOS[params.get("size", "A3")]
    x, y = 400 - wide / 2, 490 - tall / 2
    turned = view != "front"
    if turned:
        canvas.open('transform="translate(400 490)skewY(5)scale(.86 1)translate(-400 -490)"')
    cast(canvas, f"M{num(x)} {num(y)}h{num(wide)}v{num(tall)}h{num(-wide)}z", 24 if turned else 16)
    if params["frame"] == "none":
        _sheet(canvas, params, (x, y, wide, tall))
    else:
        _framed(canvas, params, (x, y, wide, tall), turned)
    if turned:
        canvas.close()


def _sheet(canvas: Canvas, params: Params, area: Area) -> None:
    x, y, wide, tall = area
    canvas.put(f'<path d="M{num(x)} {num(y)}h{num(wide)}v{num(tall)}h{num(-wide)}z" fill="#fffdf6"/>')
    inset = wide * 0.09
    prints.art(
        canvas,
        params["design"],
        (x + inset, y + inset, wide - 2 * inset, tall - 2.4 * inset),
        params["palette"],
        params.get("seed", 1),
    )
    _signed(canvas, x + wide - inset, y + tall - inset * 0.72)
    for place in (0.22, 0.78):
        canvas.put(
            f'<rect x="{num(x + wide * place - 15)}" y="{num(y - 22)}" width="30" height="40" rx="4" fill="{METALS["brass"].mid}"/>'
        )


def _signed(canvas: Canvas, x: float, y: float) -> None:
    """A pencilled signature and edition number, as strokes."""
    canvas.stroke(f"M{num(x - 62)} {num(y)}q8-16 14-2t14-4 12 2 16-5", "#6b655a", 1.6, 0.7)


def _framed(canvas: Canvas, params: Params, area: Area, turned: bool) -> None:
    x, y, wide, tall = area
    tones, bar = FRAMES[params["frame"]], wide * 0.052
    if turned:
        canvas.fill(
            polygon([(x, y), (x - 26, y - 4), (x - 26, y + tall - 4), (x, y + tall)]),
            blend(tones.mid, tones.light, 0.5),
        )
    corners = ((x, y), (x + wide, y), (x + wide, y + tall), (x, y + tall))
    inner = ((x + bar, y + bar), (x + wide - bar, y + bar), (x + wide - bar, y + tall - bar), (x + bar, y + tall - bar))
    for side, share in enumerate((0.75, 0.1, 0.0, 0.55)):
        after = (side + 1) % 4
        points = [corners[side], corners[after], inner[after], inner[side]]
        colour = blend(blend(tones.mid, tones.dark, 0.35), tones.light, share)
        canvas.face(polygon(points), colour, colour)
        if params["frame"] != "white":
            grained(canvas, points, tones, side + 3, 3)
    _mounted(canvas, params, (x + bar, y + bar, wide - 2 * bar, tall - 2 * bar))


def _mounted(canvas: Canvas, params: Params, area: Area) -> None:
    """The mount with its bevel, the art, the frame's shadow on both, and a trace of glass."""
    x, y, wide, tall = area
    box = f"M{num(x)} {num(y)}h{num(wide)}v{num(tall)}h{num(-wide)}z"
    canvas.fill(box, "#fbf7ec")
    inset = wide * 0.13
    art = (x + inset, y + inset, wide - 2 * inset, tall - 2.3 * inset)
    prints.art(canvas, params["design"], art, params["palette"], params.get("seed", 1))
    canvas.put(
        f'<path d="M{num(art[0])} {num(art[1] + art[3])}v{num(-art[3])}h{num(art[2])}" stroke="{SHADE}" stroke-opacity=".35" stroke-width="2.5"/>'
    )
    _signed(canvas, art[0] + art[2], art[1] + art[3] + inset * 0.45)
    canvas.put(
        f'<path d="M{num(x)} {num(y)}h{num(wide)}v9h{num(9 - wide)}v{num(tall - 9)}h-9z" fill="{SHADE}" fill-opacity=".2"/>'
    )
    glass = canvas.linear([(0, "#fff", 0.28), (0.32, "#fff", 0.08), (0.33, "#fff", 0), (1, "#fff", 0)], (0, 0, 1, 0.8))
    canvas.fill(box, glass)


def clock(canvas: Canvas, params: Params, view: str) -> None:
    """A wall clock at ten past ten."""
    rim, dial = KINDS[params.get("rim_kind", "wood")][params["rim"]], GLAZES[params["face"]]
    squash = 1.0 if view == "front" else 0.84
    canvas.open(f'transform="translate(400 490)scale({squash} 1)"')
    cast(canvas, oval(0, 0, 300, 300), 20)
    if view != "front":
        ellipse(canvas, (-30, 4, 296, 298), canvas.linear([(0, rim.light), (0.2, rim.mid), (1, rim.dark)]))
    ellipse(canvas, (0, 0, 300, 300), canvas.linear([(0, rim.light), (0.45, rim.mid), (1, rim.dark)], (0.1, 0, 0.9, 1)))
    if params.get("rim_kind", "wood") == "wood":
        _turnings(canvas, rim)
    ellipse(canvas, (0, 0, 266, 266), canvas.linear([(0, rim.dark), (1, rim.light)], (0.1, 0, 0.9, 1)))
    ellipse(
        canvas,
        (0, 0, 260, 260),
        canvas.linear([(0, blend(dial.light, dial.mid, 0.5)), (0.4, dial.light), (1, dial.mid)], (0.1, 0, 0.9, 1)),
    )
    _ticks(canvas, dial, params.get("ticks", "lines"))
    _hands(canvas, _ink(dial), params)
    ellipse(
        canvas,
        (0, 0, 260, 260),
        canvas.linear([(0, SHADE, 0.3), (0.1, SHADE, 0.05), (0.3, SHADE, 0)], (0.2, 0, 0.75, 0.9)),
    )
    canvas.close()


def _turnings(canvas: Canvas, rim: Tones) -> None:
    rings = "".join(oval(0, 0, far, far) for far in (272, 281, 290))
    canvas.stroke(rings, rim.line, 1.5, 0.3)


def _ink(dial: Tones) -> str:
    """Hands and marks that stand out from the dial: dark on light glazes, pale on dark ones."""
    return "#2b2925" if int(dial.mid[1:3], 16) > 140 else "#f3ead6"


def _ticks(canvas: Canvas, dial: Tones, kind: str) -> None:
    turns = [math.radians(30 * hour) for hour in range(12)]
    ink = _ink(dial)
    if kind == "dots":
        canvas.stroke(dots([(222 * math.sin(t), -222 * math.cos(t)) for t in turns]), ink, 13)
        canvas.stroke(dots([(222 * math.sin(t), -222 * math.cos(t)) for t in turns[::3]]), ink, 22)
        return
    long = "".join(_tick(t, 190 if n % 3 == 0 else 206) for n, t in enumerate(turns))
    canvas.stroke(long, ink, 7)
    if kind == "minutes":
        canvas.stroke("".join(_tick(math.radians(6 * n), 224) for n in range(60) if n % 5), ink, 2.5, 0.7)


def _tick(turn: float, inner: float) -> str:
    return line([(inner * math.sin(turn), -inner * math.cos(turn)), (234 * math.sin(turn), -234 * math.cos(turn))])


def _hands(canvas: Canvas, ink: str, params: Params) -> None:
    for turn, far, wide in ((305, 132, 13), (60, 196, 9)):
        spin = math.radians(turn)
        tip, tail = (far * math.sin(spin), -far * math.cos(spin)), (-30 * math.sin(spin), 30 * math.cos(spin))
        canvas.stroke(line([(tail[0] + 5, tail[1] + 8), (tip[0] + 5, tip[1] + 8)]), SHADE, wide, 0.22)
        canvas.stroke(line([tail, tip]), ink, wide)
    second = FABRICS[params.get("accent", "rust")].mid
    spin = math.radians(196)
    canvas.stroke(
        line([(-44 * math.sin(spin), 44 * math.cos(spin)), (206 * math.sin(spin), -206 * math.cos(spin))]), second, 3.4
    )
    ellipse(canvas, (0, 0, 13, 13), second)
    ellipse(canvas, (-2, -3, 4, 4), "#fff", ' fill-opacity=".6"')
