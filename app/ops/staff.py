"""People of the shop, as the command line adds them; the admin slice owns their rows."""

from __future__ import annotations

import re
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email.utils import parseaddr
from typing import Any

import msgspec

from app.settings import Settings
from app.values import Refusal

SHORTEST = 10  # characters of a password
ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")


class BadPerson(Refusal):
    status = 2


class Person(msgspec.Struct, frozen=True):
    email: str
    name: str


def check(email: str, name: str | None) -> Person:
    """The person, with the address in lower case. Raises BadPerson."""
    address = parseaddr(email)[1].strip().lower()
    if address != email.strip().lower() or not ADDRESS.fullmatch(address) or len(address) > 254:
        raise BadPerson(f"{email!r} is not an e-mail address.")
    given = (name or address.partition("@")[0]).strip()
    if not 0 < len(given) <= 120:
        raise BadPerson("A name has 1 to 120 characters.")
    return Person(address, given)


def made_up() -> str:
    """A password nobody can guess, easy enough to type."""
    return secrets.token_urlsafe(12)


async def add(shop: Settings, person: Person, password: str, role: str) -> None:
    """The person can sign in with this password, and do what the role may. Raises BadPerson when it is too short."""
    if len(password) < SHORTEST:
        raise BadPerson(f"A password has at least {SHORTEST} characters.")
    from app.admin import operations as admin

    async with _opened(shop):
        await admin.add_staff(email=person.email, name=person.name, password=password, role=role)


async def listed(shop: Settings) -> list[dict[str, Any]]:
    """Everybody who may sign in."""
    from app.admin import operations as admin

    async with _opened(shop):
        return [msgspec.structs.asdict(each) for each in await admin.all_staff()]


async def change(shop: Settings, email: str, role: str) -> None:
    """They may do this now. Raises NoSuchPerson, NeedsOwner."""
    from app.admin import operations as admin

    async with _opened(shop):
        await admin.change_role(email, role)


async def remove(shop: Settings, email: str) -> None:
    """They can't sign in any more. Raises NoSuchPerson, NeedsOwner."""
    from app.admin import operations as admin

    async with _opened(shop):
        await admin.remove_staff(email)


@asynccontextmanager
async def _opened(shop: Settings) -> AsyncIterator[None]:
    from app.db.engines import close_databases, open_databases

    await open_databases(shop)
    try:
        yield
    finally:
        await close_databases()
