from __future__ import annotations

import re

import msgspec

KINDS = {
    "hero": "Hero",
    "categories": "Tiles",
    "products": "Products",
    "story": "Story",
    "notice": "Notice",
}
LONGEST = {"title": 120, "text": 600, "link_title": 60, "link_url": 200}
NEEDED = {  # what a kind can't be without
    "hero": ("title", "text", "picture"),
    "story": ("title", "text", "picture"),
    "categories": ("title", "items"),
    "products": ("title",),
    "notice": ("text",),
}
MOST_TILES, MOST_PRODUCTS = 12, 24
LOCAL = re.compile(r"/(?![/\\])[^\s\\\x00-\x1f]*")


class Body(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a section's row may say. `picture` is a picture's hash; products come from a collection, a category or by name."""

    title: str = ""
    text: str = ""
    link_title: str = ""
    link_url: str = ""
    picture: str | None = None
    items: list[dict[str, str]] = []
    collection: str | None = None
    category: str | None = None
    products: list[str] = []
    count: int = 8


def faults_of(kind: str, body: Body) -> dict[str, str]:
    """What keeps this from being a section of its kind, by field; a tile's are named items-<number>."""
    faults = {name: f"At most {most} characters." for name, most in LONGEST.items() if len(getattr(body, name)) > most}
    faults |= {name: "It needs this." for name in NEEDED[kind] if not getattr(body, name)}
    if body.link_url and not LOCAL.fullmatch(body.link_url):
        faults["link_url"] = "Type an address in the shop, such as /c/table."
    elif bool(body.link_url) != bool(body.link_title):
        faults["link_title" if body.link_url else "link_url"] = "A link needs its words and its address."
    if kind == "categories":
        faults |= _of_tiles(body)
    if kind == "products":
        faults |= _of_products(body)
    return faults


def _of_tiles(body: Body) -> dict[str, str]:
    faults = {}
    pictured = any(item.get("picture") for item in body.items)
    for number, item in enumerate(body.items, start=1):
        whole = item.get("title") and len(item["title"]) <= 60
        if not whole or not LOCAL.fullmatch(item.get("url", "")):
            faults[f"items-{number}"] = "A tile needs words and an address in the shop, such as /c/table."
        elif pictured and not item.get("picture"):
            faults[f"items-{number}"] = "Either every tile has a picture, or none has: then they are a row of links."
    if len(body.items) > MOST_TILES:
        faults["items"] = f"At most {MOST_TILES} tiles."
    return faults


def _of_products(body: Body) -> dict[str, str]:
    sources = sum(map(bool, (body.collection, body.category, body.products)))
    faults = {} if sources == 1 else {"source": "Choose one: a collection, a category, or products by address."}
    if not 1 <= body.count <= MOST_PRODUCTS or len(body.products) > MOST_PRODUCTS:
        faults["count"] = f"Between 1 and {MOST_PRODUCTS} products."
    return faults
