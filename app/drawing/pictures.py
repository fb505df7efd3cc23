"""The shop's pictures: drawn, not stored. The same family, parameters and view always give the same bytes."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from app.drawing import light, tableware, words
from app.drawing.canvas import HEIGHT, WIDTH, Canvas
from app.drawing.families import FAMILIES
from app.drawing.scenes import hero, scene

Params = dict[str, Any]
SIZE = (WIDTH, HEIGHT)
SIZES = {"hero": (1200, 1000), "swatch": (96, 96)}  # what is not 4:5
VIEWS = ("front", "angle", "detail", "scene", "tile")
DRAWN = 1  # raised when the drawing itself changes, so that kept copies are not shown for new ones


def size(family: str) -> tuple[int, int]:
    """Width and height of a family's pictures."""
    return SIZES.get(family, SIZE)


def draw(family: str, params: Params, view: str) -> str:
    """A picture as a self-contained SVG document. Raises KeyError for an unknown family, view or material."""
    if view not in VIEWS:
        raise KeyError(view)
    canvas = Canvas()
    if family in SIZES:
        (hero(canvas, params) if family == "hero" else tableware.swatch(canvas, params, view))
        return canvas.svg((0, 0, *SIZES[family]), SIZES[family])
    kind = FAMILIES[family]
    if view == "scene":
        scene(canvas, family, params)
        return canvas.svg()
    light.painted(canvas, params.get("wall", "linen")) if view == "tile" else light.sweep(canvas)
    close = view == "detail" and not kind.own_detail
    kind.draw(canvas, params, {"tile": "front", "detail": "detail" if kind.own_detail else "angle"}.get(view, view))
    left, top, wide = kind.detail
    return canvas.svg((left, top, wide, wide * 1.25) if close else (0, 0, WIDTH, HEIGHT))


def alt(family: str, params: Params, view: str) -> str:
    """What the picture shows, for someone who does not see it."""
    return words.alt(family, params, view)


def picture_hash(family: str, params: Params, view: str) -> str:
    """The picture's name: 20 hex digits of the SHA-256 of what it is drawn from."""
    key = json.dumps([DRAWN, family, params, view], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(key.encode()).hexdigest()[:20]
