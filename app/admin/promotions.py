from __future__ import annotations

from uuid import UUID, uuid4

import msgspec
from litestar import Request, Response
from litestar.exceptions import NotFoundException

from app.admin import guard, rules
from app.admin import promotion_form as form
from app.admin.promotion_trial import Trial, trial_of
from app.admin.screens import screen, typed_fields
from app.db.edits import Edit, edits_of
from app.promotions import operations as promotions
from app.promotions import queries
from app.promotions.queries import Row
from app.web.pages import action, page, redirect


class Tab(msgspec.Struct, frozen=True, kw_only=True):
    """One standing of the list, as a link."""

    title: str
    url: str
    current: bool
    count: int


class PromotionsView(msgspec.Struct, frozen=True, kw_only=True):
    """The list of promotions."""

    tabs: list[Tab]
    rows: list[Row]


class PromotionView(msgspec.Struct, frozen=True, kw_only=True):
    """The page of a promotion; `row` is None for a new one. `read`: what the fields held in that `version`.

    `key`: of this showing of the page; codes asked for twice from it are generated once.
    """

    row: Row | None
    typed: dict[str, str]
    errors: dict[str, str]
    labels: dict[str, str]
    version: str = ""
    read: str = ""
    saved: bool = False
    clashes: list[rules.Clash] = []
    conflict: bool = False
    trial: Trial | None = None
    edits: list[Edit] = []
    key: UUID = msgspec.field(default_factory=uuid4)


@page("/promotions", name="admin_promotions")
async def listed(request: Request) -> Response:
    """All promotions, those first that were changed last."""
    standing = request.query_params.get("state", "")
    standing = standing if standing in queries.STANDINGS else ""
    counts = await queries.counts()
    counts[""] = sum(counts.values())
    tabs = [
        Tab(
            title=each.capitalize() or "All",
            url="/promotions" + (f"?state={each}" if each else ""),
            current=each == standing,
            count=counts.get(each, 0),
        )
        for each in ("", *queries.STANDINGS)
    ]
    return screen(request, "promotions.html", PromotionsView(tabs=tabs, rows=await queries.listed(standing)))


@page("/promotions/new", name="admin_new_promotion")
async def new(request: Request) -> Response:
    """An empty form."""
    return screen(request, "promotion.html", _view(None, form.EMPTY))


@action("/promotions/new", name="admin_create_promotion")
async def create(request: Request) -> Response:
    """The promotion exists, or its form comes back with what is wrong."""
    typed = await typed_fields(request)
    judged = await form.judged(typed)
    if judged.draft is None:
        return again(request, None, typed, errors=judged.errors)
    try:
        id = await promotions.create(judged.draft, by=guard.staff_of(request).email)
    except promotions.CodeTaken as taken:
        return again(request, None, typed, errors={"code": taken.say})
    return redirect(f"/promotions/{id}?saved=1")


@page("/promotions/{promotion_id:uuid}", name="admin_promotion")
async def promotion(request: Request, promotion_id: UUID) -> Response:
    """One promotion; with an example cart in the address, what it would take off it and why."""
    row, asked = await found(promotion_id), request.query_params
    trial = await trial_of(row, asked.get("cart", ""), asked.get("email", "")) if "cart" in asked else None
    about = {"trial": trial, "saved": bool(asked.get("saved")), "edits": await edits_of(promotion_id)}
    view = _view(row, await form.fields_of(row), **about)
    return screen(request, "promotion.html", view)


@action("/promotions/{promotion_id:uuid}", name="admin_change_promotion")
async def change(request: Request, promotion_id: UUID) -> Response:
    """Saves what was typed, unless something is wrong with it or somebody else was faster."""
    row, typed = await found(promotion_id), await typed_fields(request)
    typed |= {"trigger": row.promotion.trigger}
    judged = await form.judged(typed)
    shown = {"version": typed.get("version", ""), "read": typed.get("read", "")}
    if judged.draft is None:
        return again(request, row, typed, errors=judged.errors, **shown)
    try:
        await promotions.change(
            promotion_id, judged.draft, version=rules.page_of(shown["version"]), by=guard.staff_of(request).email
        )
    except promotions.CodeTaken as taken:
        return again(request, row, typed, errors={"code": taken.say}, **shown)
    except promotions.EditedMeanwhile:
        return await _clashed(request, promotion_id, typed)
    return redirect(f"/promotions/{promotion_id}?saved=1")


@action("/promotions/{promotion_id:uuid}/end", name="admin_end_promotion")
async def end(request: Request, promotion_id: UUID) -> Response:
    """It is over from now on."""
    await promotions.end((await found(promotion_id)).promotion.id, by=guard.staff_of(request).email)
    return redirect(f"/promotions/{promotion_id}?saved=1")


async def found(promotion_id: UUID) -> Row:
    """The promotion, or a 404."""
    row = await queries.one(promotion_id)
    if row is None:
        raise NotFoundException
    return row


def _view(row: Row | None, typed: dict[str, str], **more: object) -> PromotionView:
    view = PromotionView(row=row, typed=typed, errors={}, labels=form.LABELS | {"many": "How many", "prefix": "Prefix"})
    if row:
        read = msgspec.json.encode(typed).decode()
        view = msgspec.structs.replace(view, version=str(row.promotion.version), read=read)
    return msgspec.structs.replace(view, **more)


def again(request: Request, row: Row | None, typed: dict[str, str], **more: object) -> Response:
    """422: the page with everything typed still in it."""
    return screen(request, "promotion.html", _view(row, typed, **more), status=422)


async def _clashed(request: Request, promotion_id: UUID, typed: dict[str, str]) -> Response:
    """409: what others saved, with everything typed still in the form; saving again saves it."""
    row = await found(promotion_id)
    now = await form.fields_of(row)
    try:
        read = msgspec.json.decode(typed.get("read", ""), type=dict[str, str])
    except msgspec.DecodeError:
        read = {}
    held, clashes = rules.merged(read, dict.fromkeys(now, "") | typed, now)
    named = [msgspec.structs.replace(each, field=form.LABELS.get(each.field, each.field)) for each in clashes]
    fresh = _view(row, now)
    view = msgspec.structs.replace(fresh, typed=held, clashes=named, conflict=True)
    return screen(request, "promotion.html", view, status=409)
