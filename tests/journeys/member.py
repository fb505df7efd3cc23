"""A shopper with an account: how they get one, said once."""

from __future__ import annotations

import asyncio

from playwright.async_api import expect

from tests.journeys.shopper import Shopper
from tests.journeys.site import Site
from tests.stack import eventually

PASSWORD = "four words in a row"


async def ask_to_join(shopper: Shopper, email: str) -> None:
    """The form is sent; the page says to look into the mail."""
    await shopper.go("/account/sign-up")
    for name, value in {"name": "Grace Hopper", "email": email, "password": PASSWORD}.items():
        await shopper.by(f"field-{name}").fill(value)
    await shopper.by("sign-up").click()
    await expect(shopper.page.get_by_role("heading", level=1)).to_have_text("Check your mail")


async def open_mailed_link(shopper: Shopper, site: Site, email: str) -> None:
    """The page behind the mailed link is in sight; its button is not pressed yet."""
    await shopper.go(await asyncio.to_thread(eventually, lambda: site.link_mailed_to(email), within=60))


async def join(shopper: Shopper, site: Site, email: str) -> None:
    """There is an account, and the shopper is signed in."""
    await ask_to_join(shopper, email)
    await open_mailed_link(shopper, site, email)
    await shopper.by("open-link").click()
    await expect(shopper.by("account-email")).to_have_text(email)


async def keep_an_address(shopper: Shopper) -> None:
    await shopper.go("/account/addresses")
    await shopper.fill_address()
    await shopper.by("save-address").click()
    await expect(shopper.by("address")).to_have_count(1)
