"""What the forms on an order's page share: the order, units by line, and the page again with what was typed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from uuid import UUID

import msgspec
from litestar import Request, Response
from litestar.exceptions import ClientException, NotFoundException

from app.admin import guard
from app.admin import order_queries as queries
from app.admin.order_views import OrderView
from app.admin.screens import screen, typed_fields
from app.db.edits import Change, noted_first

UNITS = re.compile(r"[0-9]{1,6}")


async def found(number: str) -> OrderView:
    """The order of this number. Raises NotFoundException."""
    view = await queries.admin_order_view(number.upper())
    if view is None:
        raise NotFoundException
    return view


def noted(request: Request, view: OrderView, does: str, **typed: str) -> AbstractAsyncContextManager[None]:
    """What is done to the order inside is among the edits, with what was typed for it."""
    changes = [Change(field=name.capitalize(), before="", after=text) for name, text in typed.items() if text]
    about = {"by": guard.staff_of(request).email, "title": f"{view.number}: {does}"}
    return noted_first(what="order", which=view.id, did="changed", changes=changes, **about)


async def typed_whole(request: Request) -> dict[str, str]:
    """The fields of a form with a key. Raises ClientException (400) for one that is incomplete, which no browser sends."""
    typed = await typed_fields(request)
    if "key" not in typed:
        raise ClientException("The form did not arrive whole, so nothing was changed. Please try again.")
    return typed


def units_of(fields: Mapping[str, UUID], typed: Mapping[str, str]) -> tuple[dict[UUID, int], dict[str, str]]:
    """Units by line, and what can't be right, by field. Empty fields are lines left out. `fields`: the line of each."""
    lines: dict[UUID, int] = {}
    errors: dict[str, str] = {}
    for field, line_id in fields.items():
        text = typed.get(field, "")
        if not UNITS.fullmatch(text or "0"):
            errors[field] = "Type a whole number."
        elif int(text or 0):
            lines[line_id] = int(text)
    return lines, errors


def again(request: Request, view: OrderView, typed: dict[str, str], *, errors: dict[str, str], status: int) -> Response:
    """The page with everything that was typed; the same key, so that a second try of what was noted after all is none."""
    more = {"typed": typed, "errors": errors}
    return screen(request, "order.html", msgspec.structs.replace(view, **more), status=status)
