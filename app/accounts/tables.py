from __future__ import annotations

from piccolo.columns import UUID, Boolean, Bytea, Integer, Text, Timestamptz, Varchar
from piccolo.constraints import Unique
from piccolo.table import Table

from app.db.engines import SHARDS


class Shopper(Table, tablename="shopper", db=SHARDS):
    """Someone with a cart. Everything they own carries their bucket."""

    id = UUID(primary_key=True, default=None)
    created_at = Timestamptz()
    account_id = UUID(null=True, default=None, help_text="whose account this is; it carries the address's bucket")
    erased_at = Timestamptz(null=True, default=None, help_text="when they asked to be forgotten")


class Session(Table, tablename="session", db=SHARDS):
    """A browser that may act for a shopper. Only the token's SHA-256 is stored."""

    id = UUID(primary_key=True, default=None)
    token_hash = Bytea(unique=True)
    shopper_id = UUID(default=None, index=True)
    pv = Varchar(length=22, help_text="changes with every change of cart or account")
    signed_in = Boolean(default=False, help_text="opened with a password or a link; never becomes true later")
    agent = Varchar(length=80, default="", help_text="the browser in words")
    created_at = Timestamptz()
    seen_at = Timestamptz()
    expires_at = Timestamptz()


class Account(Table, tablename="account", db=SHARDS):
    """An e-mail address that may sign in as a shopper. In the bucket of its address, so that unique means unique."""

    id = UUID(primary_key=True, default=None)
    email = Varchar(length=254, unique=True, help_text="normalised")
    name = Varchar(length=120)
    password_hash = Varchar(length=200, help_text="argon2id")
    shopper_id = UUID(default=None, help_text="of any bucket")
    verified_at = Timestamptz(help_text="when its owner last proved that the address is theirs")
    note = Text(default="", help_text="by staff, for staff")
    version = Integer(default=1, help_text="of the note: two who edit it see each other")
    created_at = Timestamptz()


class AccountToken(Table, tablename="account_token", db=SHARDS):
    """A link that a mail carries: to join, enter, reset a password or move to another address, or to be forgotten. Only its SHA-256 is stored."""

    id = UUID(primary_key=True, default=None)
    kind = Varchar(length=10, help_text="join | enter | reset | move | erase")
    token_hash = Bytea(unique=True)
    email = Varchar(length=254)
    name = Varchar(length=120, default="")
    password_hash = Varchar(length=200, default="", help_text="join: the password that was chosen")
    account_id = UUID(default=None, help_text="join, move: the id that the account will have")
    shopper_id = UUID(null=True, default=None, help_text="who asked for it, if they were somebody")
    next_path = Varchar(length=300, default="")
    tries = Integer(default=0, help_text="wrong passwords typed for it")
    expires_at = Timestamptz(index=True)
    used_at = Timestamptz(null=True, default=None)


class Address(Table, tablename="address", db=SHARDS):
    """Where a shopper has things sent."""

    id = UUID(primary_key=True, default=None)
    shopper_id = UUID(default=None)
    name = Varchar(length=120)
    line1 = Varchar(length=120)
    line2 = Varchar(length=120, default="")
    city = Varchar(length=80)
    postcode = Varchar(length=16)
    country = Varchar(length=2)
    phone = Varchar(length=40, default="")
    is_default = Boolean(default=False)
    created_at = Timestamptz()

    same = Unique([shopper_id, name, line1, line2, city, postcode, country])


class VisitorTry(Table, tablename="visitor_try", db=SHARDS):
    """How often somebody tried something since when; one row for each name, which is hashed."""

    name = Varchar(length=64, primary_key=True)
    bucket = Integer()
    tries = Integer(default=1)
    since = Timestamptz(index=True)
