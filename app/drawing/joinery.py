"""Bent boards and upholstered blocks."""

from __future__ import annotations

from collections.abc import Sequence

from app.drawing.camera import Camera, Place
from app.drawing.canvas import Canvas
from app.drawing.palette import Tones, blend
from app.drawing.shape import blob, hull, outline, smooth


def ribbon(canvas: Canvas, camera: Camera, upper: Sequence[Place], lower: Sequence[Place], tones: Tones) -> None:
    """A board bent between two curves, with its lit upper edge and two lines of grain."""
    above, below = [camera.see(place) for place in upper], [camera.see(place) for place in lower]
    thick = [(x + 1, y + 5) for x, y in below]
    canvas.fill(outline(above, thick[::-1]), tones.dark)
    face = canvas.linear(
        [(0, blend(tones.mid, tones.light, 0.6)), (0.5, tones.mid), (1, blend(tones.mid, tones.dark, 0.45))]
    )
    canvas.fill(outline(above, below[::-1]), face)
    grain = [
        [(a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share) for a, b in zip(above, below, strict=True)]
        for share in (0.3, 0.55, 0.8)
    ]
    canvas.stroke("".join(smooth(run) for run in grain), tones.line, 1.3, 0.22)
    canvas.stroke(smooth(above), tones.light, 3, 0.85)


def padded(canvas: Canvas, camera: Camera, corners: Sequence[Place], thick: Place, tones: Tones) -> None:
    """A block cushion: a four-cornered face with soft corners, its thickness, piping and a sag."""
    front = _softened(corners)
    back = [(x + thick[0], y + thick[1], z + thick[2]) for x, y, z in front]
    seen, behind = [camera.see(place) for place in front], [camera.see(place) for place in back]
    side = canvas.linear(
        [(0, blend(tones.mid, tones.light, 0.3)), (0.5, blend(tones.mid, tones.dark, 0.4)), (1, tones.dark)],
        (0, 0, 1, 1),
    )
    canvas.fill(blob(hull(seen + behind)), side)
    face = canvas.linear(
        [(0, tones.light), (0.5, blend(tones.light, tones.mid, 0.6)), (1, blend(tones.mid, tones.dark, 0.25))],
        (0, 0, 1, 1),
    )
    canvas.fill(blob(seen), face)
    canvas.stroke(blob(seen), tones.dark, 3, 0.4)
    canvas.stroke(smooth(seen[: len(seen) // 2]), tones.light, 2, 0.6)


def _softened(corners: Sequence[Place]) -> list[Place]:
    """Three points around each corner and a slight bulge along each side."""
    middle = tuple(sum(axis) / 4 for axis in zip(*corners, strict=True))
    places: list[Place] = []
    for index, corner in enumerate(corners):
        before, after = corners[index - 1], corners[(index + 1) % 4]
        places += [_toward(corner, before, 0.1), _toward(corner, middle, 0.035), _toward(corner, after, 0.1)]
        places.append(_toward(_toward(corner, after, 0.5), middle, -0.025))
    return places


def _toward(first: Place, second: Place | tuple[float, ...], share: float) -> Place:
    x, y, z = (a + (b - a) * share for a, b in zip(first, second, strict=True))
    return x, y, z
