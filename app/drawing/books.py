"""Notebooks and journals."""

from __future__ import annotations

from typing import Any

from app.drawing.bird import lark
from app.drawing.camera import Camera, Place
from app.drawing.canvas import Canvas
from app.drawing.inks import Area
from app.drawing.light import SHADE, ellipse, pool
from app.drawing.palette import INKS, METALS, PAPER, Tones, blend
from app.drawing.paper import lifted, linen
from app.drawing.shape import Point, line, num, polygon, round_rect, smooth
from app.drawing.spreads import open_book

Params = dict[str, Any]
WIDE = {
    "A6": 350,
    "A5": 440,
    "A4": 520,
}  # picture units of a book's width, not to scale on purpose: all must be readable


def notebook(canvas: Canvas, params: Params, view: str) -> None:
    """A cloth-covered notebook: closed from above, lying at an angle, or (detail) open to show its ruling."""
    if view == "detail":
        open_book(canvas, params)
    elif view == "front":
        _cover(canvas, params, WIDE[params.get("size", "A5")], 1.414)
    else:
        _lying(canvas, params, (14.8, 21, 1.5))


def journal(canvas: Canvas, params: Params, view: str) -> None:
    """A thick journal with a ribbon and, if wanted, a pressed monogram."""
    thick = {"elastic": False, "ribbon": True, "label": False, **params}
    if view == "detail":
        open_book(canvas, {"ruling": "plain", **thick})
    elif view == "front":
        _cover(canvas, thick, 460, 1.36)
    else:
        _lying(canvas, thick, (15.5, 21, 3.2))


def _cover(canvas: Canvas, params: Params, wide: float, ratio: float) -> None:
    """A closed book from above, turned a little."""
    tones, tall = INKS[params["cover"]], wide * ratio
    area = (400 - wide / 2, 490 - tall / 2, wide, tall)
    canvas.open('transform="rotate(-4 400 490)"')
    if params.get("ribbon"):
        _ribbon_end(canvas, area, INKS[params.get("ribbon_ink", "brick")].mid)
    _leaves(canvas, area)
    shape = round_rect(*area, 12)
    cloth = [(0, blend(tones.mid, tones.light, 0.5)), (0.5, tones.mid), (1, blend(tones.mid, tones.dark, 0.35))]
    canvas.fill(shape, canvas.linear(cloth, (0, 0, 1, 1)))
    canvas.fill(shape, linen(canvas, tones))
    _spine_and_edges(canvas, shape, area, tones)
    _furniture(canvas, params, area, tones)
    canvas.close()


def _ribbon_end(canvas: Canvas, area: Area, ink: str) -> None:
    """The tip of a ribbon, cut with a notch, below the book."""
    x, y = area[0] + area[2] * 0.62, area[1] + area[3]
    canvas.fill(polygon([(x, y - 4), (x + 15, y - 4), (x + 19, y + 62), (x + 9, y + 50), (x + 3, y + 64)]), ink)


def _leaves(canvas: Canvas, area: Area) -> None:
    """The pages that show beyond the cover, and the shadow under them."""
    x, y, wide, tall = area
    pages = round_rect(x + 8, y + 6, wide, tall, 12)
    lifted(canvas, pages)
    canvas.fill(pages, blend(PAPER.mid, PAPER.dark, 0.4))
    edges = f"M{num(x + wide + 3)} {num(y + 20)}v{num(tall - 26)}M{num(x + wide + 6)} {num(y + 22)}v{num(tall - 28)}"
    canvas.stroke(edges, PAPER.line, 1, 0.6)


def _spine_and_edges(canvas: Canvas, shape: str, area: Area, tones: Tones) -> None:
    """The groove beside the spine, a lit upper edge and a shaded lower one."""
    x, y, wide, tall = area
    groove = canvas.linear(
        [(0, tones.dark, 0.5), (0.35, tones.light, 0.25), (0.6, tones.dark, 0.55), (1, tones.dark, 0)]
    )
    canvas.put(
        f'<path d="M{num(x)} {num(y + 10)}h{num(wide * 0.11)}v{num(tall - 20)}h{num(-wide * 0.11)}z" fill="{groove}"/>'
    )
    canvas.stroke(shape, tones.light, 2, 0.45)
    canvas.put(
        f'<path d="M{num(x + 12)} {num(y + tall - 1)}h{num(wide - 24)}" stroke="{tones.line}" stroke-width="3" stroke-opacity=".6"/>'
    )


def _furniture(canvas: Canvas, params: Params, area: Area, tones: Tones) -> None:
    """Label, monogram and elastic."""
    x, y, wide, tall = area
    if params.get("label", True):
        label = (x + wide * 0.3, y + tall * 0.16, wide * 0.46, tall * 0.13)
        canvas.fill(round_rect(*label, 5), PAPER.light, 0.95)
        canvas.put(
            f'<path d="M{num(label[0] + 18)} {num(label[1] + label[3] * 0.42)}h{num(label[2] - 36)}m0 {num(label[3] * 0.28)}h{num(36 - label[2])}" stroke="{PAPER.line}" stroke-width="2"/>'
        )
    if params.get("monogram"):
        _monogram(canvas, (x + wide * 0.55, y + tall * 0.34), wide * 0.1)
    if params.get("elastic", True):
        band = x + wide * 0.88
        canvas.put(
            f'<path d="M{num(band + 4)} {num(y)}v{num(tall)}" stroke="{SHADE}" stroke-opacity=".3" stroke-width="15"/><path d="M{num(band)} {num(y - 2)}v{num(tall + 4)}" stroke="{tones.line}" stroke-width="14"/><path d="M{num(band - 4)} {num(y - 2)}v{num(tall + 4)}" stroke="{tones.light}" stroke-opacity=".45" stroke-width="2"/>'
        )


