from __future__ import annotations

import asyncio
from uuid import UUID, uuid4

import pytest

from app.orders import operations, patience, queries
from app.orders.events import SendShipped
from app.orders.queries import State
from app.orders.shipping import NothingInParcel, NotPaidYet, NotThatManyLeft, NotToBeSent, SentBefore
from app.payments.gateway import Captured, Charge, Taken, Unknown
from app.payments.operations import CannotCapture
from app.values import new_id
from jobs import mail
from jobs import orders as jobs
from tests.knobs import Scripted, knobs, provider
from tests.makers import a_product
from tests.orders.books import consequences_of, history_of, lines_of, row_of, state_of
from tests.payments.money import a_paid_order, attempt_of, return_money, scripted, work

pytestmark = pytest.mark.usefixtures("databases", "obliging")


async def an_order_of(*quantities: int) -> tuple[State, list[UUID]]:
    """A paid order with a line of each quantity, and the lines' ids in that order."""
    wanted = {(await a_product()).variant_id: quantity for quantity in quantities}
    state = await a_paid_order(lines=wanted)
    ids = {line["variant_id"]: line["id"] for line in await lines_of(state.id)}
    return state, [ids[variant_id] for variant_id in wanted]


async def ship(order_id: UUID, lines: dict[UUID, int], key: UUID | None = None) -> UUID:
    return await operations.ship(order_id, lines, carrier="Royal Post", tracking="RP 123", key=key or uuid4())


async def statuses(order_id: UUID) -> tuple[str, str, str]:
    row = await row_of(order_id)
    return row["status"], row["payment_status"], row["fulfilment_status"]


async def test_an_order_sent_in_two_parcels_is_paid_before_the_first_partial_then_closed() -> None:
    state, [cups, plates] = await an_order_of(3, 1)

    await ship(state.id, {cups: 2})
    between = await statuses(state.id)
    await ship(state.id, {cups: 1, plates: 1})

    assert between == ("placed", "captured", "partial")
    assert await statuses(state.id) == ("closed", "captured", "fulfilled")
    assert (await attempt_of(state.id)).captured == state.total
    assert (await history_of(state.id))[-4:] == ["captured", "shipped", "shipped", "closed"]
    assert (await consequences_of(state.id)).count("SendShipped") == 2


async def test_an_order_whose_money_was_taken_when_it_was_placed_is_closed_with_its_last_parcel() -> None:
    with knobs(capture="placed"):
        state, [cups] = await an_order_of(1)
        with provider(Scripted()):
            await work(state.id)

        await ship(state.id, {cups: 1})

    assert await statuses(state.id) == ("closed", "captured", "fulfilled")
    assert (await consequences_of(state.id)).count("CapturePayment") == 1


async def test_one_form_is_one_parcel_of_one_order() -> None:
    state, [cups] = await an_order_of(2)
    other = await a_paid_order(shopper_id=state.shopper_id)
    [plates] = [line["id"] for line in await lines_of(other.id)]
    key = uuid4()
    await ship(state.id, {cups: 1}, key)

    with pytest.raises(SentBefore):
        await ship(other.id, {plates: 1}, key)

    assert [line["shipped"] for line in await lines_of(other.id)] == [0]


async def test_nothing_leaves_the_house_before_the_provider_has_said_that_the_money_is_ours() -> None:
    state, [cups] = await an_order_of(1)
    key = uuid4()

    with provider(scripted(takes=Unknown(why="silence"))), pytest.raises(NotPaidYet) as refused:
        await operations.ship(state.id, {cups: 1}, carrier="", tracking="", key=key)
    unpaid = (await consequences_of(state.id), [line["shipped"] for line in await lines_of(state.id)])
    with provider(Scripted()) as asked:
        await operations.ship(state.id, {cups: 1}, carrier="", tracking="", key=key)
        await work(state.id)  # and the job that would have made up for it

    assert "SendShipped" not in unpaid[0] and unpaid[1] == [0]
    assert refused.value.half_done, "the money was asked for, so the note of who did it stays"
    assert asked.asked == ["capture"]
    assert await statuses(state.id) == ("closed", "captured", "fulfilled")
    assert (await consequences_of(state.id)).count("CapturePayment") == 1


