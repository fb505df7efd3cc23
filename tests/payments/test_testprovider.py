from __future__ import annotations

import asyncio
from uuid import UUID

import pytest

from app.db.engines import EVERYONE, writing
from app.payments import testprovider
from app.payments.gateway import (
    Answer,
    Authorised,
    Captured,
    Charge,
    Closed,
    Declined,
    Failed,
    Redirect,
    Refunded,
    Unknown,
)
from app.payments.testprovider import Instant, TestProvider
from app.values import any_bucket, new_id, now

pytestmark = pytest.mark.usefixtures("databases")
BOOKS = TestProvider()
A, B, C = UUID(int=1), UUID(int=2), UUID(int=3)


def a_charge(amount: int = 1790) -> Charge:
    return Charge(attempt_id=new_id(any_bucket()), amount=amount, currency="GBP", return_url="/back", begun=now())


async def a_session(state: str = "open") -> tuple[Charge, UUID]:
    charge = a_charge()
    answer = await BOOKS.start(charge)
    assert isinstance(answer, Redirect)
    session_id = UUID(answer.reference)
    if state != "open":
        assert await testprovider.book(session_id, state)
    return charge, session_id


async def test_asking_twice_is_one_session() -> None:
    charge = a_charge()

    answers = await asyncio.gather(*(BOOKS.start(charge) for _ in range(4)))

    assert len({answer.url for answer in answers if isinstance(answer, Redirect)}) == 1


@pytest.mark.parametrize(
    ("state", "answer"),
    [
        ("open", Redirect),
        ("confirming", Redirect),
        ("authorised", Authorised),
        ("declined", Declined),
        ("silent", Unknown),
    ],
)
async def test_the_books_answer_what_was_booked(state: str, answer: type[Answer]) -> None:
    charge, _ = await a_session(state)

    said = await BOOKS.look_up(charge)

    assert isinstance(said, answer)
    assert not isinstance(said, Authorised) or (said.amount, said.currency) == (1790, "GBP")


async def test_a_session_is_booked_once() -> None:
    _, session_id = await a_session()

    booked = await asyncio.gather(
        *(testprovider.book(session_id, state) for state in ("authorised", "declined", "authorised"))
    )

    assert sum(booked) == 1


async def test_a_session_that_was_open_too_long_takes_no_card() -> None:
    charge, session_id = await a_session()
    async with writing(EVERYONE) as db:
        await db.execute("UPDATE test_payment SET created_at = created_at - interval '1 day' WHERE id = $1", session_id)

    assert not await testprovider.book(session_id, "authorised")
    assert isinstance(await BOOKS.look_up(charge), Closed)


async def test_what_the_books_never_heard_of_is_unknown() -> None:
    assert isinstance(await BOOKS.look_up(a_charge()), Unknown)


async def test_a_voided_payment_can_never_begin() -> None:
    charge = a_charge()

    voided = await BOOKS.void(charge)

    assert isinstance(voided, Closed)
    assert isinstance(await BOOKS.start(charge), Closed)


async def test_a_void_does_not_undo_a_no() -> None:
    charge, _ = await a_session("declined")

    assert isinstance(await BOOKS.void(charge), Declined)


async def test_a_void_does_not_undo_a_payment() -> None:
    charge, _ = await a_session("authorised")

    assert isinstance(await BOOKS.void(charge), Authorised)
    assert isinstance(await BOOKS.look_up(charge), Authorised)


async def test_capture_takes_at_most_what_was_authorised_and_once() -> None:
    charge, _ = await a_session("authorised")

    answers = [await BOOKS.capture(charge, amount) for amount in (1791, 1790, 1790)]

    assert [type(answer) for answer in answers] == [Failed, Captured, Captured]
    assert isinstance(await BOOKS.capture(charge, 1789), Failed)
    assert isinstance(await BOOKS.look_up(charge), Authorised)


async def test_refunds_are_given_once_a_key_and_never_exceed_what_was_taken() -> None:
    charge, _ = await a_session("authorised")
    await BOOKS.capture(charge, 1790)

    answers = [
        await BOOKS.refund(charge, amount, key=key) for amount, key in ((1000, A), (1000, A), (791, B), (790, C))
    ]

    assert [type(answer) for answer in answers] == [Refunded, Refunded, Failed, Refunded]
    assert isinstance(await BOOKS.look_up_refund(charge, key=A), Refunded)
    assert isinstance(await BOOKS.look_up_refund(charge, key=B), Closed)


async def test_the_instant_provider_says_yes_and_keeps_no_books() -> None:
    charge = a_charge()

    said = await Instant().start(charge)

    assert isinstance(said, Authorised)
    assert isinstance(await BOOKS.look_up(charge), Unknown)
