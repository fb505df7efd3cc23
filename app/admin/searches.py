from __future__ import annotations

import csv
import io

import msgspec
from litestar import Request, Response

from app.admin.products import Tab
from app.admin.screens import screen
from app.search.queries import Question, questions
from app.settings import settings
from app.web.pages import page

SPANS = (7, 30, 90)
MOST, MOST_LINES = 100, 10_000


class SearchesView(msgspec.Struct, frozen=True, kw_only=True):
    """What shoppers asked. `kept`: days after which it is forgotten; 0 when nothing is counted."""

    spans: list[Tab]
    kinds: list[Tab]
    rows: list[Question]
    csv_url: str
    kept: int


@page("/search", name="admin_search")
async def searches(request: Request) -> Response:
    """What was asked most, and what found nothing."""
    days, unanswered = _asked(request)
    view = SearchesView(
        spans=[Tab(title=f"{each} days", url=_url(each, unanswered), current=each == days) for each in SPANS],
        kinds=[
            Tab(title="All", url=_url(days, False), current=not unanswered),
            Tab(title="Found nothing", url=_url(days, True), current=unanswered),
        ],
        rows=await questions(days, unanswered=unanswered, most=MOST),
        csv_url=_url(days, unanswered, "/search/questions.csv"),
        kept=settings().search_log_days,
    )
    return screen(request, "searches.html", view)


@page("/search/questions.csv", name="admin_search_csv")
async def export(request: Request) -> Response:
    """The same list for a spreadsheet, longer."""
    days, unanswered = _asked(request)
    lines = io.StringIO()
    table = csv.writer(lines)
    table.writerow(["question", "asked", "days", "products"])
    for row in await questions(days, unanswered=unanswered, most=MOST_LINES):
        table.writerow([_plain(row.query), row.asked, row.days, row.found])
    headers = {"Cache-Control": "private, no-store", "Content-Disposition": 'attachment; filename="questions.csv"'}
    return Response(lines.getvalue().encode(), media_type="text/csv; charset=utf-8", headers=headers)


def _plain(text: str) -> str:
    """Spreadsheets run what begins like a formula."""
    return f"'{text}" if text[:1] in "=+-@" else text


def _asked(request: Request) -> tuple[int, bool]:
    days = request.query_params.get("days", "")
    return int(days) if days in map(str, SPANS) else 30, request.query_params.get("found") == "none"


def _url(days: int, unanswered: bool, path: str = "/search") -> str:
    return f"{path}?days={days}" + "&found=none" * unanswered
