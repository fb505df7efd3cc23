"""Boards, rods, slabs and pads in space, seen by a camera and painted from back to front."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from app.drawing.camera import Camera, Pair, Place
from app.drawing.canvas import Canvas
from app.drawing.grain import grained
from app.drawing.palette import Tones, blend
from app.drawing.shape import Point, blob, hull, polygon, smooth


class Model:
    """Parts waiting to be painted; `paint` draws the farthest first."""

    def __init__(self, canvas: Canvas, camera: Camera) -> None:
        self.canvas, self.camera = canvas, camera
        self._parts: list[tuple[float, Callable[[], None]]] = []

    def add(self, place: Place, draw: Callable[[], None], nearer: float = 0) -> None:
        self._parts.append((self.camera.turn(place)[2] + nearer, draw))

    def paint(self) -> None:
        for _, draw in sorted(self._parts, key=lambda part: part[0]):
            draw()

    def board(self, corners: Pair, tones: Tones, grain: int = 0, nearer: float = 0) -> None:
        """An upright box between two opposite corners; `grain` seeds wood grain, 0 for none."""
        self.add(middle(corners), lambda: box(self.canvas, self.camera, corners, tones, grain), nearer)

    def rod(self, ends: Pair, tones: Tones, thick: tuple[float, float], nearer: float = 0) -> None:
        """A round tapering stick; `thick` is its radius at both ends in centimetres."""
        self.add(middle(ends), lambda: rod(self.canvas, self.camera, ends, tones, thick), nearer)

    def bent(self, spine: Sequence[Place], tones: Tones, thick: float, nearer: float = 0) -> None:
        """A round stick steamed into a curve."""
        self.add(spine[len(spine) // 2], lambda: bent(self.canvas, self.camera, spine, tones, thick), nearer)

    def slab(self, outline: Sequence[Place], thick: float, tones: Tones, nearer: float = 0) -> None:
        """A convex outline given thickness downwards."""
        self.add(middle(outline), lambda: slab(self.canvas, self.camera, outline, thick, tones), nearer)

    def pad(self, outline: Sequence[Place], thick: float, tones: Tones, nearer: float = 0) -> None:
        """A slab of something soft."""
        self.add(middle(outline), lambda: pad(self.canvas, self.camera, outline, thick, tones), nearer)


def middle(places: Sequence[Place]) -> Place:
    x, y, z = (sum(axis) / len(places) for axis in zip(*places, strict=True))
    return x, y, z


FACES = (  # corner numbers of a box (bit 0 right, bit 1 up, bit 2 near), the first edge along the longer side
    ((0, 1, 0), (2, 3, 7, 6)),
    ((0, -1, 0), (0, 1, 5, 4)),
    ((-1, 0, 0), (0, 2, 6, 4)),
    ((1, 0, 0), (1, 3, 7, 5)),
    ((0, 0, 1), (4, 5, 7, 6)),
    ((0, 0, -1), (0, 1, 3, 2)),
)


def box(canvas: Canvas, camera: Camera, corners: Pair, tones: Tones, grain: int) -> None:
    """The faces of an upright box that we can see, with eased edges."""
    for index, colour, points in _faces(camera, corners, tones):
        plank(canvas, points, colour, tones, grain and grain + index)


def block(canvas: Canvas, camera: Camera, corners: Pair, tones: Tones) -> None:
    """A small box in flat tones, for things seen in passing."""
    for _, colour, points in _faces(camera, corners, tones):
        canvas.face(polygon(points), colour, colour)


def _faces(camera: Camera, opposite: Pair, tones: Tones) -> list[tuple[int, str, list[Point]]]:
    """Number, colour and corners of the faces of an upright box that look at us."""
    corners = [(opposite[n & 1][0], opposite[n >> 1 & 1][1], opposite[n >> 2][2]) for n in range(8)]
    seen = []
    for index, (normal, numbers) in enumerate(FACES):
        face = [corners[number] for number in numbers]
        if _faces_us(camera, normal, face[0]):
            seen.append((index, shade(tones, camera.lit(normal)), [camera.see(corner) for corner in face]))
    return seen


def _faces_us(camera: Camera, normal: Place, corner: Place) -> bool:
    """Whether the eye lies in front of the plane of a face."""
    here = camera.turn(corner)
    eye = (-here[0], -here[1], camera.far - here[2])
    return sum(a * b for a, b in zip(camera.turn(normal), eye, strict=True)) > 0


def shade(tones: Tones, lit: float) -> str:
    """A material's colour in that much light (0..1)."""
    return blend(tones.dark, tones.mid, lit / 0.6) if lit < 0.6 else blend(tones.mid, tones.light, (lit - 0.6) / 0.4)


