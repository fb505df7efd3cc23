"""The card numbers of the test provider: what each does, and what its page answers."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from app.db.engines import writing
from app.db.outbox import emit
from app.payments import rules, testprovider
from app.payments.events import WebhookDue
from app.payments.testprovider import Session

SLOW = 4.0  # seconds the slow card takes
LATE = 2.0  # seconds by which the outdated webhook comes too late

UNKNOWN_NUMBER = "This is not a card number. Use one of those below."
OTHER_NUMBER = "Real cards do not work here. Use one of the numbers below."


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """What a number does: the `state` it books, after `wait` seconds, whether the browser is sent `back`, and the webhooks.

    `webhooks`: (state told, seconds until it is sent, number of copies).
    """

    words: str
    state: str = "authorised"
    wait: float = 0
    back: bool = True
    webhooks: tuple[tuple[str, float, int], ...] = (("authorised", 0.0, 1),)


CARDS = {
    "4242 4242 4242 4242": Card(words="Accepted."),
    "4000 0000 0000 0002": Card(words="Declined.", state="declined", webhooks=(("declined", 0.0, 1),)),
    "4000 0000 0000 3220": Card(words="Asks first whether it is you.", state="confirming", webhooks=()),
    "4000 0000 0000 0077": Card(words=f"Accepted, after {SLOW:.0f} seconds.", wait=SLOW),
    "4000 0000 0000 0119": Card(words="Accepted, but the answer is lost: only the webhook tells.", back=False),
    "4000 0000 0000 0259": Card(
        words="Never answers, neither here nor later.", state="silent", back=False, webhooks=()
    ),
    "4000 0000 0000 0341": Card(words="Accepted; the webhook comes three times.", webhooks=(("authorised", 0.0, 3),)),
    "4000 0000 0000 0127": Card(
        words="Accepted; an outdated webhook comes after the right one.",
        webhooks=(("authorised", 0.0, 1), ("open", LATE, 1)),
    ),
}
BY_DIGITS = {number.replace(" ", ""): card for number, card in CARDS.items()}


class CardForm(msgspec.Struct):
    """What is typed on the provider's page."""

    number: Annotated[
        str, Meta(max_length=40, extra={"error": UNKNOWN_NUMBER, "missing": "Please type a card number."})
    ] = ""


def find(number: str) -> Card | str:
    """The card with this number, or what is wrong with the number."""
    if not rules.is_card_number(number):
        return UNKNOWN_NUMBER if number.strip() else "Please type a card number."
    return BY_DIGITS.get(number.replace(" ", ""), OTHER_NUMBER)


async def charge(session: Session, card: Card) -> bool:
    """The provider's books say what the card does, and the webhooks about it are due. False when the page had closed."""
    if not await testprovider.book(session.id, card.state):
        return False
    await _announce(session, card)
    return True


async def confirm(session_id: UUID, *, yes: bool) -> bool:
    """The shopper said whether it is them. False when the page had closed."""
    session = await testprovider.session(session_id)
    state = "authorised" if yes else "declined"
    return session is not None and await charge(session, Card(words="", state=state, webhooks=((state, 0.0, 1),)))


async def _announce(session: Session, card: Card) -> None:
    # The shop's outbox stands in for the provider's: webhooks are repeated until the shop has taken them.
    async with writing(session.attempt_id):
        for state, delay, copies in card.webhooks:
            for _ in range(copies):
                event = WebhookDue(session_id=session.id, message_id=f"{session.id}-{state}", state=state)
                await emit(event, delay=delay)
