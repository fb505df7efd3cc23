"""Lounge chairs."""

from __future__ import annotations

from typing import Any

from app.drawing.camera import Camera, Place
from app.drawing.canvas import Canvas
from app.drawing.joinery import padded
from app.drawing.palette import FABRICS, WOODS, Tones
from app.drawing.seating import ground
from app.drawing.solid import Model

Params = dict[str, Any]


def lounge(canvas: Canvas, params: Params, view: str) -> None:
    """A low armchair: a wooden frame with flat arms, a seat cushion and a leaning back cushion."""
    camera = (
        Camera(yaw=-30, pitch=13, scale=6.9, x=385, y=800)
        if view == "front"
        else Camera(yaw=38, pitch=19, scale=6.7, x=415, y=790)
    )
    wood, cloth = WOODS[params["wood"]], FABRICS[params["seat"]]
    feet = [(side * 33.0, 0.0, z) for side in (-1, 1) for z in (30.0, -30.0)]
    ground(canvas, camera, feet, 40 * camera.scale)
    model = Model(canvas, camera)
    _frame(model, wood)
    seat: list[Place] = [(-29, 43, 33), (29, 43, 33), (29, 39, -24), (-29, 39, -24)]
    model.add((0, 36, 0), lambda: padded(canvas, camera, seat, (0, -13, 1), cloth), nearer=2)
    back: list[Place] = [(-28, 84, -34), (28, 84, -34), (28, 42, -17), (-28, 42, -17)]
    model.add((0, 60, -28), lambda: padded(canvas, camera, back, (0, -4, -12), cloth), nearer=-6)
    model.paint()


def _frame(model: Model, wood: Tones) -> None:
    """Two sides of two legs, an arm and a rail; bars across front, seat and back."""
    near = 1 if model.camera.yaw < 0 else -1  # the side in front of the cushions
    for side in (-1, 1):
        x = side * 33.0
        front = 46 if side == near else -20
        model.rod(((x, 58, 31), (x, 0, 31)), wood, (2.1, 1.5), nearer=front)
        model.rod(((x, 56, -26), (x, 0, -34)), wood, (2.1, 1.5), nearer=front * 0.6)
        model.rod(((x, 30, 31), (x, 25, -30)), wood, (1.7, 1.7), nearer=front)
        model.board(
            ((x - 3.4, 57.5, -32), (x + 3.4, 60, 36)), wood, 5 + side, nearer=front + 12 if side == near else -14
        )
    model.rod(((-32, 27, 30), (32, 27, 30)), wood, (1.9, 1.9), nearer=30)
    model.rod(((-32, 26, -28), (32, 26, -28)), wood, (1.6, 1.6), nearer=-40)
    for high, z in ((88, -46), (66, -38)):
        model.rod(((-31, high, z), (31, high, z)), wood, (1.5, 1.5), nearer=-40)
    for side in (-1, 1):
        model.rod(((side * 30, 90, -47), (side * 30, 26, -22)), wood, (1.7, 1.7), nearer=-38)
