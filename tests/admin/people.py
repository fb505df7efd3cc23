"""What tests of the admin need besides makers: an account, and forms as the browser would send them."""

from __future__ import annotations

import html
import re
from typing import Any
from uuid import UUID

import httpx
import msgspec

from app.db.engines import EVERYONE, reading

FIELD = re.compile(r'<input [^>]*(?:form="edit"|name="(?:version|read|title|subtitle)")[^>]*>')


class Staff(msgspec.Struct, frozen=True, kw_only=True):
    email: str
    password: str


async def form_of(staff: httpx.AsyncClient, product_id: UUID) -> dict[str, str]:
    """The fields of a product's form as they stand on its page."""
    return fields_in((await staff.get(f"/products/{product_id}")).text)


def fields_in(page: str) -> dict[str, str]:
    """The fields of the form #edit on a page of the admin."""
    fields = {_part(found[0], "name"): _part(found[0], "value") for found in FIELD.finditer(page)}
    text = re.search(r'<textarea [^>]*name="description"[^>]*>\n(.*?)</textarea>', page, re.S)
    status = re.search(r'name="status" value="(\w+)" checked', page)
    assert text and status
    beside = re.search(r'<textarea [^>]*name="beside"[^>]*>\n(.*?)</textarea>', page, re.S)
    assert beside
    return fields | {
        "description": html.unescape(text[1]),
        "beside": html.unescape(beside[1]),
        "status": status[1],
    }


def _part(tag: str, name: str) -> str:
    found = re.search(rf' {name}="([^"]*)"', tag)
    return html.unescape(found[1]) if found else ""


async def product_row(product_id: UUID) -> dict[str, Any]:
    async with reading(EVERYONE) as db:
        return dict(await db.fetchrow("SELECT * FROM product WHERE id = $1", product_id))


async def price_row(variant_id: UUID) -> dict[str, Any]:
    async with reading(EVERYONE) as db:
        return dict(await db.fetchrow("SELECT * FROM price WHERE variant_id = $1 AND min_quantity = 1", variant_id))


async def on_hand(variant_id: UUID) -> int:
    async with reading(variant_id) as db:
        return await db.fetchval("SELECT on_hand FROM stock WHERE variant_id = $1", variant_id)


def fields_of(page: str) -> dict[str, str]:
    """What a browser would send of the form #edit, without the button that was pressed."""
    text = re.sub(r"<datalist.*?</datalist>", "", page[page.index('id="edit"') :], flags=re.S)
    text = text[: text.index("</form>")]
    inputs = {}
    for tag in re.findall(r"<input [^>]*>", text):
        if _part(tag, "type") not in ("radio", "checkbox") or " checked" in tag:
            inputs[_part(tag, "name")] = _part(tag, "value")
    areas = re.findall(r'<textarea [^>]*name="([^"]+)"[^>]*>\n(.*?)</textarea>', text, re.S)
    chosen = re.findall(r'<select [^>]*name="([^"]+)"[^>]*>.*?<option value="([^"]*)" selected', text, re.S)
    return inputs | {name: html.unescape(value) for name, value in [*areas, *chosen]}


def errors_in(page: str) -> list[str]:
    return [html.unescape(each) for each in re.findall(r'data-testid="field-error">([^<]+)', page)]