async def test_a_provider_that_takes_its_time_does_not_hold_up_staff(monkeypatch: pytest.MonkeyPatch) -> None:
    state, [cups] = await an_order_of(1)
    monkeypatch.setattr(patience, "PATIENCE", 0.05)
    slow, answered = Scripted(), asyncio.Event()

    async def later(charge: Charge, amount: int) -> Taken:
        await answered.wait()
        return Captured(amount=amount)

    slow.capture = later  # type: ignore[method-assign]
    with provider(slow):
        with pytest.raises(NotPaidYet):
            await operations.ship(state.id, {cups: 1}, carrier="", tracking="", key=uuid4())
        answered.set()
        await asyncio.gather(*patience._going_on)

    assert await statuses(state.id) == ("placed", "captured", "unfulfilled")
    monkeypatch.undo()
    await ship(state.id, {cups: 1})
    assert await statuses(state.id) == ("closed", "captured", "fulfilled")


async def test_the_same_parcel_sent_twice_is_one_even_at_once() -> None:
    state, [cups] = await an_order_of(4)
    key = uuid4()

    ids = await asyncio.gather(*(ship(state.id, {cups: 2}, key) for _ in range(4)))

    assert len(set(ids)) == 1
    assert [line["shipped"] for line in await lines_of(state.id)] == [2]
    assert (await consequences_of(state.id)).count("SendShipped") == 1


async def test_parcels_sent_at_once_never_hold_more_than_was_ordered() -> None:
    state, [cups] = await an_order_of(3)

    ends = await asyncio.gather(*(ship(state.id, {cups: 2}) for _ in range(4)), return_exceptions=True)

    assert [type(end) for end in ends].count(NotThatManyLeft) == 3
    assert [line["shipped"] for line in await lines_of(state.id)] == [2]


async def test_a_parcel_with_one_line_too_many_is_not_sent_at_all() -> None:
    state, [cups, plates] = await an_order_of(2, 1)

    with pytest.raises(NotThatManyLeft) as no:
        await ship(state.id, {cups: 2, plates: 2})

    assert no.value.about == {"line_id": plates}
    assert [line["shipped"] for line in await lines_of(state.id)] == [0, 0]
    assert (await attempt_of(state.id)).capturing == 0
    assert "shipped" not in await history_of(state.id)


async def test_the_form_of_a_parcel_that_was_sent_is_no_other_parcel() -> None:
    state, [cups] = await an_order_of(3)
    key = uuid4()
    sent = await ship(state.id, {cups: 1}, key)

    with pytest.raises(SentBefore):
        await ship(state.id, {cups: 2}, key)

    assert await ship(state.id, {cups: 1}, key) == sent
    assert [line["shipped"] for line in await lines_of(state.id)] == [1]


@pytest.mark.parametrize("units", [0, -1])
async def test_nobody_can_send_no_units_or_fewer(units: int) -> None:
    state, [cups] = await an_order_of(1)

    with pytest.raises(NotThatManyLeft):
        await ship(state.id, {cups: units})
    with pytest.raises(NothingInParcel):
        await ship(state.id, {})


async def test_a_line_of_another_order_cannot_be_sent_with_this_one() -> None:
    state, _ = await an_order_of(1)
    _, [other] = await an_order_of(1)

    with pytest.raises(NotThatManyLeft):
        await ship(state.id, {other: 1})


async def test_what_is_not_paid_or_is_on_its_way_back_is_not_sent() -> None:
    unpaid, [cups] = await an_order_of(1)
    await return_money(unpaid.id)
    with pytest.raises(CannotCapture):
        await ship(unpaid.id, {cups: 1})

    with pytest.raises(NotToBeSent):
        await ship(new_id(5), {cups: 1})


async def test_the_mail_says_what_is_on_its_way_and_how_to_follow_it(monkeypatch: pytest.MonkeyPatch) -> None:
    state, [cups] = await an_order_of(3)
    parcel = await ship(state.id, {cups: 2})
    sent: list[dict] = []

    async def send(row_id: UUID, **about: object) -> None:
        sent.append({"row_id": row_id} | about)

    monkeypatch.setattr(mail, "send", send)
    await jobs.send_shipped(SendShipped(order_id=state.id, shipment_id=parcel), new_id(0))

    message = mail.compose(**sent[0])
    for part in message.iter_parts():
        for words in (
            "Part of your order",
            "2 ",
            "Brown teapot",
            "Royal Post",
            "RP 123",
            "The rest follows",
            state.number,
        ):
            assert words in part.get_content()


async def test_the_shopper_reads_what_was_sent_on_the_order_page() -> None:
    state, [cups] = await an_order_of(2)
    await ship(state.id, {cups: 1})

    view = await queries.order_of((await state_of(state.id)).shopper_id, state.number)

    assert view is not None
    assert [(parcel.carrier, parcel.tracking) for parcel in view.parcels] == [("Royal Post", "RP 123")]
    assert view.parcels[0].contents[0].quantity == 1
    assert view.events[-1].words.startswith("A parcel is on its way")
