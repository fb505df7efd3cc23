"""People of the shop, as the command line adds them; the admin slice owns their rows."""

from __future__ import annotations

import re
import secrets
from email.utils import parseaddr

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


async def add(shop: Settings, person: Person, password: str) -> None:
    """The person can sign in with this password. Raises BadPerson when it is too short."""
    if len(password) < SHORTEST:
        raise BadPerson(f"A password has at least {SHORTEST} characters.")
    from app.admin import operations as admin
    from app.db.engines import close_databases, open_databases

    await open_databases(shop)
    try:
        await admin.add_staff(email=person.email, name=person.name, password=password)
    finally:
        await close_databases()
