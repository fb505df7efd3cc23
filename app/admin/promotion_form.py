"""The form of a promotion: from what was typed to what is saved, and back into fields."""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal
from uuid import UUID

import msgspec

from app.admin import rules
from app.catalog import queries as catalog
from app.promotions import operations as promotions
from app.promotions.queries import Action, Cheapest, Delivery, Fixed, Percent, Row, Terms
from app.settings import settings
from app.values import ZONE

LABELS = {
    "title": "Title", "trigger": "How it is given", "code": "Code", "state": "State", "starts": "Starts", "ends": "Ends",
    "action": "What it takes off", "percent": "Per cent", "amount": "Amount", "buy": "Buy", "get": "Get", "most": "Ways up to",
    "whole": "Off all goods", "minimum": "Minimum", "only": "Only for", "but_not": "Not for", "first_order": "First order",
    "markets": "Markets", "most_uses": "Uses in all", "most_each": "Uses by one address", "priority": "Priority",
    "combines": "Combines",
}  # fmt: skip
EMPTY = dict.fromkeys(LABELS, "") | {
    "trigger": "code", "state": "draft", "action": "percent", "priority": "10", "combines": "on",
}  # fmt: skip
ACTIONS = {Percent: "percent", Fixed: "fixed", Cheapest: "cheapest", Delivery: "delivery"}
WHOLE = re.compile(r"[0-9]{1,6}")
PERCENT = re.compile(r"([0-9]{1,3})(?:[.,]([0-9]{1,2}))?")
MOST_PLACES = 200  # lines of "only for" and "not for"


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """`draft` is None when something is wrong."""

    draft: promotions.Draft | None
    errors: dict[str, str]


class Reader:
    """Reads one field after the other; what can't be read becomes an error beside its field."""

    def __init__(self, typed: dict[str, str]) -> None:
        self.typed = typed
        self.errors: dict[str, str] = {}

    def text(self, name: str) -> str:
        return self.typed.get(name, "").strip()

    def one_of(self, name: str, *choices: str) -> str:
        if self.text(name) not in choices:
            self.errors[name] = "Choose one of these."
        return self.text(name)

    def ticked(self, name: str) -> bool:
        return self.text(name) == "on"

    def whole(self, name: str, *, least: int = 0, needed: bool = False) -> int | None:
        text = self.text(name)
        if not text and not needed:
            return None
        if not WHOLE.fullmatch(text) or int(text) < least:
            self.errors[name] = f"Type a whole number of {least} or more."
            return None
        return int(text)

    def money(self, name: str, *, needed: bool = False) -> int | None:
        text = self.text(name)
        if not text and not needed:
            return None
        try:
            return rules.price_of(text, settings().currency, settings().locale)
        except rules.Unreadable as why:
            self.errors[name] = str(why)
            return None

    def moment(self, name: str) -> datetime | None:
        try:
            return datetime.fromisoformat(self.text(name)).replace(tzinfo=ZONE) if self.text(name) else None
        except ValueError:
            self.errors[name] = "Choose a day and a time."
            return None

    async def places(self, name: str) -> tuple[UUID, ...]:
        """Ids of what these addresses of the shop lead to, one in each line."""
        paths = ["/" + line.strip().strip("/") for line in self.text(name).splitlines() if line.strip()][:MOST_PLACES]
        found = await catalog.ids_at(paths) if paths else {}
        unknown = [path for path in paths if path not in found]
        if unknown:
            self.errors[name] = f"Nothing is at {unknown[0][:80]}. Addresses look like /p/pell-mug or /c/table."
        return tuple(found[path] for path in paths if path in found)


