"""Calendars and gift cards."""

from __future__ import annotations

from typing import Any

from app.drawing import inks, prints
from app.drawing.bird import figures, lark
from app.drawing.canvas import Canvas
from app.drawing.light import SHADE, pool
from app.drawing.palette import INKS, METALS, PAPER, WOODS, Tones, blend
from app.drawing.paper import lifted, linen
from app.drawing.shape import line, num, polygon, round_rect
from app.drawing.wall import cast

Params = dict[str, Any]


def calendar(canvas: Canvas, params: Params, view: str) -> None:
    """A wall calendar: art above, a month below; seen at an angle it is the desk version on a wooden foot."""
    if view == "front":
        cast(canvas, "M170 130H630V860H170z", 14)
        _month_sheet(canvas, params)
        _wire(canvas)
        return
    foot = canvas.linear([(0, WOODS["oak"].light), (1, WOODS["oak"].mid)], (0, 0, 0, 1))
    pool(canvas, (430, 812, 340, 46), 0.5)
    canvas.open('transform="translate(400 480)skewY(4)scale(.84 .9)translate(-400 -480)"')
    canvas.fill("M186 146h460v730h-460z", SHADE, 0.25, ' transform="translate(14 4)"')
    _month_sheet(canvas, params)
    canvas.put(
        f'<path d="{round_rect(140, 812, 520, 84, 6)}" fill="{foot}"/><path d="M140 880h520" stroke="{WOODS["oak"].dark}" stroke-width="14"/>'
    )
    canvas.put(
        f'<path d="M150 824h500M150 846h500" stroke="{WOODS["oak"].line}" stroke-opacity=".25" stroke-width="1.5"/>'
    )
    canvas.close()


def _month_sheet(canvas: Canvas, params: Params) -> None:
    canvas.put(
        f'<path d="M170 130H630V860H170z" fill="{canvas.linear([(0, "#fffdf7"), (1, "#f4eee0")], (0, 0, 1, 1))}"/>'
    )
    prints.art(canvas, params["design"], (196, 176, 408, 400), params["palette"], params.get("seed", 1))
    ink = inks.INKS[params["palette"]][3]
    figures(canvas, str(params.get("month", 5)), (204, 604), 44, ink)
    canvas.put(f'<path d="M270 640h{num(330)}" stroke="{ink}" stroke-width="2"/>')
    tile = canvas.pattern(
        58, 36, f'<path d="M22 14h14v2h-14zM24 20h10v2h-10z" fill="{ink}" fill-opacity=".75"/>', "translate(198 672)"
    )
    canvas.put(f'<path d="M198 672h406v144h-406zM198 816h174v32h-174z" fill="{tile}"/>')


def _wire(canvas: Canvas) -> None:
    rings = "".join(f"M{x} 118v30" for x in range(200, 620, 22))
    canvas.stroke(rings, METALS["steel"].dark, 5)
    canvas.stroke(rings, METALS["steel"].light, 2)
    canvas.stroke("M380 118C384 74 416 74 420 118", METALS["steel"].dark, 5)


def greeting_card(canvas: Canvas, params: Params, view: str) -> None:
    """A card with a lark on it, tucked into an envelope."""
    tones = INKS[params.get("cover", "evergreen")]
    turn = -7 if view == "front" else -16
    canvas.open(f'transform="rotate({turn} 400 500){"" if view == "front" else "skewX(-8)"}"')
    envelope = round_rect(120, 400, 560, 380, 10)
    lifted(canvas, envelope, 18)
    canvas.fill(round_rect(120, 400, 560, 380, 10), blend(PAPER.mid, PAPER.dark, 0.5))
    card = round_rect(160, 200, 480, 330, 22)
    lifted(canvas, card, 8)
    canvas.fill(
        card,
        canvas.linear(
            [(0, blend(tones.mid, tones.light, 0.6)), (0.5, tones.mid), (1, blend(tones.mid, tones.dark, 0.5))],
            (0, 0, 1, 1),
        ),
    )
    canvas.fill(card, linen(canvas, tones))
    gold = METALS["brass"].light
    canvas.stroke(round_rect(180, 220, 440, 290, 12), gold, 2, 0.6)
    lark(canvas, (408, 330), 92, gold, 4)
    _envelope(canvas, tones)
    canvas.close()


def _envelope(canvas: Canvas, tones: Tones) -> None:
    """The pocket in front of the card and its two side seams."""
    front = canvas.linear([(0, PAPER.light), (0.6, PAPER.mid), (1, PAPER.dark)], (0, 0, 0.6, 1))
    pocket = polygon([(120, 420), (400, 600), (680, 420), (680, 770), (670, 780), (130, 780), (120, 770)])
    canvas.fill(pocket, SHADE, 0.18, ' transform="translate(0 -7)"')
    canvas.fill(pocket, front)
    canvas.stroke(line([(124, 776), (352, 572)]) + line([(676, 776), (448, 572)]), PAPER.line, 2, 0.5)
    canvas.stroke(line([(120, 420), (400, 600), (680, 420)]), "#fff", 3, 0.8)
