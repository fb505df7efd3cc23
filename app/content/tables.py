from __future__ import annotations

from piccolo.columns import JSONB, UUID, Boolean, Integer, Varchar
from piccolo.table import Table

from app.db.engines import SHARED


class Block(Table, tablename="block", db=SHARED):
    """One section of a merchandised page, in order."""

    id = UUID(primary_key=True, default=None)
    page = Varchar(length=60, index=True)
    position = Integer(default=0)
    kind = Varchar(length=20, help_text="hero | categories | products | story | notice")
    body = JSONB(default="{}")
    published = Boolean(default=True)
