from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

import msgspec
from litestar import Request, Response
from litestar.exceptions import ClientException, NotFoundException

from app.admin import guard, live, rules
from app.admin import review_queries as queries
from app.admin.products import Tab
from app.admin.screens import MOST_FIELDS, screen, typed_fields
from app.reviews import operations
from app.web.pages import action, page, redirect

PICKED = re.compile(r"([0-9a-f-]{36}):([0-9]{1,8})")
DECISIONS = {"approve": "approved", "reject": "rejected", "wait": "pending"}
LONGEST = {"reply": 2000, "reason": 200}


class ReviewsView(msgspec.Struct, frozen=True, kw_only=True):
    """The queue. `done`, `left`: how many of those just picked were approved, and how many were not."""

    q: str
    state: str
    stars: str
    tabs: list[Tab]
    ratings: list[Tab]
    rows: list[queries.ReviewRow]
    here: str
    newest_url: str | None
    older_url: str | None
    done: int
    left: int


class ReviewView(msgspec.Struct, frozen=True, kw_only=True):
    """One review and the form that decides on it."""

    row: queries.ReviewRow
    typed: dict[str, str]
    errors: dict[str, str]
    problem: str | None
    live: live.LiveView


@page("/reviews", name="admin_reviews")
async def reviews(request: Request) -> Response:
    """Those that wait for a decision, unless others are asked for."""
    asked = request.query_params
    q = rules.search_of(asked.get("q", ""))
    state = asked.get("state", "") if asked.get("state") in queries.STATES else "pending"
    stars = asked.get("stars", "") if re.fullmatch("[1-5]", asked.get("stars", "")) else ""
    after = rules.cursor_of(asked.get("after", ""))
    rows, counts = await queries.review_rows(state, int(stars) if stars else None, q, after=after)
    view = _list_view(rows, counts, {"q": q, "state": state, "stars": stars}, further=after is not None)
    done, left = (rules.page_of(asked.get(name, "")) if asked.get(name) else 0 for name in ("done", "left"))
    return screen(request, "reviews.html", msgspec.structs.replace(view, done=done, left=left))


def _list_view(
    rows: list[queries.ReviewRow], counts: dict[str, int], asked: dict[str, str], *, further: bool
) -> ReviewsView:
    def to(**other: str) -> str:
        said = {name: text for name, text in (asked | other).items() if text and text != "pending"}
        return "/reviews" + (f"?{urlencode(said)}" if said else "")

    shown = rows[: queries.PER_PAGE]
    last = shown[-1] if len(rows) > len(shown) else None
    states = [(each.capitalize(), each) for each in queries.STATES]
    stars = [("Any stars", ""), *((f"{number} ★", str(number)) for number in (5, 4, 3, 2, 1))]
    return ReviewsView(
        **asked,
        tabs=[
            Tab(title=title, url=to(state=each), current=each == asked["state"], count=counts.get(each, 0))
            for title, each in states
        ],
        ratings=[Tab(title=title, url=to(stars=each), current=each == asked["stars"]) for title, each in stars],
        rows=shown,
        here=to(),
        newest_url=to() if further else None,
        older_url=to(after=rules.cursor(last.created_at, last.id)) if last else None,
        done=0,
        left=0,
    )


@action("/reviews", name="admin_approve_reviews")
async def approve(request: Request) -> Response:
    """Approves those that were picked, unless they changed meanwhile."""
    picked = await _picked(request)
    done = await operations.approve(picked, **_by(request))
    return redirect("/reviews?" + urlencode({"done": done, "left": len(picked) - done}))


def _by(request: Request) -> dict[str, str]:
    who = guard.staff_of(request)
    return {"by": who.name, "email": who.email}


async def _picked(request: Request) -> list[tuple[UUID, int]]:
    """Ids and the versions they were read in. Raises ClientException (400) for a body that is no form."""
    try:
        pairs = parse_qsl((await request.body()).decode(), max_num_fields=MOST_FIELDS)
        found = [PICKED.fullmatch(value) for name, value in pairs if name == "pick"]
        return list({UUID(each[1]): int(each[2]) for each in found if each}.items())
    except ValueError:
        raise ClientException("The form could not be read.") from None


@page("/reviews/{review_id:uuid}", name="admin_review")
async def review(request: Request, review_id: UUID) -> Response:
    """One review, and whether shoppers see what was decided."""
    row = await _found(review_id)
    return await _form(request, row, {"reply": row.reply, "reason": row.reason, "version": str(row.version)})


@action("/reviews/{review_id:uuid}", name="admin_moderate")
async def moderate(request: Request, review_id: UUID) -> Response:
    """Approves it, turns it down with a reason, or lets it wait; with a public answer or without."""
    row, typed = await _found(review_id), await typed_fields(request)
    decision: Any = DECISIONS.get(typed.get("does", ""), row.state)
    errors = {
        name: f"At most {most:,} characters." for name, most in LONGEST.items() if len(typed.get(name, "")) > most
    }
    if decision == "rejected" and not typed.get("reason"):
        errors["reason"] = "Please note why, for whoever asks later. Shoppers do not see it."
    if errors:
        return await _form(request, row, typed, errors=errors, status=422)
    version = typed.get("version", "")
    try:
        await operations.moderate(
            review_id,
            version=int(version) if version.isascii() and version.isdigit() and len(version) < 9 else 0,
            state=decision,
            reason=typed.get("reason", "") if decision == "rejected" else "",
            reply=typed.get("reply", ""),
            **_by(request),
        )
    except operations.EditedMeanwhile as no:
        now = await _found(review_id)
        return await _form(request, now, typed | {"version": str(now.version)}, problem=no.say, status=no.status)
    return redirect(f"/reviews/{review_id}?saved={rules.mark_of(guard.staff_of(request).at)}")


async def _form(
    request: Request,
    row: queries.ReviewRow,
    typed: dict[str, str],
    *,
    errors: dict[str, str] | None = None,
    problem: str | None = None,
    status: int = 200,
) -> Response:
    seen = await live.live_view(row.product_id, saved=request.query_params.get("saved", ""), stock="")
    seen = msgspec.structs.replace(seen, here=f"/reviews/{row.id}?{request.url.query}")
    view = ReviewView(row=row, typed=typed, errors=errors or {}, problem=problem, live=seen)
    return screen(request, "review.html", view, status=status)


async def _found(id: UUID) -> queries.ReviewRow:
    found = await queries.review_row(id)
    if found is None:
        raise NotFoundException
    return found
