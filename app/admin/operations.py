from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from uuid import UUID

import msgspec

from app.admin import roles
from app.db.engines import EVERYONE, Database, reading, writing
from app.values import HOUR, MINUTE, Refusal, any_bucket, new_id, seconds
from app.web import passwords

LONGEST = seconds(12 * HOUR)  # a session ends after this, whatever happens
IDLE = seconds(30 * MINUTE)  # and after this without a click
STEP = seconds(1 * MINUTE)  # a click within a minute of the last one writes nothing


class AlreadyStaff(Refusal):
    say = "There is an account with this e-mail address already."


class WrongSignIn(Refusal):
    say = "This e-mail address and password do not belong together."
    status = 422


class NoSuchPerson(Refusal):
    say = "Nobody of the staff has this e-mail address."
    status = 404


class NeedsOwner(Refusal):
    say = "The shop needs an owner, and this is the last one."


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """A member of staff who is signed in. `at` is the database's clock when the request came."""

    staff_id: UUID
    name: str
    email: str
    at: datetime
    role: str = "owner"

    def may(self, path: str, *, writes: bool = False) -> bool:
        return roles.may(self.role, path, writes=writes)


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody of the staff. `seen_at`: when they last signed in, while that session is not over."""

    email: str
    name: str
    role: str
    created_at: datetime
    seen_at: datetime | None


async def add_staff(*, email: str, name: str, password: str, role: str = "owner") -> UUID:
    """Someone more may sign in. Returns their id. Raises AlreadyStaff."""
    staff_id, hashed = new_id(any_bucket()), await passwords.hashed(password)
    async with writing(EVERYONE) as db:
        added = await db.execute(
            "INSERT INTO staff (id, email, name, password_hash, role) VALUES ($1, $2, $3, $4, $5)"
            " ON CONFLICT (email) DO NOTHING",
            *(staff_id, _address(email), name, hashed, role),
        )
    if not added:
        raise AlreadyStaff
    return staff_id


async def all_staff() -> list[Known]:
    """Who may sign in."""
    async with writing(EVERYONE) as db:
        rows = await db.fetch(
            "SELECT email, name, role, created_at, (SELECT max(created_at) FROM staff_session WHERE staff_id = t.id) AS seen_at"
            " FROM staff t ORDER BY email"
        )
    return [msgspec.convert(dict(row), Known) for row in rows]


async def change_role(email: str, role: str) -> None:
    """They may do this from their next click on. Raises NoSuchPerson, NeedsOwner."""
    async with writing(EVERYONE) as db:
        await _may_go(db, email, stays=role == "owner")
        await db.execute("UPDATE staff SET role = $2 WHERE email = $1", _address(email), role)


async def remove_staff(email: str) -> None:
    """They can't sign in any more, and are signed out everywhere; what they did stays noted. Raises NoSuchPerson, NeedsOwner."""
    async with writing(EVERYONE) as db:
        await _may_go(db, email, stays=False)
        await db.execute("DELETE FROM staff WHERE email = $1", _address(email))


async def _may_go(db: Database, email: str, *, stays: bool) -> None:
    """Nothing, if there is such a person and another owner, or this is none, or `stays` one."""
    await db.execute("LOCK TABLE staff IN SHARE ROW EXCLUSIVE MODE")  # two who remove each other leave one
    role = await db.fetchval("SELECT role FROM staff WHERE email = $1", _address(email))
    if role is None:
        raise NoSuchPerson
    owners = await db.fetchval("SELECT count(*) FROM staff WHERE role = 'owner'")
    if role == "owner" and not stays and owners == 1:
        raise NeedsOwner


async def sign_in(email: str, password: str, *, instead_of: str) -> str:
    """A new session's token, which is stored nowhere; the browser's session before (`instead_of`) is over.

    Raises WrongSignIn, in the same words and after the same work for an unknown address and a wrong password.
    """
    async with reading(EVERYONE) as db:
        row = await db.fetchrow("SELECT id, password_hash FROM staff WHERE email = $1", _address(email))
    stored = row["password_hash"] if row else passwords.NOBODY
    if not await passwords.matches(stored, password) or row is None:
        raise WrongSignIn
    fresh = await passwords.hashed(password) if passwords.outdated(stored) else stored
    token = secrets.token_urlsafe(32)
    async with writing(EVERYONE) as db:
        await db.execute("DELETE FROM staff_session WHERE token_hash = $1 OR expires_at < now()", _hash(instead_of))
        if fresh != stored:
            await db.execute("UPDATE staff SET password_hash = $2 WHERE id = $1", row["id"], fresh)
        await db.execute(
            "INSERT INTO staff_session (id, token_hash, staff_id, expires_at) VALUES ($1, $2, $3, now() + $4)",
            new_id(any_bucket()),
            _hash(token),
            row["id"],
            IDLE,
        )
    return token


async def sign_out(token: str) -> None:
    """The session is over, also for whoever copied its cookie."""
    async with writing(EVERYONE) as db:
        await db.execute("DELETE FROM staff_session WHERE token_hash = $1", _hash(token))


async def greet(token: str) -> Person | None:
    """Who the token's session belongs to, or None when there is none or it is over. The session lives on.

    Asks the primary: a replica would not know yet who has just signed in, or out.
    """
    async with writing(EVERYONE) as db:
        row = await db.fetchrow(
            "SELECT s.id, s.expires_at < least(s.created_at + $2, now() + $3) AS sleepy, "
            "t.id AS staff_id, t.name, t.email, t.role, clock_timestamp() AS at "
            "FROM staff_session s JOIN staff t ON t.id = s.staff_id WHERE s.token_hash = $1 AND s.expires_at > now()",
            _hash(token),
            LONGEST,
            IDLE - STEP,
        )
        if row is None:
            return None
        if row["sleepy"]:
            await _lengthen(db, row["id"])
    return Person(staff_id=row["staff_id"], name=row["name"], email=row["email"], at=row["at"], role=row["role"])


async def _lengthen(db: Database, session_id: UUID) -> None:
    await db.execute(
        "UPDATE staff_session SET expires_at = least(created_at + $2, now() + $3) WHERE id = $1",
        session_id,
        LONGEST,
        IDLE,
    )


def _address(email: str) -> str:
    return email.strip().lower()


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
