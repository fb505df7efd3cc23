"""What tests are made of: each maker writes one thing with everything it needs; parameters show only what matters."""

from __future__ import annotations

import itertools
import re
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from app.accounts import operations as accounts
from app.cart import operations as cart
from app.cart.queries import cart_of
from app.cart.rules import Cart
from app.catalog.queries import sellables
from app.catalog.tables import (
    Association,
    Category,
    Collection,
    CollectionProduct,
    Maker,
    Picture,
    Price,
    Product,
    ProductPicture,
    ProductType,
    Redirect,
    Variant,
)
from app.content.tables import Block
from app.db.engines import EVERYONE, all_shards, writing
from app.db.sharding import shard_of
from app.inventory.tables import Stock, StockBand, StockLedger
from app.orders import operations as orders
from app.orders.operations import Placing
from app.orders.queries import State
from app.orders.quotes import quote as orders_quote
from app.promotions.operations import open_limits
from app.promotions.queries import NOTHING, Ask, Reckoned, Wanted, reckoned
from app.promotions.tables import Promotion, PromotionCode
from app.promotions.terms import Action, Fixed, Percent, Terms
from app.reviews.tables import Review
from app.settings import settings
from app.values import any_bucket, bucket_of, new_id, now

_count = itertools.count(1)


def unique(word: str) -> str:
    """An address no other maker of this database has used."""
    return f"{re.sub('[^a-z0-9]+', '-', word.lower()).strip('-')}-{new_id(any_bucket()).hex[-8:]}-{next(_count)}"


