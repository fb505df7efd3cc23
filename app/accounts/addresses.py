"""The address book: on the shopper's shard, asked for with its owner every time."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec

from app.db.engines import Database, reading, writing
from app.values import Refusal, bucket_of, new_id

MOST = 20
FIELDS = ("name", "line1", "line2", "city", "postcode", "country", "phone")
WRITTEN = """
    UPDATE address SET name = $3, line1 = $4, line2 = $5, city = $6, postcode = $7, country = $8, phone = $9
    WHERE id = $2 AND shopper_id = $1
"""
KEPT = """
    INSERT INTO address (id, shopper_id, name, line1, line2, city, postcode, country, phone, is_default)
    SELECT $2, $1, $3, $4, $5, $6, $7, $8, $9, NOT EXISTS (SELECT FROM address WHERE shopper_id = $1)
    WHERE (SELECT count(*) FROM address WHERE shopper_id = $1) < $10
    ON CONFLICT (shopper_id, name, line1, line2, city, postcode, country) DO UPDATE SET phone = EXCLUDED.phone
"""

PROMOTED = """
    UPDATE address SET is_default = true
    WHERE id = (SELECT id FROM address WHERE shopper_id = $1 ORDER BY created_at, id LIMIT 1)
        AND NOT EXISTS (SELECT FROM address WHERE shopper_id = $1 AND is_default)
"""


class NoSuchAddress(Refusal):
    """Somebody else's answers the same as none."""

    say = "This address is not in your book any more."
    status = 404


class FullBook(Refusal):
    say = f"An address book holds {MOST} addresses. Please delete one first."


class SavedAddress(msgspec.Struct, frozen=True, kw_only=True):
    """One of a shopper's addresses."""

    address_id: UUID
    name: str
    line1: str
    line2: str
    city: str
    postcode: str
    country: str
    phone: str
    is_default: bool

    @property
    def typed(self) -> dict[str, str]:
        """As the fields of a form."""
        return {name: getattr(self, name) for name in FIELDS}


async def addresses_of(shopper_id: UUID) -> list[SavedAddress]:
    """The shopper's addresses, the default first."""
    async with reading(shopper_id) as db:
        rows = await db.fetch(
            "SELECT id AS address_id, name, line1, line2, city, postcode, country, phone, is_default FROM address"
            " WHERE shopper_id = $1 ORDER BY is_default DESC, created_at, id",
            shopper_id,
        )
    return [SavedAddress(**row) for row in rows]


async def keep_address(shopper_id: UUID, typed: dict[str, str]) -> None:
    """The address is in the book, once however often it is kept; the first one is the default. Raises FullBook."""
    async with writing(shopper_id) as db:
        await _owned(db, shopper_id)
        if not await db.execute(KEPT, shopper_id, new_id(bucket_of(shopper_id)), *_values(typed), MOST):
            raise FullBook


async def write_address(shopper_id: UUID, address_id: UUID, typed: dict[str, str]) -> None:
    """The address says this now; where the book says it twice, once is enough. Raises NoSuchAddress."""
    async with writing(shopper_id) as db:
        await _owned(db, shopper_id)
        same = (
            "DELETE FROM address WHERE shopper_id = $1 AND id <> $2"
            " AND (name, line1, line2, city, postcode, country) = ($3, $4, $5, $6, $7, $8)"
        )
        values = _values(typed)
        await db.execute(same, shopper_id, address_id, *values[:-1])
        if not await db.execute(WRITTEN, shopper_id, address_id, *values):
            raise NoSuchAddress
        await db.execute(PROMOTED, shopper_id)


async def make_default(shopper_id: UUID, address_id: UUID) -> None:
    """Checkouts begin with this address. Raises NoSuchAddress."""
    async with writing(shopper_id) as db:
        await _owned(db, shopper_id)
        await db.execute("UPDATE address SET is_default = false WHERE shopper_id = $1 AND is_default", shopper_id)
        sql = "UPDATE address SET is_default = true WHERE shopper_id = $1 AND id = $2"
        if not await db.execute(sql, shopper_id, address_id):
            raise NoSuchAddress


async def forget_address(shopper_id: UUID, address_id: UUID) -> None:
    """The address is out of the book; the oldest of the others takes its place as the default. Raises NoSuchAddress."""
    async with writing(shopper_id) as db:
        await _owned(db, shopper_id)
        if not await db.execute("DELETE FROM address WHERE shopper_id = $1 AND id = $2", shopper_id, address_id):
            raise NoSuchAddress
        await db.execute(PROMOTED, shopper_id)


async def _owned(db: Database, shopper_id: UUID) -> None:
    """Changes of one book follow one another, so that it has one default."""
    await db.execute("SELECT FROM shopper WHERE id = $1 FOR NO KEY UPDATE", shopper_id)


def _values(typed: dict[str, str]) -> list[Any]:
    return [typed.get(name, "") for name in FIELDS]
