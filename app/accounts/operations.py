from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from app.accounts.addresses import FullBook, NoSuchAddress, forget_address, keep_address, make_default, write_address
from app.accounts.changing import (
    ask_to_move,
    change_password,
    end_sessions,
    move,
    rename,
    reset_password,
    settle_move,
)
from app.accounts.devices import device_of, mark_of
from app.accounts.erasing import ask_to_erase, erase, erase_shopper
from app.accounts.joining import HasAccount, LinkOpensNothing, NotYourPassword, enter_by_link, join
from app.accounts.limits import TooManyTries, count_client, count_try, forget_tries, may_mail, sweep_tries
from app.accounts.links import ask_for_link
from app.accounts.noting import LongNote, NoteChanged, change_note
from app.accounts.rules import is_email, normalised, own_path, wrong_password
from app.accounts.signing_in import (
    NewSession,
    WrongSignIn,
    check_password,
    end_guest,
    enter,
    is_password,
    sign_out,
    sign_out_everywhere,
    sign_out_there,
)
from app.accounts.tables import Shopper
from app.db import outbox
from app.db.batches import Batches
from app.db.engines import CURRENT, EVERYONE, writing
from app.values import any_bucket, bucket_of, new_id, now, seconds
from app.web.visitor import LASTS, new_pv, new_token, token_hash

SWEEPS = (sweep_tries,)

__all__ = [
    "SWEEPS",  "FullBook", "HasAccount", "LinkOpensNothing", "LongNote", "NewSession", "NoSuchAddress", "NotYourPassword",
    "NoteChanged",
    "TooManyTries", "WrongSignIn", "ask_for_link", "ask_to_erase", "ask_to_move", "change_note", "change_password", "check_password",
    "count_client", "count_try", "device_of", "end_guest", "end_sessions", "enter", "enter_by_link", "erase", "erase_shopper",
    "forget_address", "forget_holes", "forget_tries", "is_email", "is_password", "join",
    "keep_address", "lengthen", "make_default", "mark_of", "may_mail", "move", "normalised", "open_session", "own_path", "rename", "renew_pv", "reset_password", "settle_move",
    "sign_out", "sign_out_everywhere", "sign_out_there", "write_address",
    "wrong_password",
]  # fmt: skip


async def open_session() -> NewSession:
    """A shopper in a random bucket with a session that lasts 90 days from their last visit: made by the first action that needs one."""
    shopper_id = new_id(any_bucket())
    bucket = bucket_of(shopper_id)
    token, pv = new_token(bucket), new_pv()
    async with writing(shopper_id) as db:
        await Shopper.insert(Shopper(id=shopper_id, created_at=now()))
        await db.execute(
            "INSERT INTO session (id, token_hash, shopper_id, pv, created_at, seen_at, expires_at)"
            " VALUES ($1, $2, $3, $4, now(), now(), now() + $5::interval)",
            new_id(bucket), token_hash(token), shopper_id, pv, seconds(LASTS),
        )  # fmt: skip
    return NewSession(shopper_id=shopper_id, token=token, pv=pv)


async def lengthen(token_hash: bytes, bucket: int) -> bool:
    """A guest's session lasts 90 days from now. False when it is over, or somebody has signed in with it meanwhile."""
    async with writing(bucket, lasting=False) as db:
        sql = "UPDATE session SET expires_at = now() + $2::interval, seen_at = now() WHERE token_hash = $1 AND NOT signed_in AND expires_at > now()"
        return await db.execute(sql, token_hash, seconds(LASTS)) > 0


async def renew_pv(shopper_id: UUID) -> str:
    """Gives the shopper's sessions a new private version, in the current transaction: what was kept for the old one is out of reach."""
    pv = new_pv()
    database = CURRENT.get()
    assert database is not None and database.writes, "renew_pv belongs inside writing(shopper_id)"
    await database.execute("UPDATE session SET pv = $2, seen_at = now() WHERE shopper_id = $1", shopper_id, pv)
    return pv


async def forget_holes(shopper_id: UUID) -> None:
    """The relay's next round purges the shopper's kept holes, and again later, like everything that changed.

    Shoppers live on shards, where the rounds don't look: a row in the shared database says it there.
    """
    await FORGOTTEN.ask(EVERYONE, _Shopper(shopper_id))


class _Shopper(NamedTuple):
    id: UUID


async def _forget(key: str, shoppers: Sequence[_Shopper]) -> dict[UUID, None]:
    ids = dict.fromkeys(shopper.id for shopper in shoppers)
    async with writing(EVERYONE) as db:
        await outbox.changed(db, "shopper", *ids)
    return ids


FORGOTTEN: Batches[_Shopper, None] = Batches(_forget)
