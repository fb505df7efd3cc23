"""What the database undid because others stood in its way is no crash: the same again is safe, and a page says so."""

from __future__ import annotations

import asyncpg
import pytest

from app.cart import operations
from tests.cart.browsing import HTMX, put_in
from tests.makers import a_product


@pytest.mark.parametrize(
    "failure", [asyncpg.DeadlockDetectedError, asyncpg.SerializationError, asyncpg.LockNotAvailableError]
)
@pytest.mark.parametrize("headers", [{}, HTMX])
async def test_a_deadlock_is_told_as_busy(shop, monkeypatch, failure, headers) -> None:
    product = await a_product()

    async def stuck(*args: object) -> None:
        raise failure("deadlock detected")

    with monkeypatch.context() as broken:
        broken.setattr(operations, "add", stuck)
        answer = await put_in(shop, product, headers=headers)
    again = await put_in(shop, product)

    assert answer.status_code == 503 and answer.headers["retry-after"] == "5"
    assert "The shop is very busy. Please try again in a moment." in answer.text
    assert again.status_code == 303
