"""The home page, block by block."""

from __future__ import annotations

from typing import Any

Picture = tuple[str, dict[str, Any], str]  # family, parameters, view

HERO: Picture = ("hero", {"wall": "sage"}, "scene")
STORY: Picture = (
    "chair",
    {"name": "Weald dining chair", "wood": "oak", "back": "spindle", "count": 7, "seat": "rust", "wall": "pine"},
    "scene",
)
LAMP: Picture = (
    "lamp",
    {"name": "Sella table lamp", "base": "fern", "shade": "oatmeal", "profile": "bottle", "wall": "clay"},
    "scene",
)

TILES: tuple[tuple[str, str, Picture], ...] = (
    ("Table", "/c/table", ("mug", {"glaze": "rust", "handle": "D", "dip": 0.18, "seed": 4, "wall": "sage"}, "tile")),
    (
        "Lighting",
        "/c/lighting",
        ("lamp", {"base": "ink", "shade": "mustard", "profile": "ball", "wall": "clay"}, "tile"),
    ),
    ("Seating", "/c/seating", ("stool", {"wood": "oak", "legs": 3, "wall": "dusk"}, "tile")),
    ("Desk & paper", "/c/desk", ("notebook", {"cover": "brick", "wall": "ochre"}, "tile")),
    ("Textiles", "/c/textiles", ("cushion", {"colourway": "field", "pattern": "arches", "wall": "linen"}, "tile")),
    ("Wall", "/c/wall", ("clock", {"face": "chalk", "rim": "walnut", "ticks": "lines", "wall": "clay"}, "tile")),
    ("Garden", "/c/garden", ("planter", {"glaze": "clay", "saucer": True, "plant": "snake", "wall": "sage"}, "tile")),
    ("Gifts", "/c/gifts", ("candle", {"glaze": "fern", "wall": "dusk"}, "tile")),
)

LINKS: tuple[tuple[str, str, None], ...] = (
    ("New in", "/c/new-in", None),
    ("On sale", "/c/on-sale", None),
    ("Last few", "/c/last-few", None),
    ("Under £25", "/c/under-25", None),
    ("Best rated", "/c/best-rated", None),
    ("Made from oak", "/c/made-from-oak", None),
    ("First flat", "/c/first-flat", None),
)

BLOCKS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("notice", {"text": "Free standard delivery in the UK from £60; below that £4.95."}),
    ("hero", {"title": "Plain things, made well", "text": "Mugs with honest feet, lamps that light a corner, chairs with no screws in them. From twelve small workshops, for people who would rather buy it once.", "link_title": "See what’s new", "link_url": "/c/new-in", "picture": HERO}),
    ("categories", {"title": "Where to begin", "items": LINKS}),
    ("categories", {"title": "Around the house", "items": TILES}),
    ("products", {"title": "New in", "link_title": "All that’s new", "link_url": "/c/new-in", "collection": "new-in", "count": 8}),
    ("story", {"title": "A chair that can be mended", "text": "Tom Akehurst splits his legs from trees he can usually point to, and wedges every joint by hand. If one ever works loose he’ll put it right, for nothing, for as long as he works.", "link_title": "Chairs from Weald Joinery", "link_url": "/c/seating/dining-chairs", "picture": STORY}),
    ("products", {"title": "The quiet kitchen", "link_title": "The whole collection", "link_url": "/c/the-quiet-kitchen", "collection": "the-quiet-kitchen", "count": 4}),
    ("products", {"title": "Gifts for desks", "link_title": "More for desks", "link_url": "/c/gifts-for-desks", "products": ["field-notebook", "graphite-pencils", "monogram-journal", "contour-calendar"], "count": 4}),
    ("story", {"title": "Lit for an hour before it leaves", "text": "Every Sella lamp is wired by one person, tested for an hour and signed underneath. Turn yours over: that’s who made it.", "link_title": "Lamps and pendants", "link_url": "/c/lighting", "picture": LAMP}),
)  # fmt: skip
