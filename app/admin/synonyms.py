from __future__ import annotations

from uuid import UUID

import msgspec
from litestar import Request, Response
from litestar.exceptions import NotFoundException

from app.admin import guard
from app.admin.screens import screen, typed_fields
from app.search import operations as search
from app.search.queries import Effect, Group, effects, faults_of, group, groups, question_of, terms_of
from app.values import Refusal
from app.web.pages import action, page, redirect


class SynonymsView(msgspec.Struct, frozen=True, kw_only=True):
    """All groups."""

    groups: list[Group]


class SynonymView(msgspec.Struct, frozen=True, kw_only=True):
    """One group in its form. `id` is None for a new one. `effects`: what it would change, where that was asked for."""

    id: UUID | None
    typed: dict[str, str]
    errors: dict[str, str]
    problem: str | None
    effects: list[Effect] | None


class _Typed(msgspec.Struct, frozen=True, kw_only=True):
    kind: str
    terms: list[str]
    means: list[str]


@page("/search/synonyms", name="admin_synonyms")
async def synonyms(request: Request) -> Response:
    """Every group of words that mean the same."""
    return screen(request, "synonyms.html", SynonymsView(groups=await groups()))


@page("/search/synonyms/new", name="admin_new_synonym")
async def new(request: Request) -> Response:
    """An empty group; `term` is its first word, as the list of questions without an answer passes it on."""
    terms = question_of(request.query_params.get("term"))
    return _form(request, None, {"kind": "one" if terms else "both", "terms": terms, "version": "0"})


@page("/search/synonyms/{synonym_id:uuid}", name="admin_synonym")
async def synonym(request: Request, synonym_id: UUID) -> Response:
    """One group."""
    found = await _found(synonym_id)
    return _form(request, synonym_id, _fields(found))


@action("/search/synonyms/new", name="admin_add_synonym")
async def add(request: Request) -> Response:
    """A group more, or what it would change."""
    return await _save(request, None)


@action("/search/synonyms/{synonym_id:uuid}", name="admin_save_synonym")
async def save(request: Request, synonym_id: UUID) -> Response:
    """Saves the group, removes it, or says what it would change."""
    return await _save(request, synonym_id)


async def _save(request: Request, id: UUID | None) -> Response:
    fields = await typed_fields(request)
    typed = _Typed(
        kind=fields.get("kind", ""),
        terms=terms_of(fields.get("terms", "")),
        means=terms_of(fields.get("means", "")),
    )
    does = fields.get("does", "save")
    errors = {} if does == "remove" else faults_of(typed.kind, typed.terms, typed.means)
    if errors:
        return _form(request, id, fields, errors=errors, status=422)
    if does == "preview":
        return _form(request, id, fields, effects=await effects(typed.kind, typed.terms, typed.means))
    try:
        by = guard.staff_of(request).email
        await _write(id, typed, version=_version(fields), remove=does == "remove", by=by)
    except Refusal as no:
        return await _clashed(request, id, fields, no)
    return redirect("/search/synonyms")


async def _write(id: UUID | None, typed: _Typed, *, version: int, remove: bool, by: str) -> None:
    means = typed.means if typed.kind == "one" else []
    if id is None:
        await search.add_synonym(typed.kind, typed.terms, means, by=by)
    elif remove:
        await search.remove_synonym(id, version=version, by=by)
    else:
        await search.change_synonym(id, version=version, kind=typed.kind, terms=typed.terms, means=means, by=by)


async def _clashed(request: Request, id: UUID | None, fields: dict[str, str], no: Refusal) -> Response:
    """What was typed stays in the form, with the version that is there now: saving again saves it."""
    now = await group(id) if id else None
    if isinstance(no, search.EditedMeanwhile) and now is None:
        raise NotFoundException
    version = str(now.version) if now else "0"
    holds = f" It holds now: {', '.join(now.terms)}{' → ' + ', '.join(now.means) if now.means else ''}." if now else ""
    return _form(request, id, fields | {"version": version}, problem=no.say + holds, status=no.status)


def _form(
    request: Request,
    id: UUID | None,
    typed: dict[str, str],
    *,
    errors: dict[str, str] | None = None,
    problem: str | None = None,
    effects: list[Effect] | None = None,
    status: int = 200,
) -> Response:
    view = SynonymView(id=id, typed=typed, errors=errors or {}, problem=problem, effects=effects)
    return screen(request, "synonym.html", view, status=status)


def _fields(found: Group) -> dict[str, str]:
    return {
        "kind": found.kind,
        "terms": "\n".join(found.terms),
        "means": "\n".join(found.means),
        "version": str(found.version),
    }


def _version(fields: dict[str, str]) -> int:
    version = fields.get("version", "")
    return int(version) if version.isascii() and version.isdigit() and len(version) < 9 else 0


async def _found(id: UUID) -> Group:
    found = await group(id)
    if found is None:
        raise NotFoundException
    return found
