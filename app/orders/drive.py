"""One driver for an order: it looks where the order stands and takes the next step, whoever asks and however often.

Placing, paying again, the shopper's return, webhooks and sweeps all end here, so a crash anywhere is mended by driving on.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID

from app.inventory import operations as inventory
from app.inventory import queries as stock
from app.orders import limits, money, queries, replacing, rules, steps, words
from app.orders.outside import look_outside
from app.orders.queries import State
from app.orders.replacing import close, give_up, let_go
from app.orders.state import ENDING
from app.payments import operations as payments
from app.payments.operations import Message
from app.payments.queries import Attempt
from app.settings import settings
from app.values import Refusal


async def drive(order_id: UUID, state: State | None = None) -> State | None:
    """Takes an order as far as it can go now, from wherever it stands; each step once. Returns where it stands then.

    Safe to run side by side with itself: every step is conditional, and only one caller ever talks to the provider.
    """
    taken: set[str] = set()
    while True:
        state = state or await queries.state(order_id)
        step = _next_step(state) if state else None
        if state is None or step is None or step in taken:
            return state
        taken.add(step)
        state = await STEPS[step](state)


def _next_step(state: State) -> str | None:
    return rules.next_step(state.standing, unpaid_for=settings().hold_seconds)


async def _reserve(state: State) -> State | None:
    """T2, T5 and the provider: asked only when every variant and every use of a promotion is pinned and the intent is committed.

    Else the order is rejected and its `ReleaseStock` undoes what was pinned: only after the rejection is committed, since
    another driver of this order may have had better luck. Until the intent the order is `placing`, and whoever drives it
    on begins here again.
    """
    if await queries.is_replaced(state):
        await steps.reject(state, "replaced")
        return None
    if not await (_instead(state) if state.replaces else _held(state, state.wanted)):
        return None
    attempt = await steps.intend(state)
    if attempt is None:
        await let_go(state.id)  # rejected meanwhile? Then a line pinned since is pinned for nobody
        return None
    return await steps.settle(attempt, await payments.start(attempt))


async def _instead(state: State) -> bool:
    """All is pinned, in the place of earlier orders: first what they do not hold, so that a refusal leaves them as they are."""
    earlier = await replacing.earlier_of(state)
    theirs = {id for before in earlier for id, _, _ in before.wanted}
    shared = [each for each in state.wanted if each[0] in theirs]
    if any(before.is_paid for before in earlier):
        return await replacing.make_way(state, earlier)
    if not await _held(state, [each for each in state.wanted if each[0] not in theirs]):
        return False
    if lacking := await replacing.lacking(state, shared):
        await _sold_out(state, *lacking)
        return False
    return await replacing.make_way(state, earlier) and await _held(state, shared)


async def _held(state: State, wanted: Sequence[tuple[UUID, int, str]]) -> bool:
    """These are pinned for the order; else it is rejected."""
    for id, quantity, title in wanted:
        [verdict] = await inventory.reserve(state.id, [(id, quantity)], pinned=True)
        if not verdict.held:
            await _not_to_be_had(state, verdict, title)
            return False
    return True


async def _expire(state: State) -> None:
    """What could not be brought to its payment for so long is over: nobody waits for it, and its stock is not kept for ever."""
    await steps.reject(state, "not_ended" if state.reason == ENDING else "expired")


async def _not_to_be_had(state: State, verdict: inventory.Verdict, title: str) -> None:
    """The order is rejected for the line, or the use of a promotion, that could not be held."""
    if verdict.said == "released":
        await steps.reject(state, "expired", note=f"{title} is not there any more." if title else "")
    elif title:
        await _sold_out(state, verdict.variant_id, verdict.quantity, title)
    else:
        spent = next(use for use in state.uses if use.limit_id == verdict.variant_id)
        reason, note = words.spent(spent.title, one_each=spent.one_each)
        await steps.reject(state, reason, note=note)


async def _sold_out(state: State, variant_id: UUID, asked: int, title: str) -> None:
    """How many are left is asked only of who wanted several, and of them only now."""
    left: int | None = 0
    if asked > 1:
        left = (await stock.too_few({variant_id: asked}, besides=[state.id, *state.replaces])).get(variant_id)
    await steps.reject(state, "sold_out", note=words.too_few(title, left, asked))


async def _pay(state: State) -> State | None:
    """A later attempt: T4, whether every line is still pinned, then as the first one."""
    if await inventory.pin(state.reservations):
        return await _ask(state)
    await steps.reject(state, "expired")
    return None


async def _ask(state: State) -> State | None:
    assert state.attempt is not None
    attempt = await payments.intend(state.attempt)
    return await steps.settle(attempt, await payments.start(attempt)) if attempt else None


async def _cancel(state: State) -> None:
    await steps.cancel(state.id, "unpaid")


STEPS: dict[str, Callable[[State], Awaitable[State | None]]] = {
    "reserve": _reserve,
    "expire": _expire,
    "pay": _pay,
    "ask_again": _ask,
    "end": close,
    "cancel": _cancel,
}


async def look(attempt: Attempt, message_id: str = "") -> bool:
    """What the provider's books say of an attempt is true here too: the shopper's return and webhooks both end here.

    False when the books can't be read now; a message is then not counted as heard.
    """
    answer = await payments.look_up(attempt)
    silent = isinstance(answer, payments.Unknown)
    if not (silent and message_id):
        await steps.settle(attempt, answer, message_id)
    return not silent


class StillUnclear(Refusal):
    say = "The provider's books still say something else than we asked for."


async def look_again(order_id: UUID) -> None:
    """Staff have put right at the provider what was booked there: it goes on when both agree. Raises StillUnclear."""
    state = await queries.state(order_id)
    if state and state.is_unclear and state.attempt:
        await look(state.attempt)
        state = await queries.state(order_id)
    if state is None or state.is_unclear:
        raise StillUnclear


async def hear(attempt: Attempt, message: Message, message_id: str) -> bool:
    """A genuine message is acted on, once: what it is about is looked up. False when that can't be done now."""
    if message.outside:
        return await look_outside(attempt)
    if message.refund_id:
        await money.look_at_refund(attempt, message.refund_id, message_id)
        return True
    if message.declined:
        return await _declined_on_page(attempt, message_id)
    return await look(attempt, message_id)


async def _declined_on_page(attempt: Attempt, message_id: str) -> bool:
    """A page that stays open takes one card after the other: past the limit it is closed, and the order with it.

    Asked each time it is heard: whoever counted may not have come to closing it.
    """
    state = await money.count_on_page(attempt, message_id)
    if state and await payments.is_card_testing(state.shopper_id, await limits.client_of(state.id)):
        await give_up(state.id, "unpaid")
    return await look(attempt)
