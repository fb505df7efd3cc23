"""Who may come in, and as whom. Every way in opens a new session: one that somebody else may know is never made more of."""

from __future__ import annotations

from uuid import UUID

import msgspec

from app.accounts.events import AddressProved, GuestSignedIn, ShopperChanged
from app.accounts.limits import count_try, forget_tries
from app.accounts.queries import Member, member_by_email
from app.accounts.rules import browser_words, normalised
from app.db.engines import reading, writing
from app.db.outbox import emit
from app.values import Refusal, bucket_of, name_bucket, new_id, seconds
from app.web import passwords
from app.web.visitor import LASTS, new_pv, new_token, token_hash

# Ended, not deleted: answers on their way to the same browser must not take the new cookies from it (`queries.just_ended`).
GUEST_ENDED = "UPDATE session SET expires_at = now() WHERE shopper_id = $1 AND NOT signed_in AND expires_at > now()"

OPENED = """
    INSERT INTO session (id, token_hash, shopper_id, pv, signed_in, agent, expires_at)
    SELECT $1, $2, id, $4, true, $5, now() + $6::interval FROM shopper WHERE id = $3 AND erased_at IS NULL FOR SHARE
"""


class WrongSignIn(Refusal):
    say = "This e-mail address and password do not belong together."
    status = 422


class NewSession(msgspec.Struct, frozen=True, kw_only=True):
    """A shopper in a browser. `token` goes into the cookie and is stored nowhere."""

    shopper_id: UUID
    token: str
    pv: str


async def check_password(email: str, password: str, client: str, device: str = "") -> Member:
    """The account that these open. `device`: as in `count_try`. Raises TooManyTries, and WrongSignIn: in the same words, after the same queries and the
    same work, for an unknown address and for a wrong password.
    """
    await count_try("password", whose=email, client=client, device=device)
    email = normalised(email)
    right = await knows_password(email, password)
    member = await member_by_email(email)
    if not right or member is None:
        raise WrongSignIn
    await forget_tries("password", email, device)
    return member


async def knows_password(email: str, password: str) -> bool:
    """Whether the account of this address, normalised, has this password; the same work where there is none. Counts nothing."""
    async with reading(name_bucket(email)) as db:
        stored = await db.fetchval("SELECT password_hash FROM account WHERE email = $1", email)
    return await passwords.matches(stored or passwords.NOBODY, password) and bool(stored)


async def is_password(member: Member, password: str, client: str) -> bool:
    """Whether who is signed in knows the password, too. Counts as a try, but not among those at the door. Raises TooManyTries."""
    whose = str(member.account_id)
    await count_try("password inside", whose=whose, client=client)
    right = await knows_password(member.email, password)
    if right:
        await forget_tries("password inside", whose)
    return right


async def enter(member: Member, *, guest_id: UUID | None, agent: str) -> NewSession:
    """A new session for the account's shopper. A guest (`guest_id`) who turns out to be them is remembered for what follows.

    Every guest session of the shopper ends: whoever holds one has not signed in.
    """
    shopper_id = member.shopper_id
    bucket = bucket_of(shopper_id)
    token, pv = new_token(bucket), new_pv()
    async with writing(shopper_id, step="sign_in") as db:
        await db.execute(GUEST_ENDED, shopper_id)
        opened = await db.execute(
            OPENED, new_id(bucket), token_hash(token), shopper_id, pv, browser_words(agent)[:80], seconds(LASTS)
        )
        if not opened:  # the account was deleted meanwhile
            raise WrongSignIn
        await emit(ShopperChanged(shopper_id=shopper_id), AddressProved(email=member.email, shopper_id=shopper_id))
        if guest_id and guest_id != shopper_id:
            await emit(GuestSignedIn(guest_id=guest_id, shopper_id=shopper_id))
    return NewSession(shopper_id=shopper_id, token=token, pv=pv)


async def end_guest(guest_id: UUID) -> bool:
    """The guest's browser is nobody's any more. False for a shopper with an account, who is no guest; twice is once."""
    async with writing(guest_id, step="end_guest") as db:
        sql = "SELECT account_id IS NULL FROM shopper WHERE id = $1 FOR UPDATE"
        if not await db.fetchval(sql, guest_id):
            return False
        await db.execute(GUEST_ENDED, guest_id)
    return True


async def sign_out(shopper_id: UUID, token: str) -> None:
    """This browser's session is over, also for whoever copied its cookie."""
    async with writing(shopper_id) as db:
        await db.execute("DELETE FROM session WHERE shopper_id = $1 AND token_hash = $2", shopper_id, token_hash(token))
        await emit(ShopperChanged(shopper_id=shopper_id))


async def sign_out_there(shopper_id: UUID, session_id: UUID) -> None:
    """One of the shopper's sessions is over; somebody else's is not touched."""
    async with writing(shopper_id) as db:
        await db.execute("DELETE FROM session WHERE shopper_id = $1 AND id = $2", shopper_id, session_id)
        await emit(ShopperChanged(shopper_id=shopper_id))


async def sign_out_everywhere(shopper_id: UUID) -> int:
    """All sessions of the shopper are over. Returns how many were signed in."""
    async with writing(shopper_id) as db:
        ended = await db.execute("DELETE FROM session WHERE shopper_id = $1", shopper_id)
        await emit(ShopperChanged(shopper_id=shopper_id))
    return ended
