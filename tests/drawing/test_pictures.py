"""Every family draws, the same every time, and stands on its own."""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.drawing import SIZE, alt, draw, picture_hash
from app.drawing.families import FAMILIES
from app.drawing.inks import INKS as PRINT_INKS
from app.drawing.palette import FABRICS, GLAZES, INKS, KINDS, METALS, WOODS
from app.drawing.patterns import COLOURWAYS, PATTERNS
from app.drawing.pictures import SIZES, VIEWS, size
from app.drawing.prints import DESIGNS

SVG = "{http://www.w3.org/2000/svg}"
ALLOWED = {
    "svg",
    "defs",
    "g",
    "path",
    "ellipse",
    "circle",
    "rect",
    "use",
    "linearGradient",
    "radialGradient",
    "stop",
    "pattern",
    "clipPath",
}
LIMIT, SCENE_LIMIT, HERO_LIMIT = 8_000, 14_000, 24_000  # bytes, before compression

PLAIN: dict[str, dict[str, Any]] = {
    "mug": {"glaze": "moss"}, "bowl": {"glaze": "rust"}, "plate": {"glaze": "sky"}, "dinner_set": {"glaze": "celadon"},
    "jug": {"glaze": "chalk"}, "vase": {"glaze": "ochre"}, "candle": {"glaze": "plum"}, "lamp": {"base": "fern"}, "tray": {"wood": "oak"},
    "calendar": {"design": "hills", "palette": "moor"}, "greeting_card": {"cover": "navy"}, "notebook": {"cover": "brick"}, "journal": {"cover": "navy"},
    "pencils": {}, "pendant": {"shade": "green"}, "bulb": {}, "floor_lamp": {}, "chair": {"wood": "oak"}, "stool": {"wood": "ash"},
    "lounge": {"wood": "oak", "seat": "rust"}, "planter": {"glaze": "clay"}, "watering_can": {}, "rug": {"colourway": "bracken"},
    "cushion": {"colourway": "field"}, "throw": {"colourway": "dusk"}, "tea_towel": {"colourway": "shore"},
    "clock": {"rim": "oak", "face": "chalk"}, "print": {"design": "contour", "palette": "dawn"}, "mirror": {"rim": "oak"}, "shelf": {"wood": "oak"},
}  # fmt: skip


def checked(svg: str, limit: int) -> ElementTree.Element:
    """The picture as a tree, if it is small, valid and needs nothing from elsewhere."""
    assert len(svg.encode()) <= limit
    root = ElementTree.fromstring(svg)
    ids = {node.get("id") for node in root.iter() if node.get("id")}
    for node in root.iter():
        assert node.tag.removeprefix(SVG) in ALLOWED
        assert not [name for name in node.attrib if name.startswith("on") or name == "style"]
        for value in node.attrib.values():
            assert {*re.findall(r"#([A-Za-z]\w*)\)", value)} <= ids
        if reference := node.get("href"):
            assert reference[1:] in ids
            assert reference[0] == "#"
    assert svg.count("http") == 1, "the namespace, and nothing else from outside"
    assert "NaN" not in svg
    assert "nan" not in svg
    return root


def limit(view: str) -> int:
    return SCENE_LIMIT if view == "scene" else LIMIT


def test_every_family_is_tried_here() -> None:
    assert PLAIN.keys() == FAMILIES.keys()


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("family", FAMILIES)
def test_a_family_draws_every_view(family: str, view: str) -> None:
    root = checked(draw(family, PLAIN[family], view), limit(view))

    assert (root.get("width"), root.get("height")) == tuple(map(str, SIZE))
    assert len(list(root.iter())) > 15


@pytest.mark.parametrize("family", FAMILIES)
def test_a_picture_is_the_same_every_time(family: str) -> None:
    first = [draw(family, PLAIN[family], view) for view in VIEWS]

    again = [draw(family, dict(reversed(PLAIN[family].items())), view) for view in VIEWS]

    assert first == again


@pytest.mark.parametrize("kind", KINDS)
def test_every_material_has_a_swatch(kind: str) -> None:
    for code in KINDS[kind]:
        params = {"kind": kind, "code": code}

        root = checked(draw("swatch", params, "front"), 3_000)

        assert (root.get("width"), root.get("height")) == ("96", "96")
        assert KINDS[kind][code].title in alt("swatch", params, "front")


def test_the_hero_is_wide_and_said_in_words() -> None:
    checked(draw("hero", {"wall": "sage"}, "scene"), HERO_LIMIT)

    assert size("hero") == SIZES["hero"]
    assert "lamp" in alt("hero", {}, "scene")


