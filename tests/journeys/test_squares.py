"""What counts as a change between two pictures."""

from __future__ import annotations

from pathlib import Path

import pytest
import pyvips

from tests.journeys import looks

PAPER, INK = [250, 248, 244], [20, 30, 28]


def _page(*boxes: tuple[int, int, int, int], paper: list[int] = PAPER, height: int = 600) -> bytes:
    image = pyvips.Image.black(400, height, bands=3).linear(1, paper).cast("uchar").copy(interpretation="srgb")
    for box in ((20, 20, 200, 40), *boxes):
        image = image.draw_rect(INK, *box, fill=True)
    return image.pngsave_buffer()


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looks, "FOLDER", tmp_path / "kept")
    looks.keep("page", _page())


def test_the_same_page_is_the_same_picture_though_the_kept_one_is_lossy() -> None:
    assert looks.changed("page", _page()) == 0


@pytest.mark.parametrize(
    "now",
    [_page((20, 100, 60, 14)), _page(paper=[236, 226, 214]), _page(height=640)],
    ids=["a word more", "another paper", "a page that is longer"],
)
def test_what_an_eye_sees_is_a_change(now: bytes) -> None:
    assert looks.changed("page", now) > looks.ALLOWED


def test_the_edge_of_a_letter_is_none() -> None:
    assert looks.changed("page", _page((219, 20, 2, 12))) <= looks.ALLOWED


def test_then_now_and_the_difference_stand_side_by_side(tmp_path: Path) -> None:
    shown = pyvips.Image.new_from_file(str(looks.side_by_side("page", _page((20, 100, 60, 14), height=640), tmp_path)))

    assert (shown.width, shown.height) == (3 * 200 + 2 * 8, 320)
