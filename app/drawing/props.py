"""Small things that keep others company on shelves and in scenes."""

from __future__ import annotations

from app.drawing import clay, leaves
from app.drawing.camera import Camera, Place
from app.drawing.canvas import Canvas
from app.drawing.chance import chance
from app.drawing.light import shadow
from app.drawing.palette import GLAZES, INKS, PAPER, WOODS
from app.drawing.shape import Point, num
from app.drawing.solid import block, box
from app.drawing.turned import Turned

SPINES = ("evergreen", "cream", "brick", "chalkblue", "mustard", "stone", "navy")


def books(canvas: Canvas, camera: Camera, place: Place, count: int) -> None:
    """Standing books from a place to the right."""
    draw = chance(count * 7)
    x, y, z = place
    for index in range(count):
        thick, tall = draw.uniform(1.8, 3.6), draw.uniform(15, 22)
        block(canvas, camera, ((x, y, z - 7), (x + thick, y + tall, z + 6)), INKS[SPINES[(index * 3 + count) % 7]])
        x += thick + 0.15


def stack(canvas: Canvas, camera: Camera, place: Place, count: int = 3) -> None:
    """Books lying on one another."""
    draw = chance(count)
    x, y, z = place
    for index in range(count):
        wide, deep, thick = 22 - index * 1.6, 15 - index, draw.uniform(2, 3.2)
        tones = INKS[SPINES[(index * 2 + count) % 7]]
        pages = (x - wide / 2 + 0.6, y + 0.4, z - deep / 2), (x + wide / 2 - 0.6, y + thick - 0.4, z + deep / 2 - 0.5)
        block(canvas, camera, pages, PAPER)
        block(
            canvas,
            camera,
            ((x - wide / 2, y + thick - 0.5, z - deep / 2), (x + wide / 2, y + thick, z + deep / 2)),
            tones,
        )
        y += thick


def pot(canvas: Canvas, place: Point, glaze: str, size: float, tilt: float = 0.18) -> None:
    """A small round pot standing at a place of the picture."""
    rows = ((0.34, 1.0), (0.32, 0.94), (0.46, 0.66), (0.52, 0.4), (0.4, 0.08), (0.36, 0.0))
    body = Turned(place[0], place[1], tuple((size * r, size * h) for r, h in rows), tilt)
    shadow(canvas, (place[0], place[1], size * 0.38, size * 0.09))
    clay.surface(canvas, body, GLAZES[glaze], 0.5)
    clay.opening(canvas, body, GLAZES[glaze], size * 0.04)


def sprig(canvas: Canvas, place: Point, glaze: str) -> None:
    """A bottle with a few stems."""
    x, y = place
    rows = ((15, 190), (13, 170), (16, 128), (44, 78), (46, 34), (34, 0))
    body = Turned(x, y, rows, 0.16)
    shadow(canvas, (x, y, 40, 11))
    leaves.spray(canvas, (x, y - 186), leaves.Spray("olive", 6, 220, 2, 0.84))
    clay.surface(canvas, body, GLAZES[glaze], 0.5)


def pencil_pot(canvas: Canvas, place: Point) -> None:
    """A beaker of pencils."""
    x, y = place
    for lean, ink in ((-26, "mustard"), (4, "brick"), (30, "navy")):
        canvas.stroke(f"M{num(x + lean * 0.5)} {num(y - 60)}l{lean} -170", INKS[ink].mid, 15)
        canvas.stroke(f"M{num(x + lean * 0.5 - 4)} {num(y - 60)}l{lean} -170", INKS[ink].light, 4, 0.8)
    body = Turned(x, y, ((64, 150), (64, 140), (66, 60), (62, 6), (58, 0)), 0.2)
    shadow(canvas, (x, y, 60, 16))
    clay.surface(canvas, body, GLAZES["oat"], 0.5)
    clay.bare_foot(canvas, body, 36, 3)


def bench(canvas: Canvas, camera: Camera) -> None:
    """A plain oak bench."""
    wood = WOODS["oak"]
    for x in (-38, 36):
        for z in (-12, 12):
            box(canvas, camera, ((x, 0, z - 2), (x + 3, 38, z + 2)), wood, 0)
    box(canvas, camera, ((-48, 38, -17), (48, 42, 17)), wood, 5)
