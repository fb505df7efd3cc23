from __future__ import annotations

from collections.abc import AsyncIterator
from unittest import mock

import pytest

from app.payments.providers import PROVIDERS
from tests.knobs import knobs
from tests.payments.stripe_fake import KEY, SECRET, Fake


@pytest.fixture
async def fake() -> AsyncIterator[Fake]:
    """The shop takes its payments through Stripe, which is a fake of ours on a socket."""
    async with Fake() as running:
        settings = {"stripe_key": KEY, "stripe_webhook_secret": SECRET, "stripe_api": running.url}
        with (
            knobs(payment_provider="stripe", pay_origins=running.url, provider_timeout=1, **settings),
            mock.patch.dict(PROVIDERS),
        ):
            yield running
