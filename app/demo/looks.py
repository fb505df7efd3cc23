"""From what a shopper chose to what is drawn. Options that change nothing one can see (a plug, a grade) are left out."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import msgspec

from app.demo.draft import Draft
from app.drawing import pictures

Params = dict[str, Any]
Row = tuple[str, str, str, str, str, int, int]  # hash, family, parameters as JSON, view, alt, width, height

# option code -> value -> parameters; a value that is not listed passes as it is
SIZES: dict[str, dict[str, Params]] = {
    "mug": {"80": {"scale": 0.68}, "250": {"scale": 0.84}, "350": {"scale": 0.93}, "450": {"scale": 1}},
    "vase": {"18": {"scale": 0.8}, "26": {"scale": 0.92}, "32": {"scale": 1}},
    "planter": {"12": {"scale": 0.78}, "18": {"scale": 0.9}, "24": {"scale": 1}},
    "cushion": {"45": {"scale": 0.95}, "50": {"scale": 1}, "30x50": {"ratio": 0.62}},
    "rug": {"80x240": {"ratio": 2.6}, "70x200": {"ratio": 2.5}, "140x200": {"ratio": 1.43}, "170x240": {"ratio": 1.4}},
    "print": {"A4": {"size": "A4", "scale": 0.78}, "A3": {"size": "A3", "scale": 0.9}, "A2": {"size": "A2", "scale": 1.02}},
}  # fmt: skip
DIAMETERS = {"14": 0.84, "18": 0.94, "24": 1.02, "17": 0.8, "22": 0.9, "27": 1.0}
PENDANTS = {"28": 500, "40": 580}
INKS_OF = {
    "contour": "dawn", "hills": "moor", "tide": "tide", "stones": "dusk", "stems": "flint",
    "arcs": "harvest", "orbit": "dawn", "strata": "moor", "flock": "tide", "cut": "dusk",
}  # fmt: skip
POTS = {"fig-leaf": "moss", "cedar-and-moss": "fern", "sea-holly": "sky", "black-tea": "charcoal", "beeswax": "ochre"}
UNSEEN = {"plug", "grade", "watts", "ruling"}
LARGEST = {"mug", "bowl", "plate", "vase", "planter", "notebook", "pendant", "rug", "print"}
UNITS = {"mug": " ml", "bowl": " cm", "plate": " cm", "vase": " cm", "planter": " cm"}


def params_of(draft: Draft, chosen: Mapping[str, str]) -> Params:
    """The parameters of a draft's picture with these values chosen; the product's name comes along for the alt text."""
    params: Params = {"name": draft.title, **draft.drawn}
    params.pop("wall", None)
    for code, value in chosen.items():
        if code not in UNSEEN:
            params |= _seen(draft.family, code, value)
    if measure := chosen.get("size") or chosen.get("diameter"):
        params |= {"measure": measure + UNITS[draft.family]} if draft.family in UNITS else {}
    return params


def _seen(family: str, code: str, value: str) -> Params:
    """What one chosen value changes in a picture."""
    match code:
        case "size":
            found = SIZES.get(family, {}).get(value, {"size": value} if family == "notebook" else {})
        case "diameter":
            found = {"scale": DIAMETERS[value]}
        case "width":
            found = {"width": PENDANTS[value] if family == "pendant" else int(value)}
        case "tiers" | "value":
            found = {code: int(value)}
        case "saucer":
            found = {"saucer": value == "with"}
        case "design":
            found = {"design": value, "palette": INKS_OF[value]}
        case "scent":
            found = {"glaze": POTS[value]}
        case "metal" if family == "floor_lamp" and value in ("oak", "walnut", "ash"):
            found = {"stand": "tripod", "wood": value}
        case _:
            found = {code: value}
    return found


def picture(family: str, params: Params, view: str) -> Row:
    """The row of a picture."""
    frozen = tuple(sorted(params.items()))
    return _picture(family, frozen, view)


@lru_cache(maxsize=20_000)  # bounded: a big catalogue has more pictures than this, most of them asked for in a row
def _picture(family: str, frozen: tuple[tuple[str, Any], ...], view: str) -> Row:
    params = dict(frozen)
    width, height = pictures.size(family)
    name = pictures.picture_hash(family, params, view)
    return name, family, msgspec.json.encode(params).decode(), view, pictures.alt(family, params, view), width, height


def front(draft: Draft, chosen: Mapping[str, str]) -> Row:
    """The picture of one variant."""
    return picture(draft.family, params_of(draft, chosen), "front")


def gallery(draft: Draft) -> list[Row]:
    """The product's own pictures: the front of its first variant, then other views, each in a different look."""
    looks = list(draft.options)
    first = next(iter(draft.options.values()))
    rows = []
    for place, view in enumerate(("front", *draft.views)):
        chosen = {
            code: draft.drawn.get(code, values[_shown(draft.family, code)]) for code, values in draft.options.items()
        }
        if looks and view != "front":
            chosen[looks[0]] = first[place % len(first)] if draft.family in ("print", "calendar") else first[0]
        params = params_of(draft, chosen)
        if view == "scene" and "wall" in draft.drawn:
            params["wall"] = draft.drawn["wall"]
        if view == "detail" and "ruling" in chosen:
            params["ruling"] = draft.drawn.get("ruling", chosen["ruling"])
        rows.append(picture(draft.family, params, view))
    return rows


def _shown(family: str, code: str) -> int:
    """Which value of an option the product's own pictures show: the largest size, where size can be seen."""
    return -1 if code in ("size", "diameter", "width") and family in LARGEST else 0
