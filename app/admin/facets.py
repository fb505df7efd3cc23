"""Facets of a product type: which attributes, under which title, in which order, ticked or as dots in their colours."""

from __future__ import annotations

from uuid import UUID

import msgspec
from litestar import Request, Response
from litestar.exceptions import NotFoundException

from app.admin import guard, live_rows, rules
from app.admin.collection_form import WHOLE, read_of
from app.admin.live import LiveView
from app.admin.screens import screen, typed_fields
from app.catalog import operations as catalog
from app.db.edits import Edit, edits_of
from app.db.engines import EVERYONE, writing
from app.web.pages import action, page

PER_PAGE = 50


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A product type. `facets`: the titles of its facets, in order."""

    id: UUID
    title: str
    facets: list[str]


class ListView(msgspec.Struct, frozen=True, kw_only=True):
    """A page of all product types."""

    rows: list[Row]
    page: int
    more: bool


class Attribute(msgspec.Struct, frozen=True, kw_only=True):
    """What a type's row says of an attribute as a facet."""

    code: str
    label: str
    is_facet: bool = False
    facet_title: str | None = None
    facet_order: int = 100
    facet_kind: str = "check"
    colours: dict[str, str] = {}


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """A product type in the state `mark`."""

    id: UUID
    title: str
    attributes: list[Attribute]
    mark: str


class FacetsView(msgspec.Struct, frozen=True, kw_only=True):
    """The form of a type's facets: for each attribute the fields <name>-<code>."""

    known: Known
    typed: dict[str, str]
    errors: dict[str, str]
    labels: dict[str, str]
    mark: str
    read: str
    live: LiveView | None
    edits: list[Edit]
    clashes: list[rules.Clash]
    conflict: bool


ROWS = """
    SELECT t.id, t.title, array(SELECT coalesce(a->>'facet_title', a->>'label') FROM jsonb_array_elements(t.attributes) a
        WHERE a->'is_facet' = 'true' ORDER BY coalesce((a->>'facet_order')::int, 100), a->>'label') AS facets
    FROM product_type t ORDER BY t.title, t.id LIMIT $1 OFFSET $2
"""
KNOWN = f"SELECT id, title, attributes, {catalog.TYPE_MARK} AS mark FROM product_type WHERE id = $1"  # noqa: S608 - ours


@page("/facets", name="admin_facet_types")
async def types(request: Request) -> Response:
    """Every product type with its facets."""
    number = rules.page_of(request.query_params.get("page", ""))
    async with writing(EVERYONE) as db:
        rows = await db.fetch(ROWS, PER_PAGE + 1, (number - 1) * PER_PAGE)
    found = [msgspec.convert(dict(row), Row) for row in rows]
    return screen(request, "facet_types.html", ListView(rows=found[:PER_PAGE], page=number, more=len(found) > PER_PAGE))


@page("/facets/{type_id:uuid}", name="admin_facets")
async def facets(request: Request, type_id: UUID) -> Response:
    """The facets of one type."""
    known = await _found(type_id)
    return await _form(request, known, fields_of(known))


@action("/facets/{type_id:uuid}", name="admin_save_facets")
async def save(request: Request, type_id: UUID) -> Response:
    """The facets are as typed, or the form comes back with what is wrong."""
    known, typed = await _found(type_id), await typed_fields(request)
    state = {"mark": typed.pop("mark", ""), "read": typed.pop("read", "")}
    choices = {each.code: _choice(each.code, typed) for each in known.attributes}
    errors = {
        f"order-{code}": "A place from 0 to 999, a title of at most 60 characters, and colours such as moss #5a6b4f."
        for code, choice in choices.items()
        if choice is None or not catalog.good_choice(choice)
    }
    if errors:
        return await _form(request, known, typed, status=422, errors=errors, **state)
    chosen = {code: choice for code, choice in choices.items() if choice}
    try:
        await catalog.change_facets(type_id, chosen, mark=state["mark"], by=guard.staff_of(request).email)
    except catalog.TypeChanged:
        return await _clashed(request, known, typed, state["read"])
    return live_rows.saved(request, f"/facets/{type_id}")


def fields_of(known: Known) -> dict[str, str]:
    """What the fields hold when the form is opened."""
    fields: dict[str, str] = {}
    for each in known.attributes:
        fields |= {
            f"shown-{each.code}": "on" * each.is_facet,
            f"title-{each.code}": each.facet_title or "",
            f"order-{each.code}": str(each.facet_order),
            f"look-{each.code}": each.facet_kind,
            f"colours-{each.code}": "\n".join(f"{value} {colour}" for value, colour in each.colours.items()),
        }
    return fields


def _choice(code: str, typed: dict[str, str]) -> catalog.FacetChoice | None:
    """What was typed of one attribute, or None where it can't be read."""
    order, pairs = typed.get(f"order-{code}", ""), typed.get(f"colours-{code}", "").splitlines()
    colours = [line.strip().rpartition(" ") for line in pairs if line.strip()]
    if not WHOLE.fullmatch(order) or not all(value.strip() for value, *_ in colours):
        return None
    return catalog.FacetChoice(
        shown=typed.get(f"shown-{code}") == "on",
        title=typed.get(f"title-{code}", ""),
        order=int(order),
        look=typed.get(f"look-{code}", ""),
        colours={value.strip(): colour.lower() for value, _, colour in colours},
    )


async def _found(type_id: UUID) -> Known:
    async with writing(EVERYONE) as db:  # the primary: a replica may not know yet what was saved a moment ago
        row = await db.fetchrow(KNOWN, type_id)
    if row is None:
        raise NotFoundException
    return msgspec.convert(dict(row), Known)


def _labels(known: Known) -> dict[str, str]:
    words = {"shown": "shown", "title": "title", "order": "place", "look": "look", "colours": "colours"}
    return {f"{name}-{each.code}": f"{each.label}: {says}" for each in known.attributes for name, says in words.items()}


async def _clashed(request: Request, known: Known, typed: dict[str, str], read: str) -> Response:
    """409: what others saved, with everything typed still in the form; saving again saves it."""
    now, labels = fields_of(known), _labels(known)
    held, clashes = rules.merged(read_of(read), dict.fromkeys(now, "") | typed, now)
    named = [msgspec.structs.replace(each, field=labels.get(each.field, each.field)) for each in clashes]
    return await _form(request, known, held, status=409, clashes=named, conflict=True)


async def _form(
    request: Request, known: Known, typed: dict[str, str], *, status: int = 200, **more: object
) -> Response:
    view = FacetsView(
        known=known,
        typed=typed,
        errors={},
        labels=_labels(known),
        mark=known.mark,
        read=msgspec.json.encode(fields_of(known)).decode(),
        live=await live_rows.of_request(request, "facets", known.id),
        edits=await edits_of(known.id),
        clashes=[],
        conflict=False,
    )
    return screen(request, "facets.html", msgspec.structs.replace(view, **more), status=status)
