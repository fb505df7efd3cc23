from __future__ import annotations

import asyncio
from uuid import UUID

from litestar import Request, Response
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from app.payments import cards, testprovider
from app.payments.queries import ProviderView
from app.payments.testprovider import Session
from app.settings import settings
from app.web.forms import read_form
from app.web.pages import Page, action, page, redirect

SHOWN = [(number, card.words) for number, card in cards.CARDS.items()]


@page("/dev/pay/{session_id:uuid}", name="test_payment")
async def payment_page(session_id: FromPath[UUID]) -> Page:
    """The test provider's page: only a development shop has one."""
    return _page(await _session(session_id))


@action("/dev/pay/{session_id:uuid}", name="test_pay")
async def pay(request: Request, session_id: FromPath[UUID]) -> Page | Response:
    """Does what the typed card number stands for."""
    session = await _session(session_id)
    form = await read_form(request, cards.CardForm)
    typed = form.typed.get("number", "")
    card = cards.find(typed)
    if isinstance(card, str):
        return _page(session, errors={"number": card}, typed={"number": typed[:40]}, status=422)
    await asyncio.sleep(card.wait)
    booked = await cards.charge(session, card)
    if booked and card.state == "confirming":
        return redirect(f"/dev/pay/{session_id}")
    if booked and not card.back:
        return _page(session, step="lost", status=504)
    return redirect(session.return_url)


@action("/dev/pay/{session_id:uuid}/confirm", name="test_confirm")
async def confirm(request: Request, session_id: FromPath[UUID]) -> Response:
    """The extra step of a card that asks first."""
    session = await _session(session_id)
    form = await read_form(request, cards.CardForm)
    await cards.confirm(session_id, yes=form.typed.get("answer") == "yes")
    return redirect(session.return_url)


async def _session(session_id: UUID) -> Session:
    session = await testprovider.session(session_id) if settings().dev else None
    if session is None:
        raise NotFoundException
    return session


def _page(
    session: Session,
    *,
    step: str = "",
    errors: dict[str, str] | None = None,
    typed: dict[str, str] | None = None,
    status: int = 200,
) -> Page:
    view = ProviderView(
        session_id=session.id,
        step=step or ("closed" if not session.takes_cards else "confirm" if session.state == "confirming" else "card"),
        amount=session.amount,
        currency=session.currency,
        shop_name=settings().shop_name,
        return_url=session.return_url,
        cards=SHOWN,
        errors=errors or {},
        typed=typed or {},
    )
    return Page(template="payments/provider.html", view=view, status=status)


ROUTES = [payment_page, pay, confirm]
