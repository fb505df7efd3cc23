"""Ways to deliver, as staff change them. What was quoted stays; a checkout that is open shows old and new and asks again."""

from __future__ import annotations

from uuid import UUID

import msgspec

from app.checkout.rules import BY_CODE
from app.db.edits import Change, note_edit
from app.db.engines import EVERYONE, writing
from app.values import Refusal

MARK = "md5(m::text)"  # of a row `m`: the same as long as nobody changed it
LONGEST = {"title": 80, "promise": 160}
MOST_DAYS = 200


class Method(msgspec.Struct, frozen=True, kw_only=True):
    """What can be changed of a way to deliver. Money in minor units; `bulky_extra` None: it carries nothing bulky. `countries`: where it goes; None: everywhere."""

    title: str
    promise: str
    price: int
    free_from: int | None
    bulky_extra: int | None
    position: int
    published: bool
    min_days: int | None
    max_days: int | None
    countries: tuple[str, ...] | None


class NoSuchMethod(Refusal):
    say = "This way to deliver does not exist."
    status = 404


class MethodChanged(Refusal):
    say = "Somebody else changed it while you were editing."
    status = 409


class LastMethod(Refusal):
    say = "Nothing could be ordered any more: offer another way to deliver first."
    status = 422


class BadMethod(Refusal):
    say = "A way to deliver has a name, a promise, and days in order."
    status = 422


FOUND = f"""
    SELECT m.*, {MARK} AS mark, m.published AND NOT EXISTS (SELECT FROM shipping_method o
        WHERE o.published AND o.currency = m.currency AND o.id <> m.id) AS last
    FROM shipping_method m WHERE id = $1
"""  # noqa: S608 - constants
CHANGE = """
    UPDATE shipping_method SET title = $2, promise = $3, price = $4, free_from = $5, bulky_extra = $6, position = $7,
        published = $8, min_days = $9, max_days = $10, countries = $11 WHERE id = $1
"""


def faults_of(method: Method) -> dict[str, str]:
    """What is wrong, by field; empty when nothing is."""
    faults = {
        name: f"Type at most {most} characters."
        for name, most in LONGEST.items()
        if not 0 < len(getattr(method, name)) <= most
    }
    least, most = method.min_days, method.max_days
    if (least is None) != (most is None) or (
        least is not None and most is not None and not 0 <= least <= most <= MOST_DAYS
    ):
        faults["max_days"] = f"Both or neither: whole working days up to {MOST_DAYS}, the fewer first."
    if unknown := [code for code in method.countries or () if code not in BY_CODE]:
        faults["countries"] = f"We know {', '.join(BY_CODE)}, not {', '.join(unknown)[:40]}."
    return faults


async def change_method(method_id: UUID, method: Method, *, mark: str, by: str) -> None:
    """It is offered as said, from the next look at a cart on. Raises NoSuchMethod, MethodChanged, BadMethod, LastMethod."""
    if faults_of(method):
        raise BadMethod
    async with writing(EVERYONE) as db:
        # Two at once could each take away the last but one.
        await db.execute("LOCK TABLE shipping_method IN SHARE ROW EXCLUSIVE MODE")
        row = await db.fetchrow(FOUND, method_id)
        if row is None:
            raise NoSuchMethod
        if row["mark"] != mark:
            raise MethodChanged
        if row["last"] and not method.published:
            raise LastMethod
        before = msgspec.convert({name: row[name] for name in Method.__struct_fields__}, Method)
        if method != before:
            await db.execute(CHANGE, method_id, *msgspec.structs.astuple(method))
            changes = _changes(before, method)
            await note_edit(
                db, by=by, what="shipping_method", which=method_id, did="changed", title=method.title, changes=changes
            )


def _changes(before: Method, after: Method) -> list[Change]:
    """Which fields are not as before, in words."""
    then, now = msgspec.structs.asdict(before), msgspec.structs.asdict(after)
    return [
        Change(field=name.replace("_", " "), before=_said(then[name]), after=_said(now[name]))
        for name in then
        if then[name] != now[name]
    ]


def _said(value: str | int | tuple[str, ...] | None) -> str:
    if isinstance(value, tuple):
        return ", ".join(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "-" if value is None else str(value)
