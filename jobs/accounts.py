from __future__ import annotations

from uuid import UUID

from app.accounts import mails
from app.accounts import operations as accounts
from app.accounts.events import (
    AccountMoved,
    AddressProved,
    GuestSignedIn,
    PasswordChanged,
    SendAccountLink,
    SendAccountNotice,
    ShopperChanged,
    ShopperErased,
)
from app.accounts.queries import link_to_mail
from app.members import operations as members
from app.orders import operations as orders
from app.orders.events import OrderOpened
from jobs import mail


async def forget_holes(event: ShopperChanged, row_id: UUID) -> None:
    """The edge forgets the shopper's kept holes. Twice is once more."""
    await accounts.forget_holes(event.shopper_id)


async def send_link(event: SendAccountLink, row_id: UUID) -> None:
    """Mails a link to whoever it is for; nobody gets one for an address without an account, unless it is to make one."""
    found = await link_to_mail(event.token_id)
    link, known = found or (None, False)
    view = mails.link_mail(link, known=known) if link else None
    if link and view:
        await _send(row_id, link.email, view)


async def send_notice(event: SendAccountNotice, row_id: UUID) -> None:
    """Tells the owner of an account what happened to it."""
    await _send(row_id, event.email, mails.notice_mail(event.what, event.about))


async def end_old_sessions(event: PasswordChanged, row_id: UUID) -> None:
    """Whoever came in with the old password is out, and the owner is told. Twice is once."""
    await accounts.end_sessions(event.shopper_id, event.at)
    await _send(row_id, event.email, mails.notice_mail("password"))


async def settle_guest(event: GuestSignedIn, row_id: UUID) -> None:
    """Cart and orders of a guest are with the shopper they turned out to be. Twice is once."""
    await members.settle_guest(event.guest_id, event.shopper_id)


async def share_orders(event: AddressProved, row_id: UUID) -> None:
    """Orders placed with a proved address are there for its owner. Twice is once."""
    await orders.share_by_email(event.email, event.shopper_id)


async def remember_order(event: OrderOpened, row_id: UUID) -> None:
    """An opened order is among the shopper's own. Twice is once."""
    await orders.remember(event.order_id, event.shopper_id)


async def settle_move(event: AccountMoved, row_id: UUID) -> None:
    """The account has its new address. Twice is once."""
    await accounts.settle_move(event.account_id, event.new_id, event.email)


async def settle_erasure(event: ShopperErased, row_id: UUID) -> None:
    """What belonged to a deleted account is gone. Twice is once."""
    await members.settle_erasure(event.shopper_id, event.moving)


async def _send(row_id: UUID, to: str, view: mails.AccountMail) -> None:
    await mail.send(row_id, to=to, subject=view.subject, template="account", view=view)
