from __future__ import annotations

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.drawing.camera import Camera
from app.drawing.shape import arc, dots, hull, line, num, pack, polygon
from app.drawing.turned import Turned

POINT = st.tuples(st.floats(-500, 1500), st.floats(-500, 1500))


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (-0.04, "0"), (0.5, ".5"), (-0.5, "-.5"), (12.0, "12"), (3.14159, "3.1"), (100, "100")],
)
def test_numbers_are_written_short(value: float, text: str) -> None:
    assert num(value) == text


@given(st.lists(st.floats(-999, 999), min_size=1, max_size=8))
def test_packed_numbers_can_be_read_back(values: list[float]) -> None:
    read = [float(part) for part in re.findall(r"-?(?:\d+\.?\d*|\.\d+)", pack(values))]

    assert read == pytest.approx([round(value, 1) for value in values], abs=0.051)


@given(st.lists(POINT, min_size=2, max_size=40))
def test_relative_lines_end_where_they_should(points: list[tuple[float, float]]) -> None:
    steps = [
        tuple(map(float, re.findall(r"-?(?:\d+\.?\d*|\.\d+)", part))) for part in re.split("[Ml]", line(points)) if part
    ]

    x, y = (sum(axis) for axis in zip(*steps, strict=True))

    assert (x, y) == pytest.approx(points[-1], abs=0.6)


@given(st.lists(POINT, min_size=3, max_size=30))
def test_a_hull_holds_all_its_points(points: list[tuple[float, float]]) -> None:
    edge = hull(points)

    for (ax, ay), (bx, by) in zip(edge, edge[1:] + edge[:1], strict=True):
        assert all(
            (bx - ax) * (y - ay) - (by - ay) * (x - ax) >= -1e-6 * max(1, math.dist((ax, ay), (bx, by)) * 2000)
            for x, y in points
        )


def test_dots_are_sorted_zero_length_strokes() -> None:
    assert dots([(9, 9), (3, 4)]) == "m3 4h0m6 5h0"


def test_an_arc_goes_from_right_to_bottom() -> None:
    points = arc((10, 20, 4, 2), 0, 90, 2)

    assert points[0] == pytest.approx((14, 20))
    assert points[-1] == pytest.approx((10, 22))
    assert polygon(points).endswith("z")


def test_a_pot_is_as_wide_as_its_profile_and_stands_on_the_floor() -> None:
    pot = Turned(100, 500, ((40, 200), (60, 100), (30, 0)), 0.2)

    assert pot.radius(200) == 40
    assert pot.radius(0) == 30
    assert pot.widest >= 60
    assert pot.y(0) == 500
    assert pot.y(200) < 310


def test_what_is_nearer_is_larger() -> None:
    camera = Camera(yaw=0, pitch=0, scale=10)

    assert camera.size((0, 0, 50)) > camera.size((0, 0, 0)) == 10
    assert camera.lit((-1, 0, 0)) > camera.lit((1, 0, 0))
    assert camera.lit((0, 1, 0)) > camera.lit((0, -1, 0))
