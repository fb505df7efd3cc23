"""Includes that somebody wrote into a text: through the real app and the real edge they are shown as text."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from tests import buying
from tests.stack import Stack

pytestmark = pytest.mark.slow

INCLUDE = '<esi:include src="/_h/orders"/>'
EVIL = f"{INCLUDE}<!--esi {INCLUDE}--><esi:remove>gone</esi:remove>"
SHOWN = "&lt;esi:include src="


def test_address_that_nobody_has_may_not_hold_an_include(stack: Stack) -> None:
    with stack.client() as client:
        buying.put_into_cart(client, "/p/pell-mug", 12)
        for path in (f"/nowhere/{quote(INCLUDE, safe='')}", f"/nowhere?x={quote(EVIL)}"):
            answer = client.get(path)

            assert answer.status_code in (400, 404)
            assert "esi:include" not in answer.text


def test_words_of_a_buyer_are_shown_on_his_pages_as_they_are(stack: Stack) -> None:
    with stack.client(follow_redirects=True) as client:
        number = buying.buy(client, name=INCLUDE, line1=INCLUDE, note=EVIL)
        order = client.get(f"/orders/{number}").text

    assert SHOWN in order
    assert "<esi:" not in order and "<!--esi" not in order
