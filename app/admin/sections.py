"""The sections of the home page: in which order, which of them shoppers see, and what each says."""

from __future__ import annotations

from typing import get_args
from uuid import UUID

import msgspec
from litestar import Request, Response
from litestar.exceptions import NotFoundException

from app.admin import glass, guard, live_rows, rules
from app.admin import section_form as form
from app.admin import section_queries as queries
from app.admin.collection_form import read_of
from app.admin.live import LiveView
from app.admin.screens import screen, typed_fields
from app.admin.xray import FRAMING
from app.content import operations as content
from app.content.operations import KINDS, MOST_TILES, Body
from app.content.queries import HomeView, tried_view
from app.web.pages import action, page
from app.web.seal import HTML
from app.web.templates import render


class ListView(msgspec.Struct, frozen=True, kw_only=True):
    """The home page, section by section. `problem`: why nothing was done."""

    rows: list[queries.Row]
    mark: str
    kinds: dict[str, str]
    live: LiveView | None
    problem: str


class SectionView(msgspec.Struct, frozen=True, kw_only=True):
    """The form of a section; `known` is None for a new one. `tiles`: how many rows of fields for them."""

    known: queries.Known | None
    kind: str
    kinds: dict[str, str]
    typed: dict[str, str]
    errors: dict[str, str]
    labels: dict[str, str]
    choices: queries.Choices
    tiles: int
    mark: str
    read: str
    live: LiveView | None
    clashes: list[rules.Clash]
    conflict: bool


@page("/sections", name="admin_sections")
async def sections(request: Request) -> Response:
    """The home page's sections in their order."""
    return await _listed(request)


@action("/sections", name="admin_place_section")
async def place(request: Request) -> Response:
    """A section goes up or down, or is shown or hidden."""
    typed = await typed_fields(request)
    does, _, text = typed.get("does", "").partition(":")
    try:
        id = UUID(text)
    except ValueError:
        raise NotFoundException from None
    if does not in get_args(content.Does):
        raise NotFoundException
    try:
        await content.place_section(id, does, mark=typed.get("mark", ""), by=guard.staff_of(request).email)  # type: ignore[arg-type]
    except content.PageChanged as no:
        return await _listed(request, problem=no.say, status=no.status)
    return live_rows.saved(request, "/sections", of=text)


async def _listed(request: Request, *, problem: str = "", status: int = 200) -> Response:
    rows, mark = await queries.rows()
    live = await live_rows.of_request(request, "sections", None)
    view = ListView(rows=rows, mark=mark, kinds=KINDS, live=live, problem=problem)
    return screen(request, "sections.html", view, status=status)


@page("/sections/new/{kind:str}", name="admin_new_section")
async def new(request: Request, kind: str) -> Response:
    """An empty form for a section of this kind."""
    return await _form(request, _kind(kind), None, form.fields_of(_kind(kind), {}))


@action("/sections/new/{kind:str}", name="admin_create_section")
async def create(request: Request, kind: str) -> Response:
    """The section exists, unpublished; or its form comes back."""
    return await _posted(request, _kind(kind), None)


@action("/sections/preview/{kind:str}", name="admin_preview_section")
async def preview(request: Request, kind: str) -> Response:
    """What is typed, as the page would show it: for a frame of ours."""
    judged = await form.judged(_kind(kind), await typed_fields(request))
    return await _shown(kind, None if judged.errors else judged.body)


@page("/sections/{section_id:uuid}", name="admin_section")
async def section(request: Request, section_id: UUID) -> Response:
    """One section as it is."""
    known = await found(section_id)
    return await _form(request, known.kind, known, form.fields_of(known.kind, known.body))


@page("/sections/{section_id:uuid}/preview", name="admin_saved_section")
async def saved_preview(section_id: UUID) -> Response:
    """The section as the page shows it: for a frame of ours."""
    known = await found(section_id)
    return await _shown(known.kind, msgspec.convert(known.body, Body))


@action("/sections/{section_id:uuid}", name="admin_save_section")
async def save(request: Request, section_id: UUID) -> Response:
    """The section says what was typed, or is gone; or its form comes back with what is wrong."""
    known = await found(section_id)
    return await _posted(request, known.kind, known)


async def found(section_id: UUID) -> queries.Known:
    """The section, or a 404."""
    known = await queries.known(section_id)
    if known is None or known.kind not in KINDS:
        raise NotFoundException
    return known


def _kind(text: str) -> str:
    if text not in KINDS:
        raise NotFoundException
    return text


async def _shown(kind: str, body: Body | None) -> Response:
    view = await tried_view(kind, body) if body else HomeView(blocks=[], tags=frozenset(), until=None)
    headers = {"Content-Security-Policy": glass.POLICY, "Cache-Control": "private, no-store"}
    return Response(render("content/preview.html", view=view).encode(), media_type=HTML, headers=headers)


async def _posted(request: Request, kind: str, known: queries.Known | None) -> Response:
    typed = await typed_fields(request)
    by, mark, read = guard.staff_of(request).email, typed.get("mark", ""), typed.get("read", "")
    judged = await form.judged(kind, typed)
    try:
        if known and typed.get("does") == "delete":
            await content.delete_section(known.id, mark=mark, by=by)
            return live_rows.saved(request, "/sections", of=str(known.id))
        if judged.errors:
            typed = form.tidied(kind, typed)
            return await _form(request, kind, known, typed, status=422, errors=judged.errors, mark=mark, read=read)
        id = await content.save_section(known.id if known else None, kind, judged.body, mark=mark, by=by)
    except content.SectionChanged:
        return await _clashed(request, known, typed, read)
    return live_rows.saved(request, f"/sections/{id}")


async def _clashed(request: Request, known: queries.Known | None, typed: dict[str, str], read: str) -> Response:
    """409: what others saved, with everything typed still in the form; saving again saves it."""
    assert known is not None
    now = form.fields_of(known.kind, known.body)
    held, clashes = rules.merged(read_of(read), form.tidied(known.kind, typed), now)
    named = [msgspec.structs.replace(each, field=form.LABELS.get(each.field, each.field)) for each in clashes]
    return await _form(request, known.kind, known, held, status=409, clashes=named, conflict=True)


async def _form(
    request: Request,
    kind: str,
    known: queries.Known | None,
    typed: dict[str, str],
    *,
    status: int = 200,
    **more: object,
) -> Response:
    used = max((number for number in range(1, MOST_TILES + 1) if typed.get(f"items-{number}-url")), default=0)
    view = SectionView(
        known=known,
        kind=kind,
        kinds=KINDS,
        typed=typed,
        errors={},
        labels=form.LABELS,
        choices=await queries.choices(),
        tiles=min(MOST_TILES, used + 2) if kind == "categories" else 0,
        mark=known.mark if known else "",
        read=msgspec.json.encode(form.fields_of(kind, known.body) if known else {}).decode(),
        live=await live_rows.of_request(request, "sections", known.id) if known else None,
        clashes=[],
        conflict=False,
    )
    view = msgspec.structs.replace(view, **more)
    return screen(request, "section.html", view, status=status, headers={"Content-Security-Policy": FRAMING})
