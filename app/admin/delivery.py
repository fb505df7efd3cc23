"""Ways to deliver: what each is called, promises and costs."""

from __future__ import annotations

import re
from uuid import UUID

import msgspec
from litestar import Request, Response
from litestar.exceptions import NotFoundException

from app.admin import guard, live_rows, rules
from app.admin.collection_form import read_of
from app.admin.live import LiveView
from app.admin.screens import screen, typed_fields
from app.checkout import operations as checkout
from app.checkout.operations import Method
from app.db.edits import Edit, edits_of
from app.db.engines import EVERYONE, writing
from app.settings import settings
from app.web.pages import action, page

LABELS = {
    "title": "Name", "promise": "Promise", "price": "Price", "free_from": "Free from a sum of goods", "bulky_extra": "More for something bulky",
    "min_days": "Working days, at least", "max_days": "and at most", "position": "Place", "countries": "Countries", "offered": "Offered",
}  # fmt: skip
MONEY = ("price", "free_from", "bulky_extra")
DAYS = ("min_days", "max_days")
NOTHING = re.compile(r"0+(?:[.,]0*)?")
COMMAS = re.compile(r"[\s,;]+")
WHOLE = re.compile(r"[0-9]{1,3}")
ROWS = f"""
    SELECT m.*, {checkout.METHOD_MARK} AS mark FROM shipping_method m
    WHERE $1::uuid IS NULL OR id = $1 ORDER BY NOT published, position, code
"""  # noqa: S608 - a constant


class Known(Method, frozen=True, kw_only=True):
    """A way to deliver in the state `mark`."""

    id: UUID
    code: str
    currency: str
    mark: str


class ListView(msgspec.Struct, frozen=True, kw_only=True):
    rows: list[Known]


class MethodView(msgspec.Struct, frozen=True, kw_only=True):
    """The form of one."""

    known: Known
    typed: dict[str, str]
    errors: dict[str, str]
    labels: dict[str, str]
    read: str
    live: LiveView | None
    edits: list[Edit]
    clashes: list[rules.Clash]
    conflict: bool


@page("/delivery", name="admin_methods")
async def methods(request: Request) -> Response:
    """All of them, those that are offered first."""
    return screen(request, "methods.html", ListView(rows=await _rows(None)))


@page("/delivery/{method_id:uuid}", name="admin_method")
async def method(request: Request, method_id: UUID) -> Response:
    """One of them."""
    known = await _found(method_id)
    return await _form(request, known, fields_of(known))


@action("/delivery/{method_id:uuid}", name="admin_save_method")
async def save(request: Request, method_id: UUID) -> Response:
    """It is offered as typed, or the form comes back with what is wrong."""
    known, typed = await _found(method_id), await typed_fields(request)
    mark, read = typed.pop("mark", ""), typed.pop("read", "")
    wanted, errors = asked(typed, known)
    if wanted is None:
        return await _form(request, known, typed, status=422, errors=errors)
    try:
        await checkout.change_method(method_id, wanted, mark=mark, by=guard.staff_of(request).email)
    except checkout.MethodChanged:
        held, clashes = rules.merged(read_of(read), dict.fromkeys(fields_of(known), "") | typed, fields_of(known))
        named = [msgspec.structs.replace(each, field=LABELS[each.field]) for each in clashes]
        return await _form(request, known, held, status=409, clashes=named, conflict=True)
    except checkout.LastMethod as no:
        return await _form(request, known, typed, status=no.status, errors={"offered": no.say})
    return live_rows.saved(request, f"/delivery/{method_id}")


def fields_of(known: Known) -> dict[str, str]:
    """What the fields hold when the form is opened."""
    money = {name: _shown(getattr(known, name), known.currency) for name in MONEY}
    days = {name: "" if getattr(known, name) is None else str(getattr(known, name)) for name in DAYS}
    said = {"title": known.title, "promise": known.promise, "position": str(known.position)}
    said["countries"] = ", ".join(known.countries or ())
    return said | money | days | {"offered": "on" * known.published}


def asked(typed: dict[str, str], known: Known) -> tuple[Method | None, dict[str, str]]:
    """What was typed, or None and what is wrong with it, by field."""
    errors: dict[str, str] = {}
    numbers: dict[str, int | None] = {}
    for name in MONEY:
        try:
            numbers[name] = _money(typed.get(name, ""), known.currency)
        except rules.Unreadable as no:
            errors[name] = str(no)
    if numbers.get("price", 0) is None:
        errors["price"] = "Type a price; 0 where it costs nothing."
    for name in (*DAYS, "position"):
        text = typed.get(name, "")
        numbers[name] = int(text) if WHOLE.fullmatch(text) else None
        if numbers[name] is None and (text or name == "position"):
            errors[name] = "Type a whole number."
    if errors:
        return None, errors
    published = typed.get("offered") == "on"
    words = {name: typed.get(name, "") for name in ("title", "promise")}
    countries = tuple(dict.fromkeys(COMMAS.split(typed["countries"].upper()))) if typed.get("countries") else None
    wanted = msgspec.convert(words | numbers | {"published": published, "countries": countries}, Method)
    faults = checkout.method_faults(wanted)
    return (None if faults else wanted), faults


def _shown(amount: int | None, currency: str) -> str:
    return "" if amount is None else rules.shown_price(amount, currency, settings().locale)


def _money(text: str, currency: str) -> int | None:
    if not text:
        return None
    return 0 if NOTHING.fullmatch(text) else rules.price_of(text, currency, settings().locale)


async def _rows(method_id: UUID | None) -> list[Known]:
    async with writing(EVERYONE) as db:  # the primary: a replica may not know yet what was saved a moment ago
        return [msgspec.convert(dict(row), Known) for row in await db.fetch(ROWS, method_id)]


async def _found(method_id: UUID) -> Known:
    found = await _rows(method_id)
    if not found:
        raise NotFoundException
    return found[0]


async def _form(
    request: Request, known: Known, typed: dict[str, str], *, status: int = 200, **more: object
) -> Response:
    view = MethodView(
        known=known,
        typed=typed,
        errors={},
        labels=LABELS,
        read=msgspec.json.encode(fields_of(known)).decode(),
        live=await live_rows.of_request(request, "delivery", known.id),
        edits=await edits_of(known.id),
        clashes=[],
        conflict=False,
    )
    return screen(request, "method.html", msgspec.structs.replace(view, **more), status=status)
