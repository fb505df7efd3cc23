from __future__ import annotations

import pytest

from app.catalog.pictures import PLACES, picture_of, widths_of
from app.web.templates import environment

HASH = "0123456789abcdef0123-1600x2000"


def shown(picture: object, **how: object) -> str:
    return str(environment().get_template("ui.html").module.picture(picture, **how))  # type: ignore[attr-defined]


def test_a_drawing_is_one_address_sharp_at_any_size() -> None:
    drawing = picture_of({"hash": "0123456789abcdef0123", "alt": "A mug", "width": 800, "height": 1000})

    assert drawing.url == drawing.small == drawing.large == "/static/p/0123456789abcdef0123.svg"
    assert (drawing.hash, drawing.jpeg) == ("0123456789abcdef0123", "/static/p/0123456789abcdef0123.jpg")
    assert shown(drawing) == (
        '<img src="/static/p/0123456789abcdef0123.svg" width="800" height="1000" alt="A mug" loading="lazy" decoding="async">'
    )


def test_a_photograph_is_known_by_its_name_alone() -> None:
    found = picture_of({"hash": HASH, "alt": "A mug", "width": 1, "height": 1})

    assert (found.width, found.height, found.widths) == (1600, 2000, (320, 640, 960, 1600))
    assert found.url == f"/static/p/{HASH}.960.webp" and found.jpeg == f"/static/p/{HASH}.jpg" and found.hash == HASH
    assert found.small == f"/static/p/{HASH}.320.webp" and found.large == f"/static/p/{HASH}.1600.webp"
    assert [widths_of(width) for width in (320, 700, 1600)] == [(320,), (320, 640, 700), (320, 640, 960, 1600)]


def test_a_photograph_has_candidates_of_both_kinds_and_the_img_keeps_its_size_and_haste() -> None:
    html = shown(picture_of({"hash": HASH, "alt": "A <mug>"}), first=True, place="large")

    assert html.startswith('<picture><source type="image/avif" srcset="') and html.endswith("</picture>")
    assert html.count(f"/static/p/{HASH}.640.avif 640w") == html.count(f"/static/p/{HASH}.640.webp 640w") == 1
    assert html.count('sizes="(min-width: 60rem) 39rem, 92vw"') == 2
    assert 'width="1600" height="2000" alt="A &lt;mug&gt;" fetchpriority="high"' in html and "lazy" not in html


@pytest.mark.parametrize("place", PLACES)
def test_what_is_cropped_to_its_box_is_drawn_wider_than_the_box(place: str) -> None:
    upright = picture_of({"hash": HASH, "alt": ""}).sizes(place)
    broad = picture_of({"hash": "0123456789abcdef0123-1600x800", "alt": ""}).sizes(place)

    times = "1.5" if place == "wide" else "2.5"
    assert "*" not in upright and broad.count(f" * {times})") == len(PLACES[place])
