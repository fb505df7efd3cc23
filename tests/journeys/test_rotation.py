"""Signing in changes every cookie, and with them every key at the edge: black box, through a running shop."""

from __future__ import annotations

import asyncio
import re
from email import message_from_bytes
from email.policy import default

import httpx
import pytest

from app.edge.explain import Explained, explain
from tests.journeys.test_edge import _add_something, _badge, _make_hot
from tests.makers import unique
from tests.stack import Stack, eventually

pytestmark = pytest.mark.slow

PAGE = "/p/pell-mug"
DEAD_END = "/nowhere-at-all"  # shows the shopper's number of orders, by session and private version
PASSWORD = "four words in a row"


def test_signing_in_leaves_what_the_edge_kept_for_the_guest_behind(stack: Stack) -> None:
    with stack.client() as client:
        _add_something(client, quantity=3)
        _make_hot(client, PAGE)
        client.get(DEAD_END)
        guest = _cookies(client)
        guests_page, guests_orders = _asked(stack, PAGE, guest), _asked(stack, "/_h/orders", guest)

        _sign_up(stack, client)
        member = _cookies(client)
        members_page, members_orders = _asked(stack, PAGE, member), _asked(stack, "/_h/orders", member)
        _make_hot(client, PAGE)
        shown = client.get(PAGE)

    assert all(member[name] != guest[name] for name in ("sid", "pv", "cc"))
    assert (guest["cc"], member["cc"]) == ("3", "3s")
    assert (guests_page.value, guests_orders.state) == ("3", "hit")
    assert (members_page.value in ("3s", ""), members_orders.state) == (True, "miss")
    assert (_badge(shown.text), _account(shown.text)) == ("3", "Account")
    assert "hit" in shown.headers["cache-status"]


def test_a_guest_with_as_many_units_never_gets_the_page_of_a_member(stack: Stack) -> None:
    with stack.client() as member, stack.client() as guest:
        _add_something(member, quantity=4)
        _add_something(guest, quantity=4)
        _sign_up(stack, member)
        for client in (member, guest):
            _make_hot(client, "/p/noon-clock")

        pages = [client.get("/p/noon-clock") for client in (member, guest)]

    assert [_account(page.text) for page in pages] == ["Account", "Sign in"]
    assert [_badge(page.text) for page in pages] == ["4", "4"]
    assert pages[0].headers["etag"] != pages[1].headers["etag"]


def test_signing_out_leaves_no_cookie_and_the_old_ones_open_nothing(stack: Stack) -> None:
    with stack.client() as client, stack.client() as thief:
        _add_something(client, quantity=2)
        _sign_up(stack, client)
        before = _cookies(client)
        client.post("/account/sign-out")
        after = client.get(PAGE)

        answer = thief.get("/account/details", headers={"Cookie": _header(stack, before)})

    assert [name.partition("_")[0] for name in client.cookies] == ["known"], "which opens nothing"
    assert (_badge(after.text), _account(after.text)) == ("0", "Sign in")
    assert answer.status_code == 303


def _sign_up(stack: Stack, client: httpx.Client) -> None:
    """The guest has made an account with the link that was mailed, and is signed in to it."""
    email = f"{unique('ada')}@example.org"
    sent = client.post("/account/sign-up", data={"email": email, "name": "Ada", "password": PASSWORD})
    assert sent.headers["location"] == "/account/mail-sent"
    link = eventually(lambda: _link(stack, email), within=60)
    opened = client.post(link, data={"password": PASSWORD})
    assert opened.status_code == 303, opened.text


def _link(stack: Stack, email: str) -> str:
    """The way in that was mailed to this address; empty until it has come."""
    for file in (stack.home / "mail").glob("*.eml"):
        mail = message_from_bytes(file.read_bytes(), policy=default)
        text = mail.get_body(("plain",))
        if email in mail["To"] and text and (found := re.search(r"/account/link/\S+", text.get_content())):
            return found[0]
    return ""


def _cookies(client: httpx.Client) -> dict[str, str]:
    return {name.rpartition("_")[0]: value for name, value in client.cookies.items()}


def _header(stack: Stack, cookies: dict[str, str]) -> str:
    return "; ".join(f"{name}_{stack.ports['port']}={value}" for name, value in cookies.items())


def _asked(stack: Stack, path: str, cookies: dict[str, str]) -> Explained:
    """What a visitor with these cookies would meet at the edge."""
    node = f"http://127.0.0.1:{stack.ports['purge_port']}"
    return asyncio.run(explain(node, stack.url + path, _header(stack, cookies)))


def _account(html: str) -> str:
    found = re.search(r'id="account-bit".*?<span class="tool__word">(.*?)</span>', html, re.S)
    assert found, "the page has no way to the account"
    return found[1]