def test_materials_change_the_picture() -> None:
    assert len({draw("mug", {"glaze": glaze}, "front") for glaze in GLAZES}) == len(GLAZES) >= 12
    assert len({draw("stool", {"wood": wood}, "front") for wood in WOODS}) == len(WOODS)
    assert len({draw("notebook", {"cover": ink}, "front") for ink in INKS}) == len(INKS) >= 12
    assert len({draw("cushion", {"colourway": way, "pattern": "kite"}, "front") for way in COLOURWAYS}) == len(
        COLOURWAYS
    )
    assert len({draw("watering_can", {"metal": metal}, "front") for metal in METALS}) == len(METALS)


@given(
    glaze=st.sampled_from(sorted(GLAZES)), handle=st.sampled_from(["D", "C", "ring", "none"]), speckle=st.integers(0, 99),
    dip=st.sampled_from([0, 0.14, 0.3]), scale=st.floats(0.6, 1), taper=st.floats(0, 0.15), view=st.sampled_from(VIEWS),
)  # fmt: skip
def test_any_mug_can_be_drawn(view: str, **params: Any) -> None:
    checked(draw("mug", params, view), limit(view))


@given(
    colourway=st.sampled_from(sorted(COLOURWAYS)), pattern=st.sampled_from(sorted(PATTERNS)),
    family=st.sampled_from(["cushion", "rug", "throw", "tea_towel"]), view=st.sampled_from(VIEWS), seed=st.integers(1, 9),
)  # fmt: skip
def test_any_cloth_can_be_drawn(family: str, view: str, **params: Any) -> None:
    checked(draw(family, params, view), limit(view))


@given(design=st.sampled_from(sorted(DESIGNS)), palette=st.sampled_from(sorted(PRINT_INKS)), seed=st.integers(1, 60))
def test_any_print_can_be_drawn(**params: Any) -> None:
    for frame in ("none", "oak", "white"):
        checked(draw("print", {**params, "frame": frame}, "angle"), LIMIT)


def test_a_name_depends_on_what_is_drawn_and_on_nothing_else() -> None:
    name = picture_hash("mug", {"glaze": "moss", "seed": 1}, "front")

    assert name == picture_hash("mug", {"seed": 1, "glaze": "moss"}, "front")
    assert re.fullmatch(r"[0-9a-f]{16,64}", name)
    assert (
        len(
            {
                name,
                picture_hash("mug", {"glaze": "moss", "seed": 2}, "front"),
                picture_hash("mug", {"glaze": "moss", "seed": 1}, "angle"),
            }
        )
        == 3
    )


@pytest.mark.parametrize(
    ("family", "params", "view", "said"),
    [
        ("mug", {"name": "Pell mug", "glaze": "moss", "measure": "350 ml", "handle": "ring", "speckle": 3}, "front", "Pell mug in moss glaze, 350 ml, ring handle, speckled"),
        ("chair", {"name": "Weald chair", "wood": "oak", "seat": "indigo", "back": "spindle"}, "angle", "Weald chair in oak with an indigo seat, spindle back, seen from an angle"),
        ("lamp", {"base": "fern", "shade": "oatmeal"}, "scene", "Table lamp, with a fern base and an oatmeal shade, lit, on an oak table"),
        ("floor_lamp", {"stand": "tripod", "wood": "oak"}, "front", "Floor lamp in oak with a flax shade, lit"),
        ("print", {"design": "tide", "palette": "moor", "frame": "oak"}, "front", "Print, with the tide design in moor inks, in an oak frame"),
        ("clock", {"rim": "walnut", "face": "ink"}, "detail", "Wall clock in walnut with an ink face, close up"),
        ("greeting_card", {"cover": "evergreen"}, "front", "Greeting card in evergreen"),
    ],
)  # fmt: skip
def test_words_name_the_thing_and_what_it_is_made_of(family: str, params: dict[str, Any], view: str, said: str) -> None:
    assert alt(family, params, view) == said


@pytest.mark.parametrize("kind", [GLAZES, WOODS, INKS, FABRICS, METALS])
def test_tones_go_from_light_to_dark(kind: dict[str, Any]) -> None:
    for tones in kind.values():
        weights = [sum(int(tone[i : i + 2], 16) for i in (1, 3, 5)) for tone in tones[1:]]

        assert weights == sorted(weights, reverse=True)


def test_an_unknown_family_or_material_is_an_error() -> None:
    with pytest.raises(KeyError):
        draw("teapot", {}, "front")
    with pytest.raises(KeyError):
        draw("mug", {"glaze": "tartan"}, "front")
    with pytest.raises(KeyError):
        draw("mug", {"glaze": "moss"}, "inside")
