"""One page has one entry at a real edge, however its address is misspelt."""

from __future__ import annotations

import subprocess
from uuid import uuid4

import httpx
import pytest

from tests.stack import Stack, eventually

pytestmark = pytest.mark.slow


SPELLINGS = (
    "stock=in&sort=price-up",
    "sort=price-up&stock=in",
    "stock=in&stock=in&sort=price-up",
    "sort=price%2Dup&stock=in",
    "sort=price-up&stock=in&utm_source=x&STOCK=out&q=mug",
    "page=1&sort=price-up&stock=in",
    "page=&sort=price-up&stock=in&min=&f_=1",
    "sort=price-up&stock=in&f_no-such=%00&maker=%F0%9F%98%80",
    "sort=price-up&stock=in&min=1e9&max=abc",
)


def test_however_a_list_is_misspelt_the_edge_keeps_its_page_once(stack: Stack) -> None:
    with stack.client(follow_redirects=True) as client:
        whole = client.get("/c/table?sort=price-up&stock=in")
        for spelling in SPELLINGS:
            client.get(f"/c/table?{spelling}")

        again = [client.get(f"/c/table?{spelling}") for spelling in SPELLINGS]

        assert {answer.content for answer in again} == {whole.content}
        assert all("hit" in answer.headers["cache-status"] for answer in again)
        assert {str(answer.url) for answer in again if answer.history} == {str(whole.url)}
        assert eventually(lambda: added(stack, client) == 0, within=20)


def added(stack: Stack, client: httpx.Client) -> int:
    """How many answers the edge keeps more, after parameters that nobody declared, never asked before."""
    before, new = objects(stack), uuid4().hex
    client.get(f"/c/table?sort=price-up&stock=in&x={new}&UTM_SOURCE={new}&fbclid={new}")
    client.get(f"/?page={new}")
    return objects(stack) - before


def objects(stack: Stack) -> int:
    """How many answers the edge keeps."""
    command = ["varnishstat", "-n", str(stack.home / "varnish"), "-1", "-f", "MAIN.n_object"]
    return int(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()[1])
