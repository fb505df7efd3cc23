from __future__ import annotations

from piccolo.columns import JSONB, UUID, Bytea, Integer, Varchar
from piccolo.table import Table

from app.db.engines import SHARED


class Picture(Table, tablename="picture", db=SHARED):
    """A drawing, named by the hash of what it draws, or a photograph, named by that of its files and its size."""

    hash = Varchar(length=64, primary_key=True)
    family = Varchar(length=40)
    params = JSONB(default="{}")
    view = Varchar(length=20)
    alt = Varchar(length=300)
    width = Integer(default=800)
    height = Integer(default=1000)


class Photograph(Table, tablename="photograph", db=SHARED):
    """A file of a photograph, by the end of its address: hash, width, kind."""

    name = Varchar(length=64, primary_key=True)
    body = Bytea()


class ProductPicture(Table, tablename="product_picture", db=SHARED):
    """A picture of a product, or of one of its variants."""

    id = UUID(primary_key=True, default=None)
    product_id = UUID(default=None, index=True)
    variant_id = UUID(null=True, default=None)
    picture_hash = Varchar(length=64)
    position = Integer(default=0)
