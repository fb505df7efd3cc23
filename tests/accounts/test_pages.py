from __future__ import annotations

import pytest
from litestar.testing import RequestFactory

from app.accounts import operations
from app.accounts.pages import visitor_of
from app.db.engines import TALLY, Tally
from app.settings import settings
from app.values import bucket_mark
from app.web.visitor import ANONYMOUS

pytestmark = pytest.mark.usefixtures("databases")


def a_request(sid: str = "", pv: str = "", cc: str = "", **headers: str):
    names = settings().cookie
    cookie = f"{names('sid')}={sid}; {names('pv')}={pv}; {names('cc')}={cc}"
    return RequestFactory().get("/", headers={"cookie": cookie, **headers})


@pytest.fixture
def tally():
    counted = Tally()
    token = TALLY.set(counted)
    yield counted
    TALLY.reset(token)


async def test_a_visitor_without_a_session_costs_no_query(tally):
    assert await visitor_of(RequestFactory().get("/")) == ANONYMOUS
    assert await visitor_of(a_request(sid="not a token")) == ANONYMOUS
    assert tally.queries == 0


async def test_a_visitor_is_asked_for_once_per_request(tally):
    session = await operations.open_session()
    request, before = a_request(session.token, session.pv, "7"), tally.queries

    first, second = await visitor_of(request), await visitor_of(request)

    assert first is second
    assert (first.shopper_id, first.pv, first.units) == (session.shopper_id, session.pv, 7)
    assert first.pv_is_current
    assert tally.queries == before + 1


async def test_a_forged_token_is_nobody():
    assert await visitor_of(a_request(bucket_mark(9) + "x" * 43)) == ANONYMOUS


async def test_an_old_private_version_is_known_as_old():
    session = await operations.open_session()

    visitor = await visitor_of(a_request(session.token, "older", "1"))

    assert visitor.pv == session.pv
    assert not visitor.pv_is_current


async def test_a_hole_keyed_by_the_value_learns_nothing_else(tally):
    session = await operations.open_session()
    before = tally.queries

    visitor = await visitor_of(a_request(session.token, session.pv, "3", **{"x-vitrine-value": "8"}))

    assert (visitor.shopper_id, visitor.units) == (None, 8)
    assert tally.queries == before
