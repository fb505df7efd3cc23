from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from types import SimpleNamespace

import pytest

from app.edge import vcl
from app.settings import Settings
from app.web import visitor
from tests.edge import varnish


def a_route(path: str, kind: str = "page", **about: object) -> SimpleNamespace:
    return SimpleNamespace(**{"path": path, "kind": kind, "query": (), "tier": "", "neutral": "", **about})


ROUTES = [
    a_route("/"),
    a_route("/p/{slug:str}", query=("o_*",)),
    a_route("/c/{path:path}", query=("page", "sort")),
    a_route("/_f/variant/{slug:str}", "fragment", query=("o_*",)),
    a_route("/_h/badge", "hole", tier="value", neutral='<a href="/cart">Cart</a>'),
    a_route("/_h/account", "hole", tier="visitor"),
    a_route("/cart/lines/{line_id:uuid}", "action"),
    a_route("/gifts/{code:str}", "private"),
]


def test_configuration_follows_routes_and_settings() -> None:
    config = vcl.config_of(Settings(web_instances=3, web_port=8100), ROUTES, stylesheet="/static/1/app.css")

    assert [(b.name, b.port) for b in config.backends] == [("web0", 8100), ("web1", 8101), ("web2", 8102)]
    assert config.hosts == ("localhost:8080", "127.0.0.1:8080")
    assert (config.sid, config.pv, config.cc) == ("sid_8080", "pv_8080", "cc_8080")
    assert [r.pattern for r in config.routes] == ["/", "/p/[^/?]+", "/c/[^?]+", "/_f/variant/[^/?]+"]
    assert [(h.name, h.tier) for h in config.holes] == [("badge", "value"), ("account", "visitor")]
    assert "/gifts" in config.private


def test_public_shop_answers_to_its_own_name_only() -> None:
    config = vcl.config_of(Settings(origin="https://shop.example", dev=False), [])

    assert config.hosts == ("shop.example",)
    assert config.sid == "__Host-sid"


@pytest.mark.parametrize("path", ["/cart", "/cart/share/{code:str}", "/orders/{number:str}", "/_s/hint"])
def test_public_page_under_a_private_prefix_is_an_error(path: str) -> None:
    with pytest.raises(ValueError, match="private"):
        vcl.config_of(Settings(), [a_route(path)])


def test_private_route_that_would_swallow_pages_is_an_error() -> None:
    with pytest.raises(ValueError, match="private"):
        vcl.config_of(Settings(), [a_route("/p/{slug:str}"), a_route("/{anything:path}", "private")])


def test_page_that_only_begins_like_a_private_prefix_is_fine() -> None:
    vcl.config_of(Settings(), [a_route("/cartoons"), a_route("/development")])


@pytest.mark.parametrize(
    ("path", "yes", "no"),
    [
        ("/p/{slug:str}", "/p/brown-pot", "/p/a/b"),
        ("/c/{path:path}", "/c/table/mugs", "/c/"),
        ("/a.b/{n:int}", "/a.b/12", "/axb/12"),
        ("/p/{slug}/more", "/p/pot/more", "/p/pot"),
    ],
)
def test_pattern_matches_what_the_route_matches(path: str, yes: str, no: str) -> None:
    pattern = vcl.config_of(Settings(), [a_route(path)]).routes[0].pattern

    assert re.fullmatch(pattern, yes)
    assert not re.fullmatch(pattern, no)


def test_edge_and_app_agree_what_a_cookie_looks_like() -> None:
    assert (visitor.TOKEN.pattern, visitor.VERSION.pattern) == (vcl.SESSION, vcl.VERSION)


def test_hole_of_an_unknown_tier_is_an_error() -> None:
    with pytest.raises(ValueError, match="Invalid enum value"):
        vcl.config_of(Settings(), [a_route("/_h/badge", "hole", tier="forever")])


def test_text_that_would_end_a_vcl_string_is_an_error() -> None:
    with pytest.raises(ValueError, match="VCL cannot hold"):
        vcl.render(varnish.config([1], holes=(vcl.EdgeHole("badge", "value", '<b data-x="{"a": "b"}">'),)))


def test_shop_name_is_escaped_in_error_pages() -> None:
    rendered = vcl.render(varnish.config([1], shop_name="<Pots> & Pans"))

    assert "<h1>That address is not readable</h1>" in rendered
    assert "&lt;Pots&gt; &amp; Pans" in rendered
    assert "<Pots>" not in rendered


def test_without_a_cdn_no_header_is_meant_for_one() -> None:
    rendered = vcl.render(vcl.config_of(Settings(), ROUTES))

    assert not re.search(r"set resp\.http\.(Surrogate-|Cache-Tag)", rendered)


def test_configured_cdn_is_spoken_to() -> None:
    settings = Settings(cdn="cloudflare", cdn_api="https://api.cdn.example", cdn_zone="z", cdn_token="t")

    assert "set resp.http.Cache-Tag" in vcl.render(vcl.config_of(settings, ROUTES))


def test_error_pages_have_no_inline_style_or_script() -> None:
    rendered = vcl.render(varnish.config([1]))

    assert "<style" not in rendered
    assert "<script" not in rendered


def test_error_pages_have_a_way_on() -> None:
    rendered = vcl.render(varnish.config([1]))

    pages = rendered.count('<main id="main"')
    assert rendered.count('action="/search"') == pages > 5


@pytest.mark.skipif(not shutil.which("varnishd"), reason="needs the packages varnish and varnish-modules")
@pytest.mark.parametrize(
    "config",
    [
        vcl.config_of(Settings(), ROUTES),
        vcl.config_of(Settings(web_instances=1), []),
        vcl.config_of(Settings(web_instances=16, origin="https://shop.example"), ROUTES),
        varnish.config([1, 2]),
    ],
    ids=["the shop", "no routes", "sixteen instances", "markets"],
)
def test_rendered_rules_compile(config: vcl.EdgeConfig, tmp_path: Path) -> None:
    path = tmp_path / "edge.vcl"
    path.write_text(vcl.render(config))

    result = subprocess.run(
        ["varnishd", "-j", "none", "-C", "-n", tmp_path / "work", "-f", path, *varnish.QUICK[:2], *varnish.arguments()],
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert result.returncode == 0, result.stderr[-2000:]


def test_limits_follow_settings_and_end_where_a_cdn_hides_the_clients() -> None:
    own, hidden = Settings(), Settings(cdn="fastly", cdn_zone="z", cdn_token="t")
    named = Settings(cdn="fastly", cdn_zone="z", cdn_token="t", client_header="Fastly-Client-IP")

    rules = [vcl.render(vcl.config_of(settings, [])) for settings in (own, hidden, named)]

    limits = [re.findall(r'is_denied\("(\w+) " .*?, (\d+), 60s', text) for text in rules]
    assert dict(limits[0]) == {"hole": "1200", "fetch": "1200", "search": "300", "post": "300"}
    assert limits == [limits[0], [], limits[0]]
    assert "req.http.Fastly-Client-IP" in rules[2]
