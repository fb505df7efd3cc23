from __future__ import annotations

import asyncio

import msgspec

from app.admin import glass
from app.main import edge_routes
from app.settings import settings
from app.web.visitor import TOKEN, VERSION
from tests import makers

PAGE = """<html><head><meta http-equiv="refresh" content="0"></head><body>
<script src="/static/x/app.js" defer></script><SCRIPT>alert(1)</SCRIPT >
<a class="card" href="/p/mug?a=1&amp;b=2">Mug</a> <a href="https://elsewhere.example/">Elsewhere</a>
<form id="options" hx-get="/_f/variant/mug" action="/p/mug"></form><div id="variant">£1</div><input hx-get="/_f/suggest"></body></html>"""


def laid(html: str = PAGE, **labels: str) -> str:
    return glass.under_glass(html, stylesheet="/static/x/xray.css", onward={"visitor": "new"}, labels=labels)


def test_nothing_under_the_glass_runs() -> None:
    assert "script" not in laid().lower()
    assert "http-equiv" not in laid()


def test_links_lead_on_under_the_glass() -> None:
    assert '<a class="card" href="/x-ray?visitor=new&amp;url=%2Fp%2Fmug%3Fa%3D1%26b%3D2" target="_top">' in laid()


def test_parts_are_labelled_and_labels_are_text() -> None:
    page = laid(variant='/_f/variant/mug: "hit" <b>')

    assert '<div id="variant" data-xray="/_f/variant/mug: &quot;hit&quot; &lt;b&gt;">' in page
    assert page.count("data-xray") == 1
    assert '<link rel="stylesheet" href="/static/x/xray.css"></head>' in page


def test_fragments_are_found_where_the_page_would_load_them() -> None:
    assert glass.fragments_in(PAGE) == ["/_f/variant/mug", "/_f/suggest"]


def test_every_hole_of_the_shop_is_known_by_its_id() -> None:
    holes = {route.path.removeprefix("/_h/") for route in edge_routes() if route.kind == "hole"}

    assert set(glass.HOLES) == holes


async def test_every_page_has_its_holes_by_these_ids(shop) -> None:
    product = await makers.a_product()

    assert glass.holes_in((await shop.get(product.url)).text, ()) == ["badge", "account"]
    assert glass.holes_in((await shop.get("/no-such-page")).text, ()) == ["badge", "account", "orders"]


def test_its_visitor_is_well_formed_and_nobody() -> None:
    pairs = dict(part.split("=") for part in glass.cookie_of(settings(), 3).split("; "))

    assert glass.cookie_of(settings(), None) == ""
    assert TOKEN.fullmatch(pairs["sid_8080"]) and VERSION.fullmatch(pairs["pv_8080"]) and pairs["cc_8080"] == "3"


async def test_shop_that_listens_on_every_address_is_asked_on_this_machine() -> None:
    async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(answer, "::1", 0) as server:
        everywhere = msgspec.structs.replace(settings(), host="::", port=server.sockets[0].getsockname()[1])

        assert (await glass.page_at(everywhere, "/", "")).status_code == 204
