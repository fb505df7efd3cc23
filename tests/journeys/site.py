"""The shop that journeys walk through, as anybody sees it over HTTP: its own of this run, or one that runs elsewhere."""

from __future__ import annotations

import re

import httpx
import pytest

DEMO_CATEGORY, DEMO_PRODUCT = "/c/table", "/p/pell-mug"
TRIED = 12  # products looked at for one that can be bought


class Site:
    """`url` has no slash at the end. `category` and `product` are the demo's where it is sold, else the first that are."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        with self.client() as client:
            self.has_test_payments = client.get("/dev/mail").status_code == 200
            self.category = _sold(client, DEMO_CATEGORY) or _first(client, "/", "/c/")
            self.product = _sold(client, DEMO_PRODUCT) or _first(client, self.category, "/p/")

    def here(self, path: str) -> str:
        """Where this shop has what the demo has at `path`."""
        return {DEMO_CATEGORY: self.category, DEMO_PRODUCT: self.product}.get(path, path)

    def client(self) -> httpx.Client:
        """A browser without JavaScript: keeps cookies, sends forms from our own pages, follows where they lead."""
        headers = {"Sec-Fetch-Site": "same-origin"}
        return httpx.Client(base_url=self.url, headers=headers, timeout=30, follow_redirects=True)

    def must_take_test_cards(self) -> None:
        """Skips the journey on a shop where buying would cost somebody money."""
        if not self.has_test_payments:
            pytest.skip(f"{self.url} is not in development: nothing is bought where cards are real")

    def mail_about(self, number: str) -> str | None:
        """The text of the newest mail that names an order; None until it has come."""
        with self.client() as client:
            for path in re.findall(r'href="(/dev/mail/[^"/]+)"', client.get("/dev/mail").text):
                if number in (text := client.get(path).text):
                    return text
        return None

    def link_mailed_to(self, email: str) -> str:
        """The path of the newest way in that was mailed to this address; empty until it has come."""
        with self.client() as client:
            for path in re.findall(r'href="(/dev/mail/[^"/]+)"', client.get("/dev/mail").text):
                text = client.get(path).text
                if email in text and (found := re.search(r"/account/link/[^\s<]+", text)):
                    return found[0]
        return ""


def _sold(client: httpx.Client, path: str) -> str | None:
    return path if client.get(path).status_code == 200 else None


def _first(client: httpx.Client, page: str, start: str) -> str:
    """The first link of a page to what can be bought (a product with an enabled button) or looked at (a category)."""
    links = list(dict.fromkeys(re.findall(rf'href="({start}[^"?#]+)"', client.get(page).text)))
    for path in links[:TRIED]:
        if start != "/p/" or re.search(
            r'<button[^>]*data-testid="add-to-cart"(?![^>]*disabled)', client.get(path).text
        ):
            return path
    pytest.fail(f"{client.base_url}{page} has no link to {start}... that can be used")
