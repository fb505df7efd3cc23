"""The form of a section: from what was typed to what is saved, and back into fields."""

from __future__ import annotations

from typing import Any

import msgspec

from app.admin import section_queries as queries
from app.admin.rules import page_of
from app.content.operations import MOST_TILES, Body, faults_of

LABELS = {
    "title": "Title", "text": "Text", "link_title": "Words of the link", "link_url": "Where the link leads", "picture": "Picture",
    "collection": "Collection", "category": "Category", "products": "Products by address", "count": "How many", "items": "Tiles",
    "source": "Where products come from",
} | {f"items-{number}": f"Tile {number}" for number in range(1, MOST_TILES + 1)}  # fmt: skip
OF_KIND = {
    "hero": ("title", "text", "link_title", "link_url", "picture"),
    "story": ("title", "text", "link_title", "link_url", "picture"),
    "categories": ("title",),
    "products": ("title", "link_title", "link_url", "collection", "category", "products", "count"),
    "notice": ("text",),
}
NO_PICTURE = "There is no such picture. Type the address of a product that has it, such as /p/pell-mug."
TILE = ("title", "url", "picture")


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """What was typed as a section, with every error beside its field."""

    body: Body
    errors: dict[str, str]


def fields_of(kind: str, said: dict[str, Any]) -> dict[str, str]:
    """What the fields hold when the form is opened."""
    body = msgspec.convert(said, Body)
    told = {name: getattr(body, name) or "" for name in OF_KIND[kind]}
    fields = told | {"products": "\n".join(f"/p/{slug}" for slug in body.products)} if kind == "products" else told
    tiles = {
        f"items-{number}-{name}": item.get(name, "")
        for number, item in enumerate(body.items if kind == "categories" else [], start=1)
        for name in TILE
    }
    return {name: str(value) for name, value in (fields | tiles).items()}


async def judged(kind: str, typed: dict[str, str]) -> Judged:
    """What was typed as a section of this kind; an empty tile is none."""
    tiles = [_tile(typed, number) for number in range(1, MOST_TILES + 1)] if kind == "categories" else []
    slugs = [each.rstrip("/").rpartition("/")[2] for each in typed.get("products", "").split()]
    named = [each for each in (typed.get("picture", ""), *(tile["picture"] for tile in tiles)) if each]
    known = await queries.found(named, slugs)
    text = {name: typed.get(name, "") for name in OF_KIND[kind]}
    picture = text.pop("picture", "")
    filled = [tile | {"picture": known.pictures.get(tile["picture"], "")} for tile in tiles if any(tile.values())]
    about: dict[str, Any] = text | {"picture": known.pictures.get(picture), "items": filled}
    if kind == "products":
        about |= {"collection": text["collection"] or None, "category": text["category"] or None, "products": slugs}
        about |= {"count": page_of(text["count"])}
    body = Body(**about)
    errors = faults_of(kind, body)
    if picture and not body.picture:
        errors["picture"] = NO_PICTURE
    for number, tile in enumerate((each for each in tiles if any(each.values())), start=1):
        if tile["picture"] and tile["picture"] not in known.pictures:
            errors.setdefault(f"items-{number}", NO_PICTURE)
    if unknown := [slug for slug in slugs if slug not in known.products]:
        errors["products"] = f"There is no product /p/{unknown[0][:80]}."
    return Judged(body=body, errors=errors)


def _tile(typed: dict[str, str], number: int) -> dict[str, str]:
    return {name: typed.get(f"items-{number}-{name}", "") for name in TILE}


def tidied(kind: str, typed: dict[str, str]) -> dict[str, str]:
    """The fields that this kind has."""
    return {name: value for name, value in typed.items() if name in OF_KIND[kind] or name.startswith("items-")}