def _monogram(canvas: Canvas, place: Point, size: float) -> None:
    """A lark in a ring, pressed in gold."""
    gold = METALS["brass"]
    ellipse(canvas, (*place, size, size), "none", f' stroke="{gold.light}" stroke-width="3"')
    lark(canvas, place, size * 0.6, gold.light, 3)


def _lying(canvas: Canvas, params: Params, size: Place) -> None:
    """Closed on the table, its fore edge towards us."""
    tones = INKS[params["cover"]]
    wide, tall, thick = size
    camera = Camera(yaw=-36, pitch=36, scale=26.5, x=395, y=560, far=150)
    w, d = wide / 2, tall / 2
    pool(canvas, (425, 600, 370, 170), 0.42)
    _sheet(canvas, camera, (w, d), (0, 0.22), tones)
    _pages(canvas, camera, (w - 0.35, d - 0.35), (0.22, thick - 0.22))
    if params.get("ribbon"):
        tail = [
            camera.see(place) for place in ((w * 0.2, 0.6, d - 0.4), (w * 0.23, 0.1, d + 1.5), (w * 0.15, 0, d + 3.2))
        ]
        canvas.stroke(smooth(tail), INKS[params.get("ribbon_ink", "brick")].mid, 13)
    _sheet(canvas, camera, (w, d), (thick - 0.22, thick), tones)
    top = [camera.see((x * w, thick, z * d)) for x, z in ((-1, -1), (1, -1), (1, 1), (-1, 1))]
    canvas.fill(polygon(top), linen(canvas, tones))
    if params.get("elastic", True):
        _band(canvas, camera, (w * 0.72, d, thick), tones)
    if params.get("label", True):
        label = [
            camera.see((x * w, thick, z * d)) for x, z in ((-0.5, -0.7), (0.42, -0.7), (0.42, -0.44), (-0.5, -0.44))
        ]
        canvas.fill(polygon(label), PAPER.light, 0.95)


def _sheet(canvas: Canvas, camera: Camera, half: tuple[float, float], high: tuple[float, float], tones: Tones) -> None:
    """One cover board."""
    (w, d), (low, top) = half, high
    faces = (
        ([(-w, low, d), (w, low, d), (w, top, d), (-w, top, d)], blend(tones.mid, tones.dark, 0.3)),
        ([(w, low, d), (w, low, -d), (w, top, -d), (w, top, d)], tones.dark),
    )
    for corners, colour in faces:
        canvas.face(polygon([camera.see(place) for place in corners]), colour, colour, 3)
    board = polygon([camera.see(place) for place in ((-w, top, -d), (w, top, -d), (w, top, d), (-w, top, d))])
    paint = canvas.linear([(0, blend(tones.mid, tones.light, 0.7)), (1, tones.mid)], (0, 0, 1, 1))
    canvas.face(board, paint, blend(tones.mid, tones.light, 0.4), 3)


def _pages(canvas: Canvas, camera: Camera, half: tuple[float, float], high: tuple[float, float]) -> None:
    """The block of pages between the boards, with the lines of its sheets."""
    (w, d), (low, top) = half, high
    front = [camera.see((x, y, d)) for x, y in ((-w, low), (w, low), (w, top), (-w, top))]
    right = [camera.see((w, y, z)) for y, z in ((low, d), (low, -d), (top, -d), (top, d))]
    canvas.fill(polygon(front), PAPER.mid)
    canvas.fill(polygon(right), blend(PAPER.mid, PAPER.dark, 0.7))
    sheets = []
    for n in range(1, 6):
        y = low + (top - low) * n / 6
        sheets.append(line([camera.see(place) for place in ((-w, y, d), (w, y, d), (w, y, -d))]))
    canvas.stroke("".join(sheets), PAPER.line, 1.3, 0.5)
    canvas.fill(polygon(right), canvas.linear([(0, SHADE, 0.25), (0.4, SHADE, 0)], (0, 0, 0, 1)))


def _band(canvas: Canvas, camera: Camera, place: Place, tones: Tones) -> None:
    """The elastic, over the cover and down the fore edge."""
    x, d, thick = place
    over = [camera.see(spot) for spot in ((x, thick, -d), (x, thick, d), (x, 0, d))]
    canvas.stroke(line([(px + 4, py + 2) for px, py in over[:2]]), SHADE, 14, 0.28)
    canvas.stroke(line(over), tones.line, 13)
    canvas.stroke(line([(px - 3, py) for px, py in over[:2]]), tones.light, 2, 0.5)
