"""The form of a collection: from what was typed to what is saved, and back into fields."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

import msgspec

from app.admin import rules
from app.admin.collection_queries import Attribute, Known
from app.catalog import operations as catalog
from app.settings import settings

FILLS = {
    "manual": "Chosen by hand",
    "new": "New in the shop",
    "on_sale": "Reduced",
    "last_few": "Few left",
    "under": "Cheaper than a price",
    "from": "A price and dearer",
    "category": "Of a category",
    "maker": "Of a maker",
    "rating": "Well rated",
    "attribute": "With an attribute",
}
LABELS = {
    "title": "Title", "slug": "Address", "summary": "Summary", "fill": "What is in it", "days": "Days", "amount": "Price",
    "category": "Category", "maker": "Maker", "stars": "Stars", "code": "Attribute", "value": "Value", "products": "Products",
}  # fmt: skip
EMPTY = dict.fromkeys(LABELS, "") | {"fill": "manual", "days": "30", "stars": "4"}
PLACE = "place-"  # the number of a product's place stands in the field place-<id>
WHOLE = re.compile(r"[0-9]{1,4}")
FIELDS: dict[type[Exception], str] = {  # which field a refusal is about
    catalog.NeedsName: "title",
    catalog.BadListAddress: "slug",
    catalog.ListAddressTaken: "slug",
    catalog.BadChoice: "products",
    catalog.BadRule: "fill",
}


def fields_of(known: Known) -> dict[str, str]:
    """What the fields hold when the form is opened."""
    rule = known.rule
    amount = rules.shown_price(rule["amount"], settings().currency, settings().locale) if "amount" in rule else ""
    said = {
        name: _typed(rule[name]) for name in ("days", "category", "maker", "stars", "code", "value") if name in rule
    }
    return EMPTY | said | {
        "title": known.title, "slug": known.slug, "summary": known.summary, "fill": rule.get("kind") or "manual", "amount": amount,
        "products": ",".join(known.chosen),
    }  # fmt: skip


def _typed(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def tidied(typed: dict[str, str]) -> dict[str, str]:
    """The fields that are saved, with the products in the order that the numbers beside them say."""
    told = {name: typed.get(name, EMPTY[name]) for name in LABELS if name != "products"}
    return told | {"products": ",".join(map(str, _ordered(typed)))}


def _ordered(typed: dict[str, str]) -> list[UUID]:
    """A number that was changed puts its product there; the others keep their order."""
    fields = [(name.removeprefix(PLACE), number) for name, number in typed.items() if name.startswith(PLACE)]
    placed = []
    for shown, (id, number) in enumerate(fields, start=1):
        to = int(number) if WHOLE.fullmatch(number) else shown
        placed.append((to, 0 if to < shown else 2 if to > shown else 1, shown, id))
    return ids_in(",".join(id for *_, id in sorted(placed)))


def ids_in(text: str) -> list[UUID]:
    """The ids in a list with commas, each once."""
    return list(dict.fromkeys(UUID(each) for each in re.findall(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", text)))


def rearranged(products: str, does: str) -> str:
    """The products after one press of a button: add, remove, up or down, a colon, and the product's id."""
    what, _, text = does.partition(":")
    ids, asked = ids_in(products), ids_in(text)
    if not asked:
        return products
    at = ids.index(asked[0]) if asked[0] in ids else None
    if what == "add" and at is None:
        ids.append(asked[0])
    elif what in ("remove", "up", "down") and at is not None:
        id = ids.pop(at)
        if what != "remove":
            ids.insert(max(0, at - 1) if what == "up" else at + 1, id)
    return ",".join(map(str, ids))


def rule_of(typed: dict[str, str], known: list[Attribute]) -> dict[str, Any] | None:
    """The rule, or None for one filled by hand. Raises rules.Unreadable for a price that is none."""
    match typed["fill"]:
        case "manual":
            return None
        case "new" | "rating" as kind:
            number = {"new": "days", "rating": "stars"}[kind]
            return {"kind": kind, number: int(typed[number]) if WHOLE.fullmatch(typed[number]) else 0}
        case "under" | "from" as kind:
            return {"kind": kind, "amount": rules.price_of(typed["amount"], settings().currency, settings().locale)}
        case "category" | "maker" as kind:
            return {"kind": kind, kind: typed[kind]}
        case "attribute":
            kind = next((each.kind for each in known if each.code == typed["code"]), "")
            return {"kind": "attribute", "code": typed["code"] if kind else "", "value": _value(kind, typed["value"])}
        case kind:
            return {"kind": kind}


def _value(kind: str, text: str) -> str | bool | int:
    if kind == "flag":
        return text.lower() in ("", "true", "yes")
    return int(text) if kind == "number" and WHOLE.fullmatch(text) else text


def wanted(typed: dict[str, str], known: list[Attribute]) -> catalog.Collected:
    """What is to be saved. Raises rules.Unreadable."""
    about = {name: typed[name] for name in ("slug", "title", "summary")}
    return catalog.Collected(**about, rule=rule_of(typed, known), products=ids_in(typed["products"]))


def read_of(text: str) -> dict[str, str]:
    """What the form showed at first, as its hidden field says."""
    try:
        return msgspec.json.decode(text, type=dict[str, str])
    except msgspec.DecodeError:
        return {}
