"""Pictures in words, from the same parameters they are drawn from."""

from __future__ import annotations

from typing import Any

from app.drawing.families import FAMILIES
from app.drawing.palette import FABRICS, GLAZES, INKS, KINDS, METALS, WOODS

Params = dict[str, Any]
HOW = {"front": "", "tile": "", "angle": ", seen from an angle", "detail": ", close up", "scene": ", in a room"}
PLACES = {
    "table": "on an oak table",
    "desk": "on a desk",
    "wall": "on a wall",
    "floor": "in a sunny room",
    "rug": "on a wooden floor",
    "bench": "on a bench",
    "ceiling": "over a table",
}
HANDLES = {"D": "D-shaped handle", "C": "round handle", "ring": "ring handle", "none": "no handle"}


def alt(family: str, params: Params, view: str) -> str:
    """One sentence part without a full stop: name, material, shape, view."""
    if family == "hero":
        return "A table by a window with a lit lamp, a vase of olive stems, a bowl and a mug"
    if family == "swatch":
        return f"{KINDS[params['kind']][params['code']].title} {params['kind']}"
    kind = FAMILIES[family]
    name = params.get("name", kind.noun.capitalize())
    facts = ", ".join(fact for fact in _facts(family, params) if fact)
    how = f", {PLACES[kind.place]}" if view == "scene" else HOW[view]
    return (
        f"{name} {facts}{how}"
        if facts.startswith(("in ", "of "))
        else f"{name}, {facts}{how}"
        if facts
        else f"{name}{how}"
    )


def _facts(family: str, params: Params) -> list[str]:
    return [_material(family, params), params.get("measure", ""), *_shape(family, params)]


def _material(family: str, params: Params) -> str:
    """What it is made of, as people say it."""
    if "glaze" in params:
        return f"in {GLAZES[params['glaze']].title} glaze"
    if "wood" in params and family != "floor_lamp":
        seat = params.get("seat", "wood")
        covered = f" with {an(FABRICS[seat].title)} seat" if seat != "wood" else ""
        return f"in {WOODS[params['wood']].title}{covered}"
    if "cover" in params:
        return f"in {INKS[params['cover']].title}"
    if "colourway" in params:
        return f"in {params['colourway']}, {params.get('pattern', 'plain')} weave"
    return _lit(family, params) or _hung(params) or (f"in {METALS[params['metal']].title}" if "metal" in params else "")


def an(words: str) -> str:
    """Words with their article."""
    return f"{'an' if words[0] in 'aeiou' else 'a'} {words}"


def _stand(params: Params) -> str:
    wooden = params.get("stand") == "tripod"
    return WOODS[params["wood"]].title if wooden else METALS[params.get("metal", "brass")].title


def _lit(family: str, params: Params) -> str:
    """Lamps, which are drawn lit."""
    shade = params.get("shade", "flax")
    if family == "lamp":
        base = KINDS[params.get("base_kind", "glaze")][params["base"]].title
        return f"with {an(base)} base and {an(FABRICS[shade].title)} shade, lit"
    if family == "pendant":
        return f"in {KINDS[params.get('shade_kind', 'metal')][shade].title}, lit"
    return f"in {_stand(params)} with {an(FABRICS[shade].title)} shade, lit" if family == "floor_lamp" else ""


def _hung(params: Params) -> str:
    """Clocks, mirrors and prints."""
    if "rim" in params:
        face = f" with {an(GLAZES[params['face']].title)} face" if "face" in params else ""
        return f"in {KINDS[params.get('rim_kind', 'wood')][params['rim']].title}{face}"
    if "design" in params:
        frame = params.get("frame")
        framed = "" if frame is None else ", unframed" if frame == "none" else f", in {an(frame)} frame"
        return f"with the {params['design']} design in {params['palette']} inks{framed}"
    return ""


def _shape(family: str, params: Params) -> list[str]:
    """Details worth saying."""
    said = []
    if family == "mug":
        said.append(HANDLES[params.get("handle", "D")])
    if family == "chair":
        said.append(f"{params.get('back', 'slat')} back")
    if family in ("vase", "planter"):
        said.append({"none": ""}.get(params.get("stems", ""), "with stems" if family == "vase" else "with a plant"))
    if params.get("dip"):
        said.append("bare clay foot")
    if params.get("speckle"):
        said.append("speckled")
    if params.get("ruling") and family == "notebook":
        said.append(f"{params['ruling']} pages")
    return said
