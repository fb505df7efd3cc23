from __future__ import annotations

from http.cookies import SimpleCookie

import pytest
from hypothesis import given
from hypothesis import strategies as st
from litestar.testing import RequestFactory

from app.settings import Settings
from app.values import BUCKETS, DAY
from app.web import visitor

PLAIN = Settings(port=8080)
SAFE = Settings(origin="https://shop.example")


def a_request(cookie: str = "", **headers: str):
    return RequestFactory().get("/", headers={"cookie": cookie, **headers})


@given(st.integers(0, BUCKETS - 1))
def test_a_token_tells_its_bucket_and_has_256_random_bits(bucket):
    token = visitor.new_token(bucket)

    assert len(token) == 45
    assert visitor.token_of(a_request(f"sid_8080={token}"), PLAIN) == (token, bucket)


def test_tokens_and_private_versions_never_repeat():
    assert len({visitor.new_token(1) for _ in range(1000)}) == 1000
    assert len({visitor.new_pv() for _ in range(1000)}) == 1000
    assert all(visitor.VERSION.fullmatch(visitor.new_pv()) for _ in range(100))


def test_what_is_stored_of_a_token_is_its_sha256():
    assert visitor.token_hash("abc").hex().startswith("ba7816bf")


@pytest.mark.parametrize(
    "sent",
    [
        "",
        "00",
        "00" + "A" * 42,
        "00" + "A" * 44,
        "IL" + "A" * 43,
        "0o" + "A" * 43,
        "00" + "A" * 42 + "!",
        "00" + "A" * 42 + "ü",
        "A" * 10_000,
    ],
)
def test_a_token_of_another_shape_is_none(sent):
    request = RequestFactory().get("/")
    request.scope["headers"] = [(b"cookie", f"sid_8080={sent}".encode())]

    assert visitor.token_of(request, PLAIN) is None


def test_the_port_is_part_of_a_plain_cookies_name():
    token = visitor.new_token(3)

    assert visitor.token_of(a_request(f"sid_9999={token}"), PLAIN) is None
    assert visitor.token_of(a_request(f"sid={token}"), PLAIN) is None


def test_a_secure_shop_reads_only_host_cookies():
    token = visitor.new_token(3)

    assert visitor.token_of(a_request(f"sid_8080={token}; sid={token}"), SAFE) is None
    assert visitor.token_of(a_request(f"__Host-sid={token}"), SAFE) == (token, 3)


@pytest.mark.parametrize(
    ("sent", "units"), [("7", 7), ("99", 99), ("0", 0), ("", 0), ("100", 0), ("-1", 0), ("1.5", 0), ("x", 0), ("٣", 0)]
)
def test_a_badge_value_is_a_number_of_two_digits(sent, units):
    request = RequestFactory().get("/")
    request.scope["headers"] = [(b"cookie", f"cc_8080={sent}".encode())]

    assert visitor.units_of(request, PLAIN) == units


def test_the_edges_value_comes_before_the_cookies():
    assert visitor.units_of(a_request("cc_8080=3", **{"x-vitrine-value": "8"}), PLAIN) == 8


@pytest.mark.parametrize("sent", ["", "a b", "x" * 23, "<b>", "a;b"])
def test_a_private_version_of_another_shape_is_empty(sent):
    assert visitor.pv_of(a_request(f'pv_8080="{sent}"'), PLAIN) == ""


def test_nothing_is_set_unless_something_is_remembered():
    assert visitor.cookie_headers(a_request().scope, PLAIN) == []


@pytest.mark.parametrize(
    ("shop", "prefix", "suffix", "secure"), [(PLAIN, "", "_8080", False), (SAFE, "__Host-", "", True)]
)
def test_cookies_have_the_names_and_flags_of_the_origin(shop, prefix, suffix, secure):
    request = a_request()

    visitor.remember(request, token="t" * 45, pv="v", units=120)

    jar = {}
    for name, line in visitor.cookie_headers(request.scope, shop):
        assert name == b"set-cookie"
        jar |= SimpleCookie(line.decode())
    assert {name: morsel.value for name, morsel in jar.items()} == {
        f"{prefix}sid{suffix}": "t" * 45,
        f"{prefix}pv{suffix}": "v",
        f"{prefix}cc{suffix}": "99",
    }
    for name, morsel in jar.items():
        assert (morsel["path"], morsel["samesite"], morsel["max-age"]) == ("/", "Lax", str(90 * DAY))
        assert bool(morsel["secure"]) == secure
        assert bool(morsel["httponly"]) == ("sid" in name)
        assert not morsel["domain"]


def test_what_is_remembered_later_replaces_what_was_before():
    request = a_request()

    visitor.remember(request, pv="old", units=1)
    visitor.remember(request, pv="new")

    lines = b"\n".join(line for _, line in visitor.cookie_headers(request.scope, PLAIN))
    assert b"pv_8080=new" in lines
    assert b"cc_8080=1" in lines
    assert b"old" not in lines


@pytest.mark.parametrize(
    ("known", "given", "cookie"),
    [
        (visitor.Visitor(units=3, signed_in=True), {"units": 5}, "5s"),
        (visitor.Visitor(units=3), {"signed_in": True}, "3s"),
        (visitor.Visitor(units=3, signed_in=True), {"signed_in": False}, "3"),
        (visitor.Visitor(signed_in=True), {"units": 120}, "99s"),
    ],
)
def test_the_count_cookie_says_who_is_signed_in(known, given, cookie):
    request = a_request()
    request.scope["vitrine.visitor"] = known

    visitor.remember(request, **given)

    [(_, line)] = visitor.cookie_headers(request.scope, PLAIN)
    assert line.startswith(f"cc_8080={cookie};".encode())
    assert visitor.units_of(a_request(f"cc_8080={cookie}"), PLAIN) == int(cookie.rstrip("s"))


def test_what_is_forgotten_leaves_the_browser():
    request = a_request()

    visitor.forget(request)

    lines = [line.decode() for _, line in visitor.cookie_headers(request.scope, PLAIN)]
    assert [line.split("=")[0] for line in lines] == ["sid_8080", "pv_8080", "cc_8080"]
    assert all("Max-Age=0" in line for line in lines)
