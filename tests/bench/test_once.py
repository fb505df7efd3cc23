from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.bench import _once
from app.db.engines import writing
from app.orders.queries import State
from app.values import bucket_of, new_id
from app.web.visitor import new_token, token_hash
from tests.knobs import knobs
from tests.makers import an_order
from tests.orders.books import row_of

pytestmark = pytest.mark.usefixtures("own_database")


def a_mail(folder: Path, number: str, id: str) -> None:
    (folder / f"{id}-{number}.eml").write_bytes(
        f"Subject: Your order {number}\r\nMessage-ID: <{id}@x>\r\n\r\nHello".encode()
    )


async def asked_for(state: State) -> bytes:
    """The request by which the order was placed."""
    token, shopper_id = new_token(bucket_of(state.shopper_id)), state.shopper_id
    async with writing(shopper_id) as db:
        await db.execute("DELETE FROM session WHERE shopper_id = $1", shopper_id)
        await db.execute("INSERT INTO session (id, token_hash, shopper_id, pv, expires_at) VALUES ($1, $2, $3, 'x', now())",
                         new_id(bucket_of(shopper_id)), token_hash(token), shopper_id)  # fmt: skip
    return f"POST /checkout/place HTTP/1.1\r\nCookie: sid_8080={token}\r\n\r\ntoken=x".encode()


@pytest.fixture
def instant() -> Iterator[None]:
    with knobs(payment_provider="instant"):
        yield


async def test_an_order_nobody_asked_for_and_one_confirmed_twice_or_never_are_named(
    instant: None, tmp_path: Path
) -> None:
    states = [await an_order() for _ in range(3)]
    numbers = [(await row_of(state.id))["number"] for state in states]
    sent = [await asked_for(state) for state in states]
    for number in numbers:
        a_mail(tmp_path, number, "a")
    good = await _once.broken(sent, tmp_path)

    phantom = await _once.broken(sent[1:], tmp_path)
    a_mail(tmp_path, numbers[1], "b")
    twice = await _once.broken(sent, tmp_path)
    for path in tmp_path.glob(f"*{numbers[1]}*"):
        path.unlink()
    never = await _once.broken(sent, tmp_path)

    assert good == []
    assert phantom == [f"no order that nobody asked for: 1, e.g. {numbers[0]}"]
    assert twice == never == [f"what is placed has one confirmation: 1, e.g. {numbers[1]}"]
