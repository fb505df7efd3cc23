from __future__ import annotations

import pytest
import pyvips

from app.catalog import developing
from app.catalog.developing import BadPhotograph, BadSize, TooManyBytes, developed
from tests.catalog import photographs

PLAIN = photographs.jpeg()


def test_a_photograph_is_upright_and_says_nothing_of_camera_and_place() -> None:
    body = photographs.on_its_side()
    before = photographs.read(body)
    made = developed(body, "A flag")

    assert b"Secret" in body and any("GPS" in field for field in before.get_fields()) and before.width > before.height
    assert (made.width, made.height) == (700, 875) and made.hash.endswith("-700x875")
    assert set(made.files) == {f"{width}.{kind}" for width in (320, 640, 700) for kind in ("avif", "webp")} | {"jpg"}
    for end, file in made.files.items():
        image = photographs.read(file)
        assert (image.width, image.height) == ((700, 875) if end == "jpg" else (image.width, image.width * 5 // 4)), end
        assert end == "jpg" or image.width == int(end.partition(".")[0])
        assert b"Secret" not in file and not [each for each in image.get_fields() if "exif" in each or "icc" in each], (
            end
        )
        upper, lower = image.getpoint(image.width // 2, 20), image.getpoint(image.width // 2, image.height - 20)
        assert upper[0] > 150 > upper[2] and lower[2] > 150 > lower[0], end


@pytest.mark.parametrize("kind", [".png", ".webp", ".avif"])
def test_what_a_file_is_follows_from_its_bytes(kind: str) -> None:
    made = developed(photographs.shot(330, 400).write_to_buffer(kind), "A flag")

    assert made.hash.endswith("-330x400") and made.files["330.webp"][8:12] == b"WEBP"
    assert made.files["320.avif"][4:12] == b"ftypavif" and made.files["jpg"].startswith(b"\xff\xd8\xff")


def test_other_colours_become_those_of_screens() -> None:
    grey = photographs.shot(330, 400).colourspace("b-w").write_to_buffer(".png")
    clear = photographs.shot(330, 400).bandjoin(0).write_to_buffer(".png")

    assert photographs.read(developed(grey, "x").files["330.webp"]).bands == 3
    assert photographs.read(developed(clear, "x").files["330.webp"]).getpoint(9, 9) == pytest.approx(
        developing.PAPER, abs=4
    )


def test_the_same_file_with_the_same_words_is_one_photograph() -> None:
    small = photographs.jpeg(330, 400)

    assert developed(small, "x") == developed(small, "x") and developed(small, "x").hash != developed(small, "y").hash


REFUSED = {
    "nothing": b"",
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg" width="900" height="900"/>',
    "svg after a head": b'\xff\xd8\xff<svg xmlns="http://www.w3.org/2000/svg" width="900" height="900"/>',
    "html": b"<!doctype html><script>alert(1)</script>",
    "gif": b"GIF89a" + bytes(99),
    "half of one": PLAIN[: len(PLAIN) // 2],
    "a head alone": PLAIN[:200],
    "half a png": photographs.shot().write_to_buffer(".png", compression=0)[:90_000],
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_whole_photograph_is_refused(name: str) -> None:
    with pytest.raises(BadPhotograph, match="no photograph we can read"):
        developed(REFUSED[name], "x")


def test_what_is_too_large_is_refused_before_its_pixels_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = pyvips.Image.black(11_000, 11_000).write_to_buffer(".png", compression=9)
    monkeypatch.setattr(developing, "_developed", None)

    assert len(bomb) < developing.MOST_BYTES
    for body in (bomb, photographs.jpeg(319, 400), photographs.jpeg(400, 12_001)):
        with pytest.raises(BadSize, match="320 to 12,000 pixels"):
            developed(body, "x")
    with pytest.raises(TooManyBytes, match="12 MB"):
        developed(PLAIN + bytes(developing.MOST_BYTES), "x")
