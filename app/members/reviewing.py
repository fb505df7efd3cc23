"""A shopper's review of a product: a private form, beside the pages that show what others said."""

from __future__ import annotations

import time
from typing import Annotated

import msgspec
from litestar import Request, Response
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from msgspec import Meta

from app.accounts import operations as accounts
from app.catalog import queries as catalog
from app.catalog.queries import Reviewed
from app.members.door import shown
from app.orders import queries as orders
from app.reviews import operations as reviews
from app.reviews.operations import Written
from app.reviews.queries import QUICKEST, SLOWEST, age_of, own_review, plain, stamp
from app.settings import settings
from app.web.client import client_of
from app.web.forms import Form, read_form
from app.web.pages import Page, Visitor, action, page, redirect, remember
from app.web.templates import url

Author = Annotated[str, Meta(min_length=1, max_length=80, extra={"error": "A name of at most 80 characters, please."})]
Title = Annotated[
    str, Meta(min_length=1, max_length=120, extra={"error": "A heading of at most 120 characters, please."})
]
Body = Annotated[str, Meta(min_length=10, max_length=4000, extra={"error": "From 10 to 4,000 characters, please."})]
BY_CLIENT = 20  # reviews of one network in a quarter of an hour: staff have to read them
AGAIN = "This form was open for too long, or for no time at all. Please look at it once more, and send it again."


class ReviewForm(msgspec.Struct):
    """`website` is hidden: only programs fill it in. `shown`: when we showed the form."""

    rating: Annotated[int, Meta(ge=1, le=5, extra={"error": "Please choose from one to five stars."})]
    title: Title
    body: Body
    author: Author
    website: str = ""
    shown: str = ""


class ReviewView(msgspec.Struct, frozen=True, kw_only=True):
    """The form. `before`: whether it replaces what they said earlier; `verified`: whether they bought it here."""

    product: Reviewed
    typed: dict[str, str]
    errors: dict[str, str]
    shown: str
    before: bool
    verified: bool


class ThanksView(msgspec.Struct, frozen=True, kw_only=True):
    """What happens next."""

    slug: str
    title: str


@page("/account/reviews/{slug:str}", name="review")
async def review(slug: FromPath[str], visitor: NamedDependency[Visitor]) -> Page:
    """What they said, or room for it."""
    product = await _product(slug)
    said = await own_review(visitor.shopper_id, product.product_id) if visitor.shopper_id else None
    typed = {name: str(getattr(said, name)) for name in ("rating", "title", "body", "author")} if said else {}
    return await _form(visitor, product, typed)


@action("/account/reviews/{slug:str}", name="write_review")
async def write(request: Request, slug: FromPath[str], visitor: NamedDependency[Visitor]) -> Page | Response:
    """Takes it for staff to look at. Somebody new becomes a shopper with a session, so that they can change it."""
    product = await _product(slug)
    form = await read_form(request, ReviewForm)
    said = _plain(form)
    if form.typed.get("website"):
        return _thanks(slug)
    if not (said and QUICKEST <= (age_of(said.shown, settings().secret, int(time.time())) or 0) < SLOWEST):
        return await _form(visitor, product, form.typed, form.errors or {"shown": AGAIN}, 422)
    try:
        await _count(request, visitor)
    except accounts.TooManyTries as no:
        return await _form(visitor, product, form.typed, {"shown": no.say}, no.status)
    shopper_id = visitor.shopper_id
    verified = shopper_id is not None and await orders.has_bought(shopper_id, product.variant_ids)
    if shopper_id is None:
        session = await accounts.open_session()
        remember(request, token=session.token, pv=session.pv, units=0)
        shopper_id = session.shopper_id
    about = {name: getattr(said, name) for name in ("author", "rating", "title", "body")}
    await reviews.submit(
        Written(product_id=product.product_id, shopper_id=shopper_id, verified=verified, **about),
    )
    return _thanks(slug)


@page("/account/reviews/{slug:str}/thanks", name="review_thanks")
async def thanks(slug: FromPath[str]) -> Page:
    """It is there, and not to be seen yet."""
    product = await _product(slug)
    return shown("review_thanks", ThanksView(slug=product.slug, title=product.title))


async def _product(slug: str) -> Reviewed:
    product = await catalog.reviewed(slug) if slug.isprintable() else None
    if product is None:
        raise NotFoundException
    return product


def _plain(form: Form[ReviewForm]) -> ReviewForm | None:
    """What was typed without what nobody can read; judged again, since nothing may be left of it."""
    if form.value is None:
        return None
    texts = {name: plain(getattr(form.value, name)) for name in ("title", "body", "author")}
    texts |= {name: " ".join(texts[name].split()) for name in ("title", "author")}
    short = {"title": 1, "body": 10, "author": 1}
    form.errors |= {name: "Please write a little more." for name, least in short.items() if len(texts[name]) < least}
    return None if form.errors else msgspec.structs.replace(form.value, **texts)


async def _count(request: Request, visitor: Visitor) -> None:
    """One more try of this shopper and of this client. Raises TooManyTries."""
    await accounts.count_client("review", client_of(request), BY_CLIENT)
    if visitor.shopper_id:
        await accounts.count_try("review own", whose=str(visitor.shopper_id), client="")


async def _form(
    visitor: Visitor, product: Reviewed, typed: dict[str, str], errors: dict[str, str] | None = None, status: int = 200
) -> Page:
    known = visitor.shopper_id
    view = ReviewView(
        product=product,
        typed={name: text[:5000] for name, text in typed.items()},
        errors=errors or {},
        shown=stamp(int(time.time()), settings().secret),
        before=bool(known and await own_review(known, product.product_id)),
        verified=bool(known and await orders.has_bought(known, product.variant_ids)),
    )
    return shown("review", view, status)


def _thanks(slug: str) -> Response:
    return redirect(url("review_thanks", slug=slug))


ROUTES = [review, write, thanks]
