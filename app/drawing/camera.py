"""Where solid things are looked at from, and how much light their faces get."""

from __future__ import annotations

import math

import msgspec

from app.drawing.shape import Point

Place = tuple[float, float, float]  # centimetres: right, up, towards us
Pair = tuple[Place, Place]  # two ends, or two opposite corners
LIGHT = (-0.52, 0.74, 0.43)  # from the upper left and a little in front, of length 1


class Camera(msgspec.Struct, frozen=True, kw_only=True):
    """Turned by `yaw` around the upright and looking down by `pitch` degrees; the origin lands on (`x`, `y`)."""

    yaw: float
    pitch: float
    scale: float
    x: float = 400
    y: float = 800
    far: float = 420  # centimetres to the eye; smaller is stronger perspective

    def turn(self, place: Place) -> Place:
        """A place or direction in the camera's own axes."""
        x, y, z = place
        yaw, pitch = math.radians(self.yaw), math.radians(self.pitch)
        x, z = x * math.cos(yaw) + z * math.sin(yaw), z * math.cos(yaw) - x * math.sin(yaw)
        return x, y * math.cos(pitch) - z * math.sin(pitch), z * math.cos(pitch) + y * math.sin(pitch)

    def see(self, place: Place) -> Point:
        x, y, z = self.turn(place)
        near = self.scale * self.far / (self.far - z)
        return self.x + x * near, self.y - y * near

    def size(self, place: Place) -> float:
        """Picture units to a centimetre at a place."""
        return self.scale * self.far / (self.far - self.turn(place)[2])

    def lit(self, normal: Place) -> float:
        """How much light a face turned that way gets, 0..1."""
        towards = sum(a * b for a, b in zip(self.turn(normal), LIGHT, strict=True))
        return max(0.0, min(1.0, 0.45 + 0.55 * towards))
