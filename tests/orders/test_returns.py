from __future__ import annotations

import asyncio
import re
from uuid import UUID, uuid4

import httpx
import pytest

from app.db.engines import reading
from app.inventory import operations as inventory
from app.ops import verify
from app.orders import operations, queries
from app.orders.events import SendReturn
from app.orders.exchanging import NothingToGive, RefundedBefore
from app.orders.queries import State
from app.orders.refunding import BeingReturned, Refunding
from app.orders.returns import AskedBefore, MovedOn, NothingToReturn, NotReturnable
from app.values import new_id
from jobs import mail
from jobs import orders as jobs
from tests.knobs import Scripted, knobs, provider
from tests.makers import a_product, an_order
from tests.orders.books import consequences_of, history_of, lines_of, numbers_of
from tests.orders.test_opening import a_link
from tests.orders.test_shipping import ship, statuses
from tests.outboxes import settle
from tests.payments.money import a_captured_order, refunds_of

pytestmark = pytest.mark.usefixtures("own_database")


async def a_sent_order(units: int = 3, sent: int = 3) -> tuple[State, UUID, UUID]:
    """A paid order of so many units at 10.00, so many of them sent; its line and its variant."""
    variant_id = (await a_product(price=1000)).variant_id
    state = await a_captured_order(lines={variant_id: units})
    [line] = await lines_of(state.id)
    await ship(state.id, {line["id"]: sent})
    return state, line["id"], variant_id


async def ask(order_id: UUID, lines: dict[UUID, int], key: UUID | None = None) -> UUID:
    return await operations.request_return(order_id, lines, "Too blue", key=key or uuid4())


async def test_a_return_goes_from_the_wish_to_its_money_and_the_shelf() -> None:
    state, line, variant_id = await a_sent_order()

    wish = await ask(state.id, {line: 2})
    await operations.approve(state.id, wish)
    await operations.receive(state.id, wish, restock=True)
    await operations.refund_return(state.id, wish)
    with provider(Scripted()):
        await settle()

    kinds = [kind for kind in await history_of(state.id) if kind.startswith("return_")]
    assert kinds == ["return_requested", "return_approved", "return_received", "return_refunded"]
    assert (await consequences_of(state.id)).count("SendReturn") == 4
    assert [refund.amount for refund in await refunds_of(state.id)] == [2000]
    assert await numbers_of(variant_id) == (19, 0, 3)
    assert await statuses(state.id) == ("closed", "partially_refunded", "fulfilled")


async def test_each_step_is_taken_once_and_in_order() -> None:
    state, line, _ = await a_sent_order()
    wish = await ask(state.id, {line: 1})

    ends = await asyncio.gather(
        operations.approve(state.id, wish), operations.reject(state.id, wish), return_exceptions=True
    )
    with pytest.raises(MovedOn):
        await operations.refund_return(state.id, wish)
    with pytest.raises(MovedOn):
        await operations.approve(new_id(4), wish)

    assert [type(end) for end in ends].count(MovedOn) == 1
    assert await refunds_of(state.id) == []


async def test_one_form_is_one_return_of_one_order() -> None:
    state, line, _ = await a_sent_order()
    with provider(Scripted()):
        other = await an_order(shopper_id=state.shopper_id)
        [others] = await lines_of(other.id)
        await ship(other.id, {others["id"]: 1})
    key = uuid4()
    wish = await ask(state.id, {line: 1}, key)

    with pytest.raises(AskedBefore):
        await ask(other.id, {others["id"]: 1}, key)

    assert await ask(state.id, {line: 1}, key) == wish


async def test_an_exchange_sends_the_same_anew_takes_it_off_the_shelf_and_gives_no_money_back() -> None:
    state, line, variant_id = await a_sent_order()
    wish = await arrived(state, line, 2)

    await operations.exchange(state.id, wish, carrier="Royal Post", tracking="RP 9")
    with pytest.raises(MovedOn):
        await operations.exchange(state.id, wish, carrier="", tracking="")
    with provider(Scripted()):
        await settle()
        await settle(again=state.id)

    async with reading(state.id) as db:
        parcels = await queries.parcels_of(db, state.id)
    assert [(parcel.replaces, [each.quantity for each in parcel.contents]) for parcel in parcels] == [
        (False, [3]),
        (True, [2]),
    ]
    assert (await consequences_of(state.id)).count("SendShipped") == 2
    assert await numbers_of(variant_id) == (15, 0, 3), "three sold, two more given"
    assert await refunds_of(state.id) == []
    assert await statuses(state.id) == ("closed", "captured", "fulfilled")
    assert await broken() == []


