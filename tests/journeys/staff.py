"""Somebody of the staff at a running shop, signed in without a browser."""

from __future__ import annotations

import httpx

from tests.stack import Stack

EMAIL, PASSWORD = "front@example.org", "a long way to Ludlow"


def signed_in(stack: Stack) -> list[dict[str, str]]:
    """The cookies of a member of the staff, as a browser context takes them."""
    stack.run("staff", "add", EMAIL, "--password", PASSWORD)  # the second time it is there
    headers = {"Sec-Fetch-Site": "same-origin"}
    with httpx.Client(base_url=stack.admin_url, headers=headers, timeout=20) as client:
        client.post("/sign-in", data={"email": EMAIL, "password": PASSWORD})
        return cookies_of(client, stack.admin_url)


def cookies_of(client: httpx.Client, url: str) -> list[dict[str, str]]:
    """What the client's cookie jar holds, as a browser context takes it."""
    return [{"name": each.name, "value": each.value or "", "url": url} for each in client.cookies.jar]
