from __future__ import annotations

import re

import httpx
import pytest
from litestar import Litestar, Request, Response
from litestar.datastructures import State
from litestar.di import NamedDependency, Provide

from app.content.queries import MenuView
from app.edge.keep import HOME, SEARCH
from app.edge.tags import everything
from app.main import edge_routes
from app.web.pages import HOLES, Fragment, Moved, Page, Visitor, action, done, fragment, hole, page, remember
from app.web.refusals import RefusalView
from app.web.seal import CookieOnKeptPage
from app.web.visitor import ANONYMOUS
from tests.conftest import ANONYMOUS_FORM, PERSONAL_FORM

SAY = RefusalView(say="Hello from the test", status=200, back="/")
TEMPLATE = "errors/_refusal.html"  # asks for nothing but its view


@page("/t/kept", name="t_kept", keep=HOME)
async def kept() -> Page:
    return Page(template=TEMPLATE, view=SAY, tags={"p1"})


@page("/t/private", name="t_private")
async def private(visitor: NamedDependency[Visitor]) -> Page:
    return Page(template=TEMPLATE, view=SAY)


@page("/t/leaks", name="t_leaks", keep=HOME)
async def leaks(request: Request) -> Page:
    remember(request, units=3)
    return Page(template=TEMPLATE, view=SAY)


@fragment("/t", name="t_fragment", keep=SEARCH)
async def piece() -> Fragment:
    return Fragment(template=TEMPLATE, view=SAY, tags={"p2"})


@fragment("/t/unsure", name="t_unsure", keep=SEARCH)
async def unsure() -> Fragment:
    return Fragment(template=TEMPLATE, view=SAY, may_keep=False)


@page("/t/moved", name="t_moved", keep=HOME)
async def moved() -> Moved:
    return Moved(to="/t/kept", tags={"n1"})


@action("/t/do", name="t_do")
async def do(request: Request, visitor: NamedDependency[Visitor]) -> Response:
    remember(request, pv="v")
    return done(request, then="/t/kept", template=TEMPLATE, view=SAY, announce="done")


async def nobody(request: Request) -> Visitor:
    return ANONYMOUS


async def menu() -> MenuView:
    return MenuView(items=[], collections=[])


@pytest.fixture
async def site():
    app = Litestar(
        [kept, private, leaks, piece, unsure, moved, do],
        openapi_config=None,
        logging_config=None,
        dependencies={"visitor": Provide(nobody)},
        exception_handlers={CookieOnKeptPage: lambda request, error: Response("refused", status_code=599)},
        state=State({"visitor_of": nobody, "menu": menu}),
    )
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://x") as client:
        yield client


@pytest.mark.parametrize(
    "made", [lambda: page("/t/x", name="t_x", keep=HOME), lambda: fragment("/x", name="t_y", keep=HOME)]
)
def test_what_may_be_kept_cannot_ask_for_the_visitor(made):
    async def personal(visitor: NamedDependency[Visitor]) -> Page:
        raise AssertionError("never called")

    with pytest.raises(TypeError, match="cannot ask for the visitor"):
        made()(personal)


@pytest.mark.parametrize("form", [ANONYMOUS_FORM, PERSONAL_FORM])
async def test_a_cookie_on_a_page_that_may_be_kept_is_an_error(site, form):
    answer = await site.get("/t/leaks", headers=form)

    assert answer.status_code == 599
    assert "set-cookie" not in answer.headers


async def test_an_anonymous_form_is_plain_and_kept_with_a_validator(site):
    answer = await site.get("/t/kept", headers=ANONYMOUS_FORM)

    assert answer.headers["x-vitrine-keep"] == "1"
    assert answer.headers["cache-control"] == f"public, s-maxage={HOME.ttl}"
    assert {"p1", everything()} <= set(answer.headers["xkey"].split())
    assert answer.headers["etag"].startswith('"')
    assert "surrogate-control" not in answer.headers


async def test_what_fills_the_holes_of_an_anonymous_form_has_no_tags_that_its_page_lacks():
    names = [route.path.removeprefix("/_h/") for route in edge_routes() if route.kind == "hole"]

    pieces = [await HOLES[name].fill(visitor=ANONYMOUS) for name in names]

    assert len(pieces) >= 3
    assert not any(piece.tags for piece in pieces)


