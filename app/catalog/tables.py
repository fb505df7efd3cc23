from __future__ import annotations

from piccolo.columns import JSONB, UUID, Array, BigInt, Boolean, Date, Integer, Real, Text, Timestamptz, Varchar
from piccolo.constraints import Unique
from piccolo.table import Table

from app.catalog.picture_tables import Photograph, Picture, ProductPicture
from app.catalog.price_tables import Price, PricePast, TimedPrice
from app.db.engines import SHARED


class Maker(Table, tablename="maker", db=SHARED):
    """Who makes a product."""

    id = UUID(primary_key=True, default=None)
    slug = Varchar(length=80, unique=True)
    name = Varchar(length=120)
    place = Varchar(length=120)
    story = Text()


class Category(Table, tablename="category", db=SHARED):
    """A node of the tree. `path` is its address: 'table/mugs'."""

    id = UUID(primary_key=True, default=None)
    parent_id = UUID(null=True, default=None, index=True)
    path = Varchar(length=200, unique=True)
    title = Varchar(length=120)
    summary = Text()
    position = Integer(default=0)


class ProductType(Table, tablename="product_type", db=SHARED):
    """What a kind of product has: its attributes, of which some are options a shopper chooses."""

    id = UUID(primary_key=True, default=None)
    code = Varchar(length=60, unique=True)
    title = Varchar(length=120)
    attributes = JSONB(default="[]", help_text="[{code, label, kind, unit, is_option, is_facet, is_public}]")


class Product(Table, tablename="product", db=SHARED):
    """What is sold, as a page shows it. Triggers keep `price_*`, `was_from` and `band`, so lists read one table."""

    id = UUID(primary_key=True, default=None)
    slug = Varchar(length=120, unique=True)
    title = Varchar(length=160)
    subtitle = Varchar(length=240)
    description = Text()
    type_id = UUID(default=None, index=True)
    maker_id = UUID(default=None, index=True)
    category_id = UUID(default=None, index=True)
    status = Varchar(length=20, default="draft", help_text="draft | published | archived")
    publish_at = Timestamptz(null=True, default=None)
    attributes = JSONB(default="{}")
    keywords = Text(default="")
    rank = Integer(default=0, help_text="lower comes first in a category")
    price_from = BigInt(null=True, default=None, help_text="minor units")
    price_to = BigInt(null=True, default=None, help_text="minor units")
    was_from = BigInt(null=True, default=None, help_text="minor units, before the reduction")
    price_turns = Timestamptz(null=True, default=None, help_text="when time alone changes one of its prices")
    currency = Varchar(length=3, default="GBP")
    band = Varchar(length=10, default="out", help_text="in | few | out | later: the best of its variants")
    picture_hash = Varchar(length=64, null=True, default=None)
    personalisation = JSONB(
        null=True, default=None, help_text="{label, most, chars, needed, extra}: catalog/personal.py"
    )
    shipping_class = Varchar(length=10, default="parcel", help_text="parcel | bulky: does not fit one")
    one_each = Boolean(default=False, help_text="a drop: each customer may buy one, whichever of its variants")
    rating_sum = Integer(default=0)
    rating_count = Integer(default=0)
    version = Integer(default=1, help_text="counts edits; a form that saves names the one it read")
    created_at = Timestamptz()
    updated_at = Timestamptz()


class Variant(Table, tablename="variant", db=SHARED):
    """One thing that can be put in a cart."""

    id = UUID(primary_key=True, default=None, help_text="its bucket says which shard holds its stock")
    product_id = UUID(default=None, index=True)
    sku = Varchar(length=80, unique=True)
    title = Varchar(length=160)
    options = JSONB(default="{}", help_text="{option code: value}")
    position = Integer(default=0)
    published = Boolean(default=True)
    policy = Varchar(length=20, default="stock", help_text="stock | made_to_order | preorder")
    lead_days = Integer(default=0)
    back_on = Date(null=True, default=None)


class FacetValue(Table, tablename="facet_value", db=SHARED):
    """Something products can be found by, as a number. Written by facets.sql alone, and never taken away."""

    id = Integer(primary_key=True)
    name = Varchar(length=80, help_text="maker | stock | offer | rating | f_<attribute>[-<unit>]")
    value = Varchar(length=80)

    one_number = Unique([name, value])


class ProductFacet(Table, tablename="product_facet", db=SHARED):
    """A published product as lists filter, count and order it. Written by facets.sql alone."""

    product_id = UUID(primary_key=True, default=None)
    category_id = UUID(default=None)
    type_id = UUID(default=None)
    rank = Integer()
    price = BigInt(help_text="price_from, minor units")
    publish_at = Timestamptz(null=True, default=None)
    since = Timestamptz(index=True, help_text="when it came into the shop")
    rating = Real(
        help_text="three ratings of 4.0 added to its own, so that one loud one does not outrank many good ones"
    )
    facets = Array(base_column=Integer(), help_text="numbers of facet_value")


class FacetTally(Table, tablename="facet_tally", db=SHARED):
    """So many more (or fewer) products of a category have this value. Written by tallies.sql alone."""

    id = BigInt(primary_key=True, default=None)
    category_id = UUID(default=None)
    value = Integer(help_text="number of facet_value; 0: products")
    many = Integer()


class Collection(Table, tablename="collection", db=SHARED):
    """A named set of products, by hand or by rule."""

    id = UUID(primary_key=True, default=None)
    slug = Varchar(length=80, unique=True)
    title = Varchar(length=120)
    summary = Text()
    kind = Varchar(length=10, help_text="rule | manual")
    rule = JSONB(default="{}")
    position = Integer(default=0)


class CollectionProduct(Table, tablename="collection_product", db=SHARED):
    """A product's place in a manual collection."""

    id = UUID(primary_key=True, default=None)
    collection_id = UUID(default=None, index=True)
    product_id = UUID(default=None, index=True)
    position = Integer(default=0)


class Association(Table, tablename="association", db=SHARED):
    """A product that merchandisers show beside another."""

    id = UUID(primary_key=True, default=None)
    product_id = UUID(default=None)
    other_id = UUID(default=None, index=True)
    position = Integer(default=0)

    once = Unique([product_id, other_id])


class Bought(Table, tablename="bought", db=SHARED):
    """A product of an order. A projection, written with `order_index`."""

    id = UUID(primary_key=True, default=None)
    order_id = UUID(default=None)
    product_id = UUID(default=None)
    at = Timestamptz(index=True)

    once_per_order = Unique([order_id, product_id])


class Redirect(Table, tablename="redirect", db=SHARED):
    """Where an old address went."""

    id = UUID(primary_key=True, default=None)
    old_path = Varchar(length=300, unique=True)
    new_path = Varchar(length=300)


__all__ = ["Photograph", "Picture", "Price", "PricePast", "ProductPicture", "TimedPrice"]  # and all of the above
