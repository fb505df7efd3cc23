"""Which attributes of a product type lists can be filtered by, under which title, in which order and look."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec

from app.db.edits import note_edit
from app.db.engines import EVERYONE, writing
from app.values import Refusal

LOOKS = ("check", "swatch")
COLOUR = re.compile(r"#[0-9a-f]{6}")
TYPE_MARK = "md5(attributes::text)"


class FacetChoice(msgspec.Struct, frozen=True, kw_only=True):
    """One attribute as a facet. Without a `title` it is called by the attribute's label. `colours`: value -> #rrggbb."""

    shown: bool
    title: str = ""
    order: int = 100
    look: str = "check"
    colours: dict[str, str] = {}


class TypeChanged(Refusal):
    say = "Somebody else saved these facets after you opened them. Look at their changes, then save yours again."


class NoSuchType(Refusal):
    say = "This product type does not exist any more."
    status = 404


class BadFacet(Refusal):
    say = "A facet has a title of at most 60 characters, a place from 0 to 999, and colours such as #aabbcc."
    status = 422


async def change_facets(type_id: UUID, choices: Mapping[str, FacetChoice], *, mark: str, by: str) -> None:
    """The type's attributes (by code) are facets as chosen; others stay. The index of its products follows by triggers.

    Raises TypeChanged, NoSuchType, BadFacet.
    """
    if any(not good_choice(each) for each in choices.values()):
        raise BadFacet
    sql = f"SELECT title, attributes, {TYPE_MARK} AS mark FROM product_type WHERE id = $1 FOR UPDATE"  # noqa: S608 - ours
    async with writing(EVERYONE) as db:
        row = await db.fetchrow(sql, type_id)
        if row is None:
            raise NoSuchType
        if row["mark"] != mark:
            raise TypeChanged
        changed = [_with(each, choices.get(each["code"])) for each in row["attributes"]]
        if changed != row["attributes"]:
            await db.execute("UPDATE product_type SET attributes = $2 WHERE id = $1", type_id, changed)
            await note_edit(db, by=by, what="product_type", which=type_id, did="changed", title=row["title"])


def good_choice(choice: FacetChoice) -> bool:
    """Whether pages can show such a facet."""
    colours = all(COLOUR.fullmatch(each) for each in choice.colours.values()) and len(choice.colours) <= 200
    return len(choice.title) <= 60 and 0 <= choice.order <= 999 and choice.look in LOOKS and colours


def _with(attribute: dict[str, Any], choice: FacetChoice | None) -> dict[str, Any]:
    if choice is None:
        return attribute
    said = {
        "facet_title": choice.title or None,
        "facet_order": choice.order,
        "facet_kind": choice.look,
        "colours": choice.colours,
    }
    plain: dict[str, Any] = {"facet_title": None, "facet_order": 100, "facet_kind": "check", "colours": {}}
    told = {name: value for name, value in said.items() if value != attribute.get(name, plain[name])}
    shown = {} if choice.shown == attribute.get("is_facet", False) else {"is_facet": choice.shown}
    return attribute | told | shown