class AVariant(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    product_id: UUID
    sku: str
    price: int | None


class AProduct(msgspec.Struct, frozen=True, kw_only=True):
    """`variant_id` is that of the first variant; `url` the product's page."""

    id: UUID
    slug: str
    title: str
    category_id: UUID
    category_path: str
    maker_id: UUID
    type_id: UUID
    variants: list[AVariant]

    @property
    def variant_id(self) -> UUID:
        return self.variants[0].id

    @property
    def url(self) -> str:
        return f"/p/{self.slug}"


class ACollection(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    slug: str

    @property
    def url(self) -> str:
        return f"/c/{self.slug}"


class APromotion(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    code: str


class ACategory(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    path: str
    title: str

    @property
    def url(self) -> str:
        return f"/c/{self.path}"


async def a_maker(*, name: str = "Hollow Lane Pottery") -> UUID:
    id = new_id(any_bucket())
    async with writing(EVERYONE):
        await Maker.insert(
            Maker(id=id, slug=unique("maker"), name=name, place="Ludlow", story="Two wheels and a kiln.")
        )
    return id


async def a_category(
    *, title: str = "Mugs", parent: ACategory | None = None, top: bool = False, position: int = 0
) -> ACategory:
    """A category below `parent`, else below one that all tests share; with `top` at the top, in every page's menu."""
    parent = parent or (None if top else await _root())
    id, step = new_id(any_bucket()), unique(title)
    path = f"{parent.path}/{step}" if parent else step
    async with writing(EVERYONE):
        row = Category(
            id=id,
            parent_id=parent and parent.id,
            path=path,
            title=title,
            summary=f"All {title.lower()}.",
            position=position,
        )
        await Category.insert(row)
    return ACategory(id=id, path=path, title=title)


async def _root() -> ACategory:
    async with writing(EVERYONE) as db:
        sql = "INSERT INTO category (id, path, title) VALUES ($1, 'everything', 'Everything') ON CONFLICT (path) DO NOTHING"
        await db.execute(sql, new_id(any_bucket()))
        id = await db.fetchval("SELECT id FROM category WHERE path = 'everything'")
    return ACategory(id=id, path="everything", title="Everything")


async def a_product_type(attributes: list[dict[str, Any]] | None = None) -> UUID:
    """A type with these attributes, each at least {code, label}."""
    id = new_id(any_bucket())
    async with writing(EVERYONE):
        await ProductType.insert(ProductType(id=id, code=unique("type"), title="Thing", attributes=attributes or []))
    return id


async def a_product(
    *,
    title: str = "Brown teapot",
    price: int | None = 1400,
    band: str = "in",
    variants: list[dict[str, Any]] | None = None,
    options: list[str] | None = None,
    category: ACategory | None = None,
    **more: Any,
) -> AProduct:
    """A published product. `variants`: keyword arguments of `a_variant` for each (by default one, at `price`).

    `options`: option codes of its type, labelled by their capitalised code. `more`: columns of Product.
    """
    category = category or await a_category()
    attributes = [{"code": code, "label": code.capitalize(), "is_option": True} for code in options or []]
    type_id = more.pop("type_id", None) or await a_product_type(attributes)
    maker_id = more.pop("maker_id", None) or await a_maker()
    id, slug = new_id(any_bucket()), more.pop("slug", None) or unique(title)
    row = {
        "subtitle": "Holds four cups",
        "description": "It pours.\n\nIt does not drip.",
        "status": "published",
        "created_at": now(),
        "updated_at": now(),
    }
    keys = {
        "id": id,
        "slug": slug,
        "title": title,
        "type_id": type_id,
        "maker_id": maker_id,
        "category_id": category.id,
    }
    each_of = [{"price": price, "band": band, "position": at} | each for at, each in enumerate(variants or [{}])]
    plans = [_plan(id, **each) for each in each_of]
    async with writing(EVERYONE):
        await Product.insert(Product(**(row | keys | more)))
        await _write(plans)
    await _stock(plans)
    return AProduct(
        id=id, slug=slug, title=title, category_id=category.id, category_path=category.path, maker_id=maker_id, type_id=type_id,
        variants=[plan.made for plan in plans],
    )  # fmt: skip


class _Plan(msgspec.Struct, frozen=True, kw_only=True):
    made: AVariant
    row: Variant
    prices: list[Price]
    band: StockBand
    stock: Stock


async def a_variant(product_id: UUID, **about: Any) -> AVariant:
    """A variant with its price, its stock and the band pages show of it; `about` is what `_plan` takes."""
    plan = _plan(product_id, **about)
    async with writing(EVERYONE):
        await _write([plan])
    await _stock([plan])
    return plan.made


def _plan(
    product_id: UUID,
    *,
    price: int | None = 1400,
    was: int | None = None,
    breaks: dict[int, int] | None = None,
    band: str = "in",
    stock: int | None = None,
    options: dict[str, str] | None = None,
    policy: str = "stock",
    back_on: date | None = None,
    **more: Any,
) -> _Plan:
    """`breaks`: from quantity -> price. `stock`: by default what the band says: 20, 2 or 0 units. `more`: columns of Variant."""
    id, sku = new_id(any_bucket()), more.pop("sku", None) or unique("sku").upper()
    title = more.pop("title", None) or ", ".join((options or {}).values())
    prices = {**({1: price} if price is not None else {}), **(breaks or {})}
    units = {"in": 20, "few": 2}.get(band, 0) if stock is None else stock
    return _Plan(
        made=AVariant(id=id, product_id=product_id, sku=sku, price=price),
        row=Variant(
            id=id,
            product_id=product_id,
            sku=sku,
            title=title,
            options=options or {},
            policy=policy,
            back_on=back_on,
            **more,
        ),
        prices=[_price(id, many, amount, was if many == 1 else None) for many, amount in prices.items()],
        band=StockBand(variant_id=id, band=band, back_on=back_on, version=1, updated_at=now()),
        stock=Stock(variant_id=id, on_hand=units, policy=policy, back_on=back_on, band=band, band_version=1),
    )


async def _write(plans: list[_Plan]) -> None:
    await Variant.insert(*(plan.row for plan in plans))
    if prices := [price for plan in plans for price in plan.prices]:
        await Price.insert(*prices)
    await StockBand.insert(*(plan.band for plan in plans))


async def _stock(plans: list[_Plan]) -> None:
    by_shard: dict[str, list[_Plan]] = {}
    for plan in plans:
        by_shard.setdefault(shard_of(bucket_of(plan.made.id), all_shards()).schema, []).append(plan)
    for together in by_shard.values():
        async with writing(together[0].made.id):
            await Stock.insert(*(plan.stock for plan in together))
            await StockLedger.insert(*(_opening(plan.stock) for plan in together))


def _opening(stock: Stock) -> StockLedger:
    id = new_id(bucket_of(stock.variant_id))
    return StockLedger(id=id, variant_id=stock.variant_id, delta=stock.on_hand, reason="opening", at=now())


def _price(variant_id: UUID, many: int, amount: int, was: int | None) -> Price:
    now_in = settings()
    id = new_id(any_bucket())
    return Price(
        id=id,
        variant_id=variant_id,
        market=now_in.market,
        currency=now_in.currency,
        amount=amount,
        was=was,
        min_quantity=many,
    )


async def a_picture(product: AProduct, *, variant_id: UUID | None = None, position: int = 0) -> str:
    """A picture of a product, or of one of its variants; returns its hash. The first one is on its card."""
    hash = unique("picture").replace("-", "")
    async with writing(EVERYONE) as db:
        params = {"glaze": "moss"}
        await Picture.insert(
            Picture(hash=hash, family="mug", params=params, view="front", alt="A mug in moss", width=800, height=1000)
        )
        id = new_id(any_bucket())
        await ProductPicture.insert(
            ProductPicture(id=id, product_id=product.id, variant_id=variant_id, picture_hash=hash, position=position)
        )
        await db.execute("UPDATE product SET picture_hash = coalesce(picture_hash, $2) WHERE id = $1", product.id, hash)
    return hash


async def a_collection(
    *, rule: dict[str, Any] | None = None, products: list[AProduct] | None = None, title: str = "On sale"
) -> ACollection:
    """A collection by rule, or of these products in this order."""
    id, slug = new_id(any_bucket()), unique("collection")
    async with writing(EVERYONE):
        row = Collection(id=id, slug=slug, title=title, summary="", kind="rule" if rule else "manual", rule=rule or {})
        await Collection.insert(row)
        for position, product in enumerate(products or []):
            member = CollectionProduct(
                id=new_id(any_bucket()), collection_id=id, product_id=product.id, position=position
            )
            await CollectionProduct.insert(member)
    return ACollection(id=id, slug=slug)


async def a_review(product: AProduct, *, rating: int = 5, state: str = "approved", **more: Any) -> UUID:
    """A review of a product; `more`: columns of Review."""
    id = new_id(any_bucket())
    row = {"author": "Ada", "title": "Very good", "body": "It pours well.", "created_at": now()} | more
    async with writing(EVERYONE):
        await Review.insert(Review(id=id, product_id=product.id, rating=rating, state=state, **row))
    return id


async def a_block(kind: str, body: dict[str, Any], *, position: int = 0, published: bool = True) -> UUID:
    """A section of the home page."""
    id = new_id(any_bucket())
    async with writing(EVERYONE):
        await Block.insert(Block(id=id, page="home", position=position, kind=kind, body=body, published=published))
    return id


async def a_redirect(old_path: str, new_path: str) -> None:
    async with writing(EVERYONE):
        await Redirect.insert(Redirect(id=new_id(any_bucket()), old_path=old_path, new_path=new_path))


async def a_shopper() -> UUID:
    """Someone with a session and nothing in the cart."""
    return (await accounts.open_session()).shopper_id


async def a_cart(lines: dict[UUID, int], shopper_id: UUID | None = None) -> Cart:
    """The cart of a shopper who put these units by variant in, one variant after another."""
    shopper_id = shopper_id or await a_shopper()
    for variant_id, quantity in lines.items():
        await cart.add(shopper_id, await cart.offer_of(variant_id), quantity)
    found = await cart_of(shopper_id)
    assert found is not None
    return found


async def a_promotion(
    action: Action | None = None, *, code: str = "", codes: tuple[str, ...] = (), **more: Any
) -> APromotion:
    """An active promotion; with a code it is for that code. `more`: fields of its Terms, else columns of Promotion.

    Automatic ones apply to every cart of the database: say `only`.
    """
    id = new_id(any_bucket())
    terms = Terms(
        action=action or Percent(basis_points=1000),
        **{k: more.pop(k) for k in list(more) if k in Terms.__struct_fields__},
    )
    assert code or codes or terms.only, "it would apply to the carts of all tests"
    row = {
        "title": "Ten off",
        "state": "active",
        "currency": settings().currency,
        "created_at": now(),
        "updated_at": now(),
    }
    row |= {
        "trigger": "codes" if codes else "code" if code else "automatic",
        "terms": msgspec.json.encode(terms).decode(),
    }
    async with writing(EVERYONE):
        await Promotion.insert(Promotion(id=id, **(row | more)))
        for each in (*codes, *([code] if code else [])):
            await PromotionCode.insert(PromotionCode(code=each, promotion_id=id, at=now()))
    return APromotion(id=id, code=code)


async def something_off(variant_id: UUID, *, opened: bool = True) -> Reckoned:
    """A code that two orders may use, one of each address: two uses to hold, pin and claim beside the goods.

    `opened`: there are counters of them, as there are from the moment somebody presses the button.
    """
    code = unique("CODE").upper()
    await a_promotion(Fixed(amount=100), code=code, most_uses=2, most_each=1)
    return await off_of(code, variant_id, opened=opened)


async def off_of(code: str, variant_id: UUID, *, opened: bool = True) -> Reckoned:
    """What this code takes off one unit."""
    [offer] = (await sellables([variant_id])).values()
    line = Wanted(variant_id=variant_id, product_id=offer.product_id, unit_price=offer.unit_price, quantity=1)
    off = await reckoned(Ask(lines=[line], currency=offer.currency, code=code, email="ada@example.org"))
    if opened:
        await open_limits(use for each in off.discounts for use in each.uses)
    return off


async def a_shipping_method(
    code: str = "standard", *, price: int = 390, free_from: int | None = None, countries: list[str] | None = None
) -> str:
    """A way to deliver, known by its code; made once, since every checkout of this database shows it. Returns the code."""
    async with writing(EVERYONE) as db:
        await db.execute(
            "INSERT INTO shipping_method (id, code, title, promise, price, free_from, currency, position, countries)"
            " VALUES ($1, $2, $3, 'With you in two to four days', $4, $5, $6, $7, $8) ON CONFLICT (code) DO NOTHING",
            new_id(any_bucket()), code, code.capitalize(), price, free_from, settings().currency, price, countries,
        )  # fmt: skip
    return code


async def a_placing(
    lines: dict[UUID, int], shopper_id: UUID | None = None, *, off: Reckoned = NOTHING, **more: Any
) -> Placing:
    """What a shopper with these units in the cart has just agreed to, with this much off; `more`: other fields of Placing."""
    found = await a_cart(lines, shopper_id)
    offers = await sellables(list(lines))
    quote = orders_quote(
        [(offers[id], quantity) for id, quantity in lines.items()],
        ("standard", "Standard", 390),
        settings().currency,
        off,
        more.get("email", "ada@example.org"),
    )
    await open_limits(quote.rights)
    address = {
        "line1": "12 Long Lane",
        "city": "York",
        "postcode": "YO1 7AA",
        "country": "GB",
        "country_name": "United Kingdom",
    }
    fields = {
        "order_id": new_id(bucket_of(found.shopper_id)), "shopper_id": found.shopper_id, "cart_id": found.cart_id,
        "cart_version": found.version, "email": "ada@example.org", "name": "Ada Lovelace", "address": address,
        "note": "", "quote": quote,
    }  # fmt: skip
    return Placing(**(fields | more))


async def an_order(lines: dict[UUID, int] | None = None, **more: Any) -> State:
    """An order of these units (by default one of a new product), as far as the payment provider of the settings takes it."""
    return (await orders.place(await a_placing(lines or {(await a_product()).variant_id: 1}, **more))).state


async def an_association(product: AProduct, other: AProduct, position: int = 0) -> None:
    """Staff show `other` beside the product."""
    async with writing(EVERYONE):
        row = Association(id=new_id(any_bucket()), product_id=product.id, other_id=other.id, position=position)
        await Association.insert(row)
