from __future__ import annotations

import re
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, Response
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Meta

from app.accounts import operations as accounts
from app.reviews import operations
from app.reviews.queries import reviews_url
from app.reviews.rules import Asked
from app.values import DAY, Refusal
from app.web.client import client_of
from app.web.forms import read_form
from app.web.pages import Visitor, action, done, remember

SAME = 5  # votes on one review from one network in a day: a household, not whoever throws cookies away
SLUG = re.compile(r"[a-z0-9-]{1,120}")


class VoteForm(msgspec.Struct):
    """Yes or no; `slug`: whose list of reviews to go back to."""

    helpful: Annotated[str, Meta(pattern="^(yes|no)$")]
    slug: str = ""


class NoVote(Refusal):
    say = "Please say yes or no. Nothing was counted."
    status = 422


class EnoughVotes(Refusal):
    say = "Enough people at your place have voted on this review today. Nothing was counted."
    status = 429


class ThanksView(msgspec.Struct, frozen=True, kw_only=True):
    """Nothing of the visitor's: what they said stays between them and their shard."""

    helpful: bool


@action("/reviews/{review_id:uuid}/votes", name="vote")
async def vote(request: Request, review_id: FromPath[UUID], visitor: NamedDependency[Visitor]) -> Response:
    """Whether a review helped. A first action makes the visitor a shopper with a session."""
    form = await read_form(request, VoteForm)
    if form.value is None:
        raise NoVote
    helpful, slug = form.value.helpful == "yes", form.value.slug
    await _count(review_id, client_of(request))
    shopper_id = visitor.shopper_id or await _become_shopper(request)
    await operations.vote(shopper_id, review_id, helpful=helpful)
    back = reviews_url(slug, Asked()) if SLUG.fullmatch(slug) else "/"
    return done(request, then=back, template="reviews/_voted.html", view=ThanksView(helpful=helpful))


async def _count(review_id: UUID, client: str) -> None:
    """One more vote of this network, in all and on this review. Raises TooManyTries, EnoughVotes."""
    await accounts.count_client("vote", client)
    try:
        await accounts.count_client(f"vote {review_id}", client, SAME, DAY)
    except accounts.TooManyTries:
        raise EnoughVotes from None


async def _become_shopper(request: Request) -> UUID:
    session = await accounts.open_session()
    remember(request, token=session.token, pv=session.pv, units=0)
    return session.shopper_id


ROUTES: list[Any] = [vote]
