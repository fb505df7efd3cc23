from __future__ import annotations

from typing import Any

from piccolo.columns import JSONB, UUID, Array, Boolean, Column, Date, Integer, Timestamptz, Varchar
from piccolo.constraints import Unique
from piccolo.table import Table

from app.db.engines import SHARED


class Vector(Column):
    """Words as PostgreSQL's full text search keeps them. Only SQL reads and writes it."""

    value_type = str

    def __init__(self, **more: Any) -> None:
        super().__init__(**{"default": None, "null": False} | more)

    @property
    def column_type(self) -> str:
        return "TSVECTOR"


class SearchEntry(Table, tablename="search_entry", db=SHARED):
    """What search knows of a product; triggers keep it (app/search/index.sql)."""

    product_id = UUID(primary_key=True, default=None)
    heading = Vector(help_text="title A, maker and keywords B")
    document = Vector(help_text="the heading, then category, subtitle, attributes and options C, description D")
    shown = Boolean(help_text="published and priced")
    publish_at = Timestamptz(null=True, default=None)
    rank = Integer()


class SearchDue(Table, tablename="search_due", db=SHARED):
    """Products of a big change whose entries the relay brings up to date."""

    id = UUID(primary_key=True, default=None)
    at = Timestamptz()
    product_ids = Array(base_column=UUID(default=None))


class SearchWord(Table, tablename="search_word", db=SHARED):
    """A word of the catalogue, as it is spelt; never of a shopper's question."""

    word = Varchar(length=40, primary_key=True)


class Synonym(Table, tablename="synonym", db=SHARED):
    """Words that mean the same. `both`: each of `terms` finds the others; `one`: each of `terms` finds `means` as well."""

    id = UUID(primary_key=True, default=None)
    kind = Varchar(length=10, help_text="both | one")
    terms = JSONB(default="[]")
    means = JSONB(default="[]")
    version = Integer(default=1, help_text="counts edits; a form that saves names the one it read")
    updated_at = Timestamptz()


class SearchDay(Table, tablename="search_day", db=SHARED):
    """How often a question was asked on one day. Of who asked there is nothing."""

    id = UUID(primary_key=True, default=None)
    day = Date()
    query = Varchar(length=100)
    asked = Integer(default=0)
    found = Integer(null=True, default=None, help_text="products that answered it when last looked at")

    one_per_day = Unique([day, query])


class SearchLog(Table, tablename="search_log", db=SHARED):
    """How far the access log of an edge node has been counted."""

    node = Varchar(length=80, primary_key=True)
    counted_to = Timestamptz()