async def judged(typed: dict[str, str]) -> Judged:
    """What was typed as a promotion, or every error beside its field."""
    read = Reader(typed)
    title = read.text("title")
    if not 1 <= len(title) <= 80:
        read.errors["title"] = "It needs a title of at most 80 characters: shoppers read it beside the amount."
    trigger = read.one_of("trigger", "automatic", "code", "codes")
    code = promotions.tidy_code(read.text("code")) if trigger == "code" else ""
    if code is None:
        read.errors["code"] = "A code has 2 to 40 letters A to Z, digits and hyphens."
    state = read.one_of("state", "draft", "active", "ended")
    starts, ends = read.moment("starts"), read.moment("ends")
    if starts and ends and ends <= starts:
        read.errors["ends"] = "It ends after it starts."
    terms = await _terms(read)
    numbers = {name: read.whole(name, least=1) for name in ("most_uses", "most_each")}
    priority = read.whole("priority", needed=True)
    if read.errors:
        return Judged(draft=None, errors={name: read.errors[name] for name in LABELS if name in read.errors})
    fields = {"title": title, "state": state, "trigger": trigger, "code": code, "starts_at": starts, "ends_at": ends}
    draft = fields | numbers | {"priority": priority, "combines": read.ticked("combines"), "terms": terms}
    return Judged(draft=promotions.Draft(**draft), errors={})  # type: ignore[arg-type]


async def _terms(read: Reader) -> Terms:
    return Terms(
        action=_action(read),
        minimum=read.money("minimum") or 0,
        only=await read.places("only"),
        but_not=await read.places("but_not"),
        whole=read.ticked("whole"),
        first_order=read.ticked("first_order"),
        markets=tuple(re.findall(r"[a-z]{2,8}", read.text("markets").lower())),
    )


def _action(read: Reader) -> Action:
    match read.one_of("action", *ACTIONS.values()):
        case "fixed":
            return Fixed(amount=read.money("amount", needed=True) or 1)
        case "cheapest":
            return Cheapest(
                buy=read.whole("buy", least=1, needed=True) or 1, get=read.whole("get", least=1, needed=True) or 1
            )
        case "delivery":
            return Delivery(most=read.money("most"))
    found = PERCENT.fullmatch(read.text("percent").rstrip("% "))
    points = int(found[1]) * 100 + int((found[2] or "").ljust(2, "0")) if found else 0
    if not 1 <= points <= 10_000:
        read.errors["percent"] = "Type a percentage up to 100, such as 10 or 12.5."
    return Percent(basis_points=points)


async def fields_of(row: Row) -> dict[str, str]:
    """What the form's fields hold when it is opened. What is gone is named, so that saving does not make it for all goods."""
    promotion, terms = row.promotion, row.promotion.terms
    paths = await catalog.paths_of([*terms.only, *terms.but_not])
    return EMPTY | _of_action(terms.action) | {
        "title": promotion.title, "trigger": promotion.trigger, "code": row.code, "state": promotion.state,
        "starts": _local(promotion.starts_at), "ends": _local(promotion.ends_at), "minimum": _shown(terms.minimum or None),
        "only": "\n".join(paths.get(id, f"/gone/{id}") for id in terms.only),
        "but_not": "\n".join(paths.get(id, f"/gone/{id}") for id in terms.but_not),
        "whole": "on" * terms.whole, "first_order": "on" * terms.first_order, "markets": " ".join(terms.markets),
        "most_uses": _number(promotion.most_uses), "most_each": _number(promotion.most_each),
        "priority": str(promotion.priority), "combines": "on" * promotion.combines,
    }  # fmt: skip


def _of_action(action: Action) -> dict[str, str]:
    named = {"action": ACTIONS[type(action)]}
    match action:
        case Percent(basis_points=points):
            return named | {"percent": f"{Decimal(points) / 100:f}"}
        case Fixed(amount=amount):
            return named | {"amount": _shown(amount)}
        case Cheapest(buy=buy, get=get):
            return named | {"buy": str(buy), "get": str(get)}
        case Delivery(most=most):
            return named | {"most": _shown(most)}


def _local(moment: datetime | None) -> str:
    return moment.astimezone(ZONE).strftime("%Y-%m-%dT%H:%M") if moment else ""


def _shown(amount: int | None) -> str:
    return "" if amount is None else rules.shown_price(amount, settings().currency, settings().locale)


def _number(value: int | None) -> str:
    return "" if value is None else str(value)