async def test_a_personal_form_is_kept_to_be_composed_without_a_validator(site):
    answer = await site.get("/t/kept", headers=PERSONAL_FORM)

    assert answer.headers["surrogate-control"] == 'content="ESI/1.0"'
    assert answer.headers["x-vitrine-keep"] == "1"
    assert "etag" not in answer.headers


async def test_a_personal_form_with_a_value_is_whole_and_has_a_validator_of_its_own(shop):
    lost = [{"X-Vitrine-Value": "3"}, {"X-Vitrine-Value": "4"}, {"X-Vitrine-Value": "3", "X-Vitrine-Signed-In": "1"}]

    three, four, member = [await shop.get("/search?q=no", headers=PERSONAL_FORM | value) for value in lost]

    assert 'data-units="3"' in three.text and ">Sign in<" in three.text
    assert 'data-units="4"' in four.text
    assert 'data-units="3"' in member.text and ">Account<" in member.text
    assert len({answer.headers["etag"] for answer in (three, four, member)}) == 3
    assert not any("surrogate-control" in answer.headers or "<esi:" in answer.text for answer in (three, four, member))


async def test_a_personal_form_with_a_value_keeps_the_holes_that_need_more(shop):
    answer = await shop.get("/nowhere", headers=PERSONAL_FORM | {"X-Vitrine-Value": "3"})

    assert 'data-units="3"' in answer.text
    assert re.findall(r'<esi:include src="(.*?)"/>', answer.text) == ["/_h/orders"]
    assert answer.headers["surrogate-control"] == 'content="ESI/1.0"'
    assert "etag" not in answer.headers


async def test_without_an_edge_every_page_is_private(site):
    for path in ("/t/kept", "/t/private"):
        answer = await site.get(path)

        assert answer.headers["cache-control"] == "private, no-store"
        assert "x-vitrine-keep" not in answer.headers
        assert "xkey" not in answer.headers


@pytest.mark.parametrize("form", [ANONYMOUS_FORM, PERSONAL_FORM])
async def test_a_page_without_a_keep_is_private_whatever_the_edge_asks(site, form):
    answer = await site.get("/t/private", headers=form)

    assert answer.headers["cache-control"] == "private, no-store"
    assert "x-vitrine-keep" not in answer.headers


async def test_a_fragment_is_kept_like_a_page_unless_it_says_no(site):
    piece, unsure = await site.get("/_f/t"), await site.get("/_f/t/unsure")

    assert piece.headers["x-vitrine-keep"] == "1"
    assert "p2" in piece.headers["xkey"].split()
    assert piece.headers["x-robots-tag"] == "noindex"
    assert unsure.headers["cache-control"] == "private, no-store"


async def test_a_moved_page_is_a_redirect_that_is_kept(site):
    answer = await site.get("/t/moved", headers=ANONYMOUS_FORM)

    assert (answer.status_code, answer.headers["location"]) == (301, "/t/kept")
    assert answer.headers["x-vitrine-keep"] == "1"


async def test_an_action_leads_on_or_answers_htmx_with_a_piece(site):
    plain = await site.post("/t/do")
    swapped = await site.post("/t/do", headers={"HX-Request": "true"})

    assert (plain.status_code, plain.headers["location"]) == (303, "/t/kept")
    assert swapped.status_code == 200
    assert "Hello from the test" in swapped.text
    assert swapped.headers["hx-trigger"] == "done"
    assert swapped.headers["cache-control"] == "private, no-store"


async def test_a_full_page_ignores_htmx(site):
    plain = await site.get("/t/kept", headers=ANONYMOUS_FORM)
    asked = await site.get("/t/kept", headers=ANONYMOUS_FORM | {"HX-Request": "true", "HX-Target": "main"})

    assert asked.content == plain.content


def test_the_tier_of_a_hole_says_how_it_is_kept():
    async def fill(visitor: NamedDependency[Visitor]) -> Fragment:
        raise AssertionError("never called")

    kept = {
        tier: hole(f"t_{tier}", tier=tier)(fill).opt["edge"].keep is not None for tier in ("value", "visitor", "pass")
    }
    for tier in kept:
        del HOLES[f"t_{tier}"]

    assert kept == {"value": True, "visitor": True, "pass": False}
    with pytest.raises(KeyError):
        hole("t_other", tier="other")