def plank(canvas: Canvas, points: Sequence[Point], colour: str, tones: Tones, grain: int) -> None:
    """One flat four-cornered face."""
    paint = canvas.linear([(0, blend(colour, tones.light, 0.16)), (1, blend(colour, tones.dark, 0.14))], (0, 0, 1, 1))
    canvas.face(polygon(points), paint, blend(colour, tones.light, 0.12))
    if grain:
        grained(canvas, points, tones, grain)


def rod(canvas: Canvas, camera: Camera, ends: Pair, tones: Tones, thick: tuple[float, float]) -> None:
    """A tapering stick, lit across its width."""
    start, end = ends
    (x0, y0), (x1, y1) = camera.see(start), camera.see(end)
    long = math.hypot(x1 - x0, y1 - y0) or 1
    nx, ny = (y1 - y0) / long, (x0 - x1) / long
    if nx * 0.7 + ny * 0.7 > 0:
        nx, ny = -nx, -ny  # the normal points to the light
    r0, r1 = thick[0] * camera.size(start), thick[1] * camera.size(end)
    wide = max(r0, r1)
    along = (x0 + nx * wide, y0 + ny * wide, x0 - nx * wide, y0 - ny * wide)
    paint = canvas.linear(across(tones), along, user=True)
    edges = [
        (x0 + nx * r0, y0 + ny * r0),
        (x1 + nx * r1, y1 + ny * r1),
        (x1 - nx * r1, y1 - ny * r1),
        (x0 - nx * r0, y0 - ny * r0),
    ]
    canvas.face(polygon(edges), paint, paint)


def across(tones: Tones) -> list[tuple[float, str]]:
    """Light over a round stick, from the window side to the far side."""
    return [
        (0, tones.mid),
        (0.26, tones.light),
        (0.55, tones.mid),
        (0.9, tones.dark),
        (1, blend(tones.mid, tones.dark, 0.7)),
    ]


def bent(canvas: Canvas, camera: Camera, spine: Sequence[Place], tones: Tones, thick: float) -> None:
    """A curved stick: shade, wood, and light, one inside the other."""
    seen = [camera.see(place) for place in spine]
    wide = 2 * thick * camera.size(spine[len(spine) // 2])
    canvas.stroke(smooth(seen), blend(tones.dark, tones.mid, 0.2), wide)
    shift = wide * 0.09
    canvas.stroke(smooth([(x - shift, y - shift) for x, y in seen]), tones.mid, wide * 0.74)
    canvas.stroke(smooth([(x - shift * 2, y - shift * 2.4) for x, y in seen]), tones.light, wide * 0.26, 0.8)


def slab(canvas: Canvas, camera: Camera, outline: Sequence[Place], thick: float, tones: Tones) -> None:
    """A convex outline and its copy below, joined."""
    upper, lower = _both(camera, outline, thick)
    canvas.fill(polygon(hull(upper + lower)), _side(canvas, tones))
    canvas.fill(polygon(upper), _top(canvas, tones))
    canvas.stroke(polygon(upper), tones.light, 1.6, 0.7)


def pad(canvas: Canvas, camera: Camera, outline: Sequence[Place], thick: float, tones: Tones) -> None:
    """A slab that bulges and carries a seam."""
    upper, lower = _both(camera, outline, thick)
    around = hull(upper + lower)
    canvas.fill(blob(around[:: max(1, len(around) // 18)]), _side(canvas, tones))
    canvas.fill(blob(upper), _top(canvas, tones))
    canvas.stroke(blob(upper), tones.dark, 2.5, 0.35)


def _both(camera: Camera, outline: Sequence[Place], thick: float) -> tuple[list[Point], list[Point]]:
    return [camera.see(place) for place in outline], [camera.see((x, y - thick, z)) for x, y, z in outline]


def _side(canvas: Canvas, tones: Tones) -> str:
    return canvas.linear([(0, blend(tones.mid, tones.light, 0.35)), (0.45, tones.mid), (1, tones.dark)])


def _top(canvas: Canvas, tones: Tones) -> str:
    return canvas.linear([(0, tones.light), (0.6, blend(tones.light, tones.mid, 0.45)), (1, tones.mid)], (0, 0, 1, 0.6))
