"""Points and curves as SVG path text, kept short: relative moves, whole units on large shapes. Y points down."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

Point = tuple[float, float]
Ring = tuple[float, float, float, float]  # an ellipse: x, y, rx, ry

COARSE = 24  # shapes wider or taller than this many units are rounded to whole units


def num(value: float, digits: int = 1) -> str:
    """A number as short as SVG allows: no trailing zero, no leading zero."""
    text = f"{value:.{digits}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    if text in ("-0", ""):
        return "0"
    return text.replace("0.", ".", 1) if text.startswith(("0.", "-0.")) else text


def pack(values: Iterable[float], digits: int = 1) -> str:
    """Numbers in a row; a minus sign separates as well as a space does."""
    return "".join(f" {text}" if text[0] != "-" else text for text in (num(value, digits) for value in values)).strip()


def at(point: Point) -> str:
    return pack(point)


def line(points: Sequence[Point]) -> str:
    """An open polyline."""
    return Pen(points).lines(points)


def polygon(points: Sequence[Point]) -> str:
    return line(points) + "z"


def smooth(points: Sequence[Point]) -> str:
    """The open Catmull-Rom curve through all points."""
    pen = Pen(points)
    return pen.move(points[0]) + pen.curve(points)


def blob(points: Sequence[Point]) -> str:
    """The closed Catmull-Rom curve through all points."""
    pen = Pen(points)
    return pen.move(points[0]) + pen.curve(points, closed=True) + "z"


def outline(*runs: Sequence[Point]) -> str:
    """A closed shape whose edge is one smooth curve after another, with corners between them."""
    pen = Pen([point for run in runs for point in run])
    parts = [pen.move(runs[0][0])]
    for run in runs:
        parts.append(pen.to(run[0]) + pen.curve(run))
    return "".join(parts) + "z"


def oval(x: float, y: float, rx: float, ry: float) -> str:
    """A whole ellipse as a path, so that it can be clipped and combined."""
    radii = f"a{pack((rx, ry))} 0 1 1 "
    return f"M{pack((x - rx, y))}{radii}{num(2 * rx)} 0{radii}{num(-2 * rx)} 0z"


def arc(ring: Ring, start: float, end: float, steps: int = 8) -> list[Point]:
    """Points along an ellipse between two angles in degrees; 0 is right, 90 is down (towards the viewer)."""
    x, y, rx, ry = ring
    turns = [math.radians(start + (end - start) * step / steps) for step in range(steps + 1)]
    return [(x + rx * math.cos(turn), y + ry * math.sin(turn)) for turn in turns]


def round_rect(x: float, y: float, width: float, height: float, radius: float) -> str:
    """A rectangle with rounded corners as a path."""
    r = min(radius, width / 2, height / 2)
    turn = f"a{pack((r, r))} 0 0 1 "
    return (
        f"M{pack((x + r, y))}h{num(width - 2 * r)}{turn}{pack((r, r))}v{num(height - 2 * r)}{turn}{pack((-r, r))}"
        f"h{num(2 * r - width)}{turn}{pack((-r, -r))}v{num(2 * r - height)}{turn}{pack((r, -r))}z"
    )


def dots(points: Iterable[Point]) -> str:
    """Zero-length strokes: with round caps each is a dot, at about seven bytes apiece."""
    x = y = 0
    parts = []
    for px, py in sorted((round(a), round(b)) for a, b in points):
        parts.append(f"m{pack((px - x, py - y), 0)}h0")
        x, y = px, py
    return "".join(parts)


def hull(points: Iterable[Point]) -> list[Point]:
    """The convex hull (Andrew's monotone chain), clockwise on screen."""
    ordered = sorted(set(points))
    return _chain(ordered)[:-1] + _chain(ordered[::-1])[:-1]


def _chain(points: Sequence[Point]) -> list[Point]:
    kept: list[Point] = []
    for point in points:
        while len(kept) > 1 and _turn(kept[-2], kept[-1], point) <= 0:
            kept.pop()
        kept.append(point)
    return kept


def _turn(a: Point, b: Point, c: Point) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


class Pen:
    """Writes relative path commands and remembers where rounding really left it, so errors never add up."""

    def __init__(self, points: Sequence[Point]) -> None:
        xs, ys = [x for x, _ in points], [y for _, y in points]
        self._digits = 0 if max(max(xs) - min(xs), max(ys) - min(ys)) > COARSE else 1
        self._x = self._y = 0.0

    def move(self, point: Point) -> str:
        self._x, self._y = round(point[0], self._digits), round(point[1], self._digits)
        return "M" + pack((self._x, self._y), self._digits)

    def to(self, point: Point) -> str:
        """A straight line, or nothing when the pen is there already."""
        x, y = round(point[0], self._digits), round(point[1], self._digits)
        step, self._x, self._y = (x - self._x, y - self._y), x, y
        return "l" + pack(step, self._digits) if any(step) else ""

    def lines(self, points: Sequence[Point]) -> str:
        return self.move(points[0]) + "".join(self.to(point) for point in points[1:])

    def curve(self, points: Sequence[Point], closed: bool = False) -> str:
        """Cubic Béziers on from the pen, which stands at points[0]."""
        count = len(points)
        parts = []
        for index in range(count if closed else count - 1):
            here, there = points[index], points[(index + 1) % count]
            before = points[index - 1] if index or closed else here
            after = points[(index + 2) % count] if index + 2 < count or closed else there
            first = (here[0] + (there[0] - before[0]) / 6, here[1] + (there[1] - before[1]) / 6)
            second = (there[0] - (after[0] - here[0]) / 6, there[1] - (after[1] - here[1]) / 6)
            parts.append(self._cubic(first, second, there))
        return "".join(parts)

    def arc(self, end: Point, rx: float, ry: float, clockwise: bool) -> str:
        """An elliptical arc to a point; on screen, clockwise from left to right goes over the top."""
        x, y = round(end[0], self._digits), round(end[1], self._digits)
        step, self._x, self._y = (x - self._x, y - self._y), x, y
        return f"a{pack((rx, ry))} 0 0 {int(clockwise)} {pack(step, self._digits)}"

    def _cubic(self, first: Point, second: Point, end: Point) -> str:
        x, y = round(end[0], self._digits), round(end[1], self._digits)
        values = [
            first[0] - self._x,
            first[1] - self._y,
            second[0] - self._x,
            second[1] - self._y,
            x - self._x,
            y - self._y,
        ]
        self._x, self._y = x, y
        return "c" + pack(values, self._digits)
