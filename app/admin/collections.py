"""Collections: filled by a rule, or chosen and ordered by hand."""

from __future__ import annotations

from uuid import UUID

import msgspec
from litestar import Request, Response
from litestar.exceptions import NotFoundException

from app.admin import collection_form as form
from app.admin import collection_queries as queries
from app.admin import guard, live_rows, rules
from app.admin.live import LiveView
from app.admin.screens import piece, screen, typed_fields
from app.catalog import operations as catalog
from app.content import operations as content
from app.values import Refusal
from app.web.pages import action, page

PREVIEWED = 12  # cards


class OfferView(msgspec.Struct, frozen=True, kw_only=True):
    """Products that a search offers to add."""

    q: str
    items: list[queries.Item]


class CollectionView(msgspec.Struct, frozen=True, kw_only=True):
    """The form of a collection; `known` is None for a new one. `read`: what the fields held at first, in the state `mark`."""

    known: queries.Known | None
    typed: dict[str, str]
    errors: dict[str, str]
    labels: dict[str, str]
    fills: dict[str, str]
    attributes: list[queries.Attribute]
    choices: queries.Choices
    items: list[queries.Item]
    offer: OfferView
    mark: str
    read: str
    preview: catalog.Preview | None
    live: LiveView | None
    clashes: list[rules.Clash] = []
    conflict: bool = False


@page("/collections/products", name="admin_collection_offer")
async def offer(request: Request) -> Response:
    """Products to add, as a piece of the form."""
    q = request.query_params.get("q", "")[:100]
    return piece("_offer.html", OfferView(q=q, items=await queries.search(q, [])))


@page("/collections/new", name="admin_new_collection")
async def new(request: Request) -> Response:
    """An empty form."""
    return await shown(request, None, form.EMPTY)


@page("/collections/{collection_id:uuid}", name="admin_collection")
async def collection(request: Request, collection_id: UUID) -> Response:
    """One collection as it is."""
    known = await found(collection_id)
    return await shown(request, known, form.fields_of(known))


@action("/collections/new", name="admin_create_collection")
async def create(request: Request) -> Response:
    """The collection exists, or its form comes back."""
    return await _posted(request, None)


@action("/collections/{collection_id:uuid}", name="admin_save_collection")
async def save(request: Request, collection_id: UUID) -> Response:
    """The collection is as typed; or its form comes back, rearranged, with a preview, or with what is wrong."""
    return await _posted(request, await found(collection_id))


@page("/collections/{collection_id:uuid}/delete", name="admin_doubt_collection")
async def doubt(request: Request, collection_id: UUID) -> Response:
    """What goes with it, and whether that is meant."""
    return screen(request, "collection_delete.html", await found(collection_id))


@action("/collections/{collection_id:uuid}/delete", name="admin_delete_collection")
async def delete(request: Request, collection_id: UUID) -> Response:
    """It is gone; its products are not."""
    known, typed = await found(collection_id), await typed_fields(request)
    try:
        await catalog.delete_collection(collection_id, mark=typed.get("mark", ""), by=guard.staff_of(request).email)
    except catalog.CollectionChanged:
        return screen(request, "collection_delete.html", known, status=409)
    return live_rows.saved(request, "/collections", of=str(collection_id))


async def found(collection_id: UUID) -> queries.Known:
    """The collection, or a 404."""
    known = await queries.known(collection_id)
    if known is None:
        raise NotFoundException
    return known


async def _posted(request: Request, known: queries.Known | None) -> Response:
    raw = await typed_fields(request)
    does, typed = raw.get("does", "save"), form.tidied(raw)
    if does == "enter":  # in a field, not on a button
        does = "search" if raw.get("q") else "save"
    if does != "save":
        typed |= {"products": form.rearranged(typed["products"], does)}
        q = raw.get("q", "") if does == "search" else ""
        return await shown(request, known, typed, q=q, mark=raw.get("mark", ""), read=raw.get("read", ""))
    try:
        saved = await _saved(request, known, typed, raw.get("mark", ""))
    except catalog.CollectionChanged:
        return await _clashed(request, known, typed, raw.get("read", ""))
    except (rules.Unreadable, Refusal) as no:
        return await _wrong(request, known, raw, typed, no)
    return live_rows.saved(request, f"/collections/{saved}")


async def _saved(request: Request, known: queries.Known | None, typed: dict[str, str], mark: str) -> UUID:
    """The id of the saved collection. Raises rules.Unreadable, and what `save_collection` refuses."""
    wanted = form.wanted(typed, await queries.attributes())
    by = guard.staff_of(request).email
    id = await catalog.save_collection(known.id if known else None, wanted, mark=mark, by=by)
    if known and known.slug != wanted.slug:
        await content.follow_collection(known.slug, wanted.slug)
    return id


async def _wrong(
    request: Request, known: queries.Known | None, raw: dict[str, str], typed: dict[str, str], no: Exception
) -> Response:
    """422: what is wrong stands beside its field, and everything typed in its own."""
    errors = {form.FIELDS.get(type(no), "amount"): str(no)}
    read = {"mark": raw.get("mark", ""), "read": raw.get("read", "")}
    return await shown(request, known, typed, errors=errors, status=getattr(no, "status", 422), **read)


async def _clashed(request: Request, known: queries.Known | None, typed: dict[str, str], read: str) -> Response:
    """409: what others saved, with everything typed still in the form; saving again saves it."""
    assert known is not None
    now = form.fields_of(known)
    held, clashes = rules.merged(form.read_of(read), typed, now)
    named = [await _named(clash) for clash in clashes]
    return await shown(request, known, held, clashes=named, conflict=True, status=409)


async def _named(clash: rules.Clash) -> rules.Clash:
    """A clash in words: titles for ids."""
    words = {"field": form.LABELS.get(clash.field, clash.field)}
    if clash.field == "products":
        sides = {name: form.ids_in(getattr(clash, name)) for name in ("before", "theirs", "kept")}
        titles = await queries.items([id for ids in sides.values() for id in ids])
        words |= {name: ", ".join(titles[id].title for id in ids if id in titles) for name, ids in sides.items()}
    return msgspec.structs.replace(clash, **words)


async def shown(
    request: Request,
    known: queries.Known | None,
    typed: dict[str, str],
    *,
    q: str = "",
    status: int = 200,
    **more: object,
) -> Response:
    """The form, with these fields in it; `more`: what else its view says."""
    ids = form.ids_in(typed["products"])
    items, attributes = await queries.items(ids), await queries.attributes()
    view = CollectionView(
        known=known,
        typed=typed,
        errors={},
        labels=form.LABELS,
        fills=form.FILLS,
        attributes=attributes,
        choices=await queries.choices(),
        items=[items[id] for id in ids if id in items],
        offer=OfferView(q=q, items=await queries.search(q, ids)),
        mark=known.mark if known else "",
        read=msgspec.json.encode(form.fields_of(known) if known else form.EMPTY).decode(),
        preview=await _preview(typed, attributes),
        live=await live_rows.of_request(request, "collections", known.id) if known else None,
    )
    return screen(request, "collection.html", msgspec.structs.replace(view, **more), status=status)


async def _preview(typed: dict[str, str], attributes: list[queries.Attribute]) -> catalog.Preview | None:
    try:
        rule = form.rule_of(typed, attributes)
        return await catalog.preview(rule, PREVIEWED) if rule else None
    except (rules.Unreadable, Refusal):
        return None