async def test_what_was_refunded_meanwhile_is_not_given_in_exchange_as_well() -> None:
    state, line, _ = await a_sent_order()
    wish = await arrived(state, line, 2)
    paid_back = Refunding(lines={line: 2}, amount=None, reason="Goodwill", restock=False)
    await operations.refund(state.id, paid_back, key=uuid4())

    with pytest.raises(RefundedBefore):
        await operations.exchange(state.id, wish, carrier="", tracking="")

    async with reading(state.id) as db:
        assert len(await queries.parcels_of(db, state.id)) == 1


async def test_what_is_being_sent_back_is_put_on_the_shelf_by_its_return_alone() -> None:
    state, line, _ = await a_sent_order(units=4, sent=3)
    await ask(state.id, {line: 2})

    def back(units: int) -> Refunding:
        return Refunding(lines={line: units}, amount=None, reason="Goodwill", restock=True)

    with pytest.raises(BeingReturned):
        await operations.refund(state.id, back(2), key=uuid4())
    await operations.refund(state.id, back(1), key=uuid4())

    assert (await lines_of(state.id))[0]["refunded"] == 1, "the one that was not sent yet"


async def test_what_was_given_in_exchange_can_come_back_too() -> None:
    state, line, _ = await a_sent_order(units=1, sent=1)
    first = await arrived(state, line, 1)
    await operations.exchange(state.id, first, carrier="", tracking="")

    second = await arrived(state, line, 1)
    await operations.refund_return(state.id, second)
    with provider(Scripted()):
        await settle()

    assert [refund.amount for refund in await refunds_of(state.id)] == [1000]
    assert await broken() == []


async def test_an_exchange_whose_last_unit_was_just_sold_is_paid_by_the_next_delivery() -> None:
    state, line, variant_id = await a_sent_order()
    wish = await arrived(state, line, 1)
    with provider(Scripted()):
        await settle()
    await inventory.count(variant_id, 1)
    await operations.exchange(state.id, wish, carrier="", tracking="")
    await inventory.reserve(new_id(3), [(variant_id, 1)])  # before the job looks

    with provider(Scripted()):
        await settle()
    nobody_waits = await broken()
    await inventory.receive(variant_id, 5)

    assert nobody_waits == []
    assert await numbers_of(variant_id) == (5, 1, 3), "four can be sold, and are there"


async def test_nothing_is_exchanged_for_what_there_is_none_left_of() -> None:
    state, line, variant_id = await a_sent_order()
    wish = await arrived(state, line, 1)
    with provider(Scripted()):
        await settle()
    await inventory.count(variant_id, 0)

    with pytest.raises(NothingToGive):
        await operations.exchange(state.id, wish, carrier="", tracking="")
    await operations.refund_return(state.id, wish)

    assert len(await refunds_of(state.id)) == 1


async def test_a_return_gives_back_what_is_left_when_part_of_its_money_went_back_before() -> None:
    state, line, _ = await a_sent_order(units=1, sent=1)
    await operations.refund(
        state.id, Refunding(lines={}, amount=state.total - 400, reason="Late", restock=False), key=new_id(0)
    )
    wish = await arrived(state, line, 1)

    await operations.refund_return(state.id, wish)
    with provider(Scripted()):
        await settle()

    assert [refund.amount for refund in await refunds_of(state.id)] == [state.total - 400, 400]
    assert await statuses(state.id) == ("closed", "refunded", "fulfilled")
    assert await broken() == []


async def test_a_return_is_settled_when_nothing_is_left_to_give_back_for_it() -> None:
    state, line, _ = await a_sent_order(units=1, sent=1)
    wish = await arrived(state, line, 1)
    await operations.refund(
        state.id, Refunding(lines={line: 1}, amount=None, reason="Late", restock=False), key=new_id(0)
    )

    await operations.refund_return(state.id, wish)
    with pytest.raises(MovedOn):
        await operations.refund_return(state.id, wish)
    with provider(Scripted()):
        await settle()

    assert [refund.amount for refund in await refunds_of(state.id)] == [1000]
    assert (await history_of(state.id)).count("return_refunded") == 1
    assert await broken() == []


