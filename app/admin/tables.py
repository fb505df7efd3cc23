from __future__ import annotations

from piccolo.columns import JSONB, UUID, Bytea, Timestamptz, Varchar
from piccolo.table import Table

from app.db.engines import SHARED


class Staff(Table, tablename="staff", db=SHARED):
    """Someone who may open the admin."""

    id = UUID(primary_key=True, default=None)
    email = Varchar(length=254, unique=True)
    name = Varchar(length=120)
    password_hash = Varchar(length=200)
    role = Varchar(length=12, default="owner", help_text="owner | merchant | orders | reader")
    created_at = Timestamptz()


class StaffSession(Table, tablename="staff_session", db=SHARED):
    """A browser of a member of staff. Only the token's SHA-256 is stored."""

    id = UUID(primary_key=True, default=None)
    token_hash = Bytea(unique=True)
    staff_id = UUID(default=None, index=True)
    created_at = Timestamptz()
    expires_at = Timestamptz()


class Checkup(Table, tablename="checkup", db=SHARED):
    """One look at all promises and at the provider's books (`app/ops/checkup.py`)."""

    id = UUID(primary_key=True, default=None)
    began_at = Timestamptz(index=True)
    ended_at = Timestamptz(null=True, default=None)
    found = JSONB(default="[]", help_text="what is not true: sentences with how many and some examples")
