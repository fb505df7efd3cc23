"""Things thrown on a wheel or turned on a lathe: a profile spun around an upright axis."""

from __future__ import annotations

import math
from functools import cached_property
from itertools import pairwise

import msgspec

from app.drawing.shape import Pen, Point, Ring, arc, hull, polygon

SAMPLES = 12  # points kept between two given profile points
STATIONS = 9  # points an outline is drawn through, evenly spaced along it
Profile = tuple[tuple[float, float], ...]


class Turned(msgspec.Struct, frozen=True, dict=True):
    """A solid of revolution standing at (`x`, `floor`), seen from above by `tilt` = sine of the camera's height.

    `profile` lists (radius, height) from the rim down to the foot, in picture units; heights only fall.
    A negative tilt looks up at it from below.
    """

    x: float
    floor: float
    profile: Profile
    tilt: float

    @cached_property
    def _fine(self) -> list[tuple[float, float]]:
        """(height, radius) samples of the smooth profile, from the foot up."""
        return sorted((height, radius) for radius, height in _dense(self.profile))

    @property
    def top(self) -> float:
        return self.profile[0][1]

    @property
    def foot(self) -> float:
        return self.profile[-1][1]

    @cached_property
    def widest(self) -> float:
        return max(radius for _, radius in self._fine)

    def y(self, height: float) -> float:
        """Where a height above the ground lies on the picture."""
        return self.floor - height * math.sqrt(1 - self.tilt**2)

    def radius(self, height: float) -> float:
        """The radius at a height, by straight interpolation between fine samples."""
        fine = self._fine
        for (low, wide), (high, wider) in pairwise(fine):
            if low <= height <= high:
                share = (height - low) / (high - low) if high > low else 0
                return wide + (wider - wide) * share
        return fine[0][1] if height < fine[0][0] else fine[-1][1]

    def ring(self, height: float, share: float = 1) -> Ring:
        """The ellipse at a height, its radius times `share`."""
        radius = self.radius(height) * share
        return self.x, self.y(height), radius, radius * abs(self.tilt)

    def side(self, high: float, low: float, share: float = 1) -> list[Point]:
        """Points down the outline between two heights; `share` -1 is the left outline, 1 the right."""
        within = [(height, radius) for height, radius in self._fine[::-1] if low < height < high]
        whole = [(high, self.radius(high)), *within, (low, self.radius(low))]
        return [(self.x + radius * share, self.y(height)) for height, radius in _stations(whole, high - low, self.top)]

    def front(self, height: float, share: float = 1) -> list[Point]:
        """Points along the near edge of the ring at a height, from left to right."""
        x, y, rx, ry = self.ring(height, share)
        return arc((x, y, rx, math.copysign(ry, self.tilt)), 180, 0, 6)

    def edge(self, height: float, share: float = 1) -> str:
        """The near edge of the ring at a height as an open path."""
        x, y, rx, ry = self.ring(height, share)
        pen = Pen([(x - rx, y), (x + rx, y)])
        return pen.move((x - rx, y)) + pen.arc((x + rx, y), rx, ry, self.tilt < 0)

    def band(self, high: float, low: float) -> str:
        """The part of the front surface between two heights."""
        right, left = self.side(high, low), self.side(high, low, -1)
        pen = Pen(right + left)
        upper, lower = self.ring(high), self.ring(low)
        over = pen.move(left[0]) + pen.arc(right[0], upper[2], upper[3], self.tilt < 0)
        under = pen.curve(right) + pen.arc(left[-1], lower[2], lower[3], self.tilt >= 0)
        return over + under + pen.curve(left[::-1]) + "z"

    def body(self) -> str:
        """The whole outside, from the near edge of the rim down."""
        return self.band(self.top, self.foot)

    def shell(self, low: float) -> str:
        """The outside down to a height as everything its rings cover: right for bellies that hide their foot."""
        heights = [height for height, _ in self._fine[::8] if height > low]
        rings = [point for height in (*heights, self.top, low) for point in arc(self.ring(height), 0, 360, 26)]
        return polygon(hull(rings))

    def dipped(self, edge: list[Point], height: float) -> str:
        """The surface below a hand-dipped `edge` that runs from left to right at about `height`."""
        right, left = self.side(height, self.foot, 1.004), self.side(height, self.foot, -1.004)
        pen = Pen(right + left)
        lower = self.ring(self.foot)
        upper = pen.move(edge[0]) + pen.curve(edge) + pen.to(right[0]) + pen.curve(right)
        return upper + pen.arc(left[-1], lower[2], lower[3], True) + pen.curve(left[::-1]) + "z"

    def meridian(self, high: float, low: float, share: float) -> list[Point]:
        """Points down the surface at a share of the radius."""
        return [self.on(high + (low - high) * step / 3, share) for step in range(4)]

    def on(self, height: float, share: float) -> Point:
        """A point on the front surface."""
        x, y, rx, ry = self.ring(height)
        return x + rx * share, y + math.copysign(ry, self.tilt) * math.sqrt(max(0, 1 - share**2))


def _stations(fine: list[tuple[float, float]], span: float, tall: float) -> list[tuple[float, float]]:
    """Fewer points of an outline, evenly spaced along it; a short part needs fewer."""
    count = max(2, round(STATIONS * min(1, 0.25 + span / tall)))
    far = [0.0]
    for first, second in pairwise(fine):
        far.append(far[-1] + math.dist(first, second))
    marks = [far[-1] * step / count for step in range(1, count)]
    inner = [next(point for point, at in zip(fine, far, strict=True) if at >= mark) for mark in marks]
    return [fine[0], *inner, fine[-1]]


def _dense(profile: Profile) -> list[tuple[float, float]]:
    """The Catmull-Rom curve through a profile, sampled."""
    points = [profile[0], *profile, profile[-1]]
    dense = []
    for before, here, there, after in zip(points, points[1:], points[2:], points[3:], strict=False):
        dense += [_between(before, here, there, after, step / SAMPLES) for step in range(SAMPLES)]
    return [*dense, profile[-1]]


def _between(a: Point, b: Point, c: Point, d: Point, t: float) -> tuple[float, float]:
    """Catmull and Rom, A class of local interpolating splines (1974), with tension one half."""
    x, y = (
        0.5 * (2 * q + (r - p) * t + (2 * p - 5 * q + 4 * r - s) * t * t + (3 * q - p - 3 * r + s) * t**3)
        for p, q, r, s in zip(a, b, c, d, strict=True)
    )
    return x, y