async def test_what_cost_nothing_can_come_back_too() -> None:
    variant_id = (await a_product(price=0)).variant_id
    state = await a_captured_order(lines={variant_id: 1})
    [line] = await lines_of(state.id)
    await ship(state.id, {line["id"]: 1})
    wish = await arrived(state, line["id"], 1)

    await operations.refund_return(state.id, wish)
    with provider(Scripted()):
        await settle()

    assert await refunds_of(state.id) == []
    assert [each["refunded"] for each in await lines_of(state.id)] == [1]
    assert await broken() == []


async def broken() -> list[str]:
    """Broken invariants; the scripted provider keeps no books."""
    return [words for words in await verify.violations() if "test provider's books" not in words]


async def arrived(state: State, line: UUID, units: int) -> UUID:
    """A return whose units are back and can't be sold."""
    wish = await ask(state.id, {line: units})
    await operations.approve(state.id, wish)
    await operations.receive(state.id, wish, restock=False)
    return wish


async def test_only_what_was_sent_and_is_not_going_back_can_be_returned_and_a_refused_wish_counts_no_more() -> None:
    state, line, _ = await a_sent_order(units=3, sent=2)
    key = uuid4()

    with pytest.raises(NotReturnable) as no:
        await ask(state.id, {line: 3})
    ids = await asyncio.gather(*(ask(state.id, {line: 2}, key) for _ in range(3)))
    with pytest.raises(NotReturnable):
        await ask(state.id, {line: 1})
    await operations.reject(state.id, ids[0])
    await ask(state.id, {line: 2})
    with pytest.raises(NothingToReturn):
        await ask(state.id, {})

    assert no.value.about == {"line_id": line}
    assert len(set(ids)) == 1


async def test_the_refund_of_a_return_leaves_what_is_still_to_be_sent() -> None:
    state, line, _ = await a_sent_order(units=3, sent=1)
    wish = await ask(state.id, {line: 1})
    await operations.approve(state.id, wish)
    await operations.receive(state.id, wish, restock=False)

    await operations.refund_return(state.id, wish)

    row = (await lines_of(state.id))[0]
    assert (row["shipped"], row["cancelled"], row["refunded"]) == (1, 0, 1)


async def test_nothing_can_be_sent_back_after_its_time() -> None:
    state, line, _ = await a_sent_order()

    with knobs(return_days=0), pytest.raises(NotReturnable):
        await ask(state.id, {line: 1})


async def test_the_mail_says_what_became_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    state, line, _ = await a_sent_order()
    wish = await ask(state.id, {line: 2})
    sent: list[dict] = []

    async def send(row_id: UUID, **about: object) -> None:
        sent.append({"row_id": row_id} | about)

    monkeypatch.setattr(mail, "send", send)
    await jobs.send_return(SendReturn(order_id=state.id, return_id=wish, status="approved"), new_id(0))

    for part in mail.compose(**sent[0]).iter_parts():
        for words in ("Please send it back", "Brown teapot", state.number):
            assert words in part.get_content()


async def test_a_shopper_asks_on_the_orders_page_and_mistakes_keep_what_was_typed(shop: httpx.AsyncClient) -> None:
    state, line, _ = await a_sent_order()
    field, path = f"return-{line}", f"/orders/{state.number}/returns"
    assert (await shop.post(path, data={})).status_code == 404
    await shop.post(await a_link(state), data={"email": "ada@example.org"})
    page = (await shop.get(f"/orders/{state.number}")).text
    key = re.search(r'name="key" value="([^"]+)"', page)
    assert key

    wrong = await shop.post(path, data={"key": key[1], field: "4", "reason": "Kept <words>"})
    bare = await shop.post(path, data={"key": key[1], field: "x", "reason": ""})
    right = await shop.post(path, data={"key": key[1], field: "1", "reason": "Too blue"})

    assert (wrong.status_code, bare.status_code, right.status_code) == (422, 422, 303)
    assert "Kept &lt;words&gt;" in wrong.text
    assert f'id="{field}-error" data-testid="field-error"' in wrong.text
    assert bare.text.count('data-testid="field-error"') == 2
    after = (await shop.get(f"/orders/{state.number}")).text
    assert after.count('data-testid="return"') == 1
    assert "Asked for" in after
    assert (await queries.order_id_of(state.shopper_id, state.number)) == state.id
