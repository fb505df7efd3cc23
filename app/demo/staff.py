"""The demo shop's owner, who can sign in to the admin."""

from __future__ import annotations

import secrets
from pathlib import Path

import asyncpg
from argon2 import PasswordHasher

from app.demo.mint import mint
from app.ops.home import home_of
from app.settings import Settings

OWNER = "owner@larkfield.example"
FILE = "admin-password"  # in the home folder, readable by its owner only
HASHER = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)  # as app/web/passwords.py


async def add(connection: asyncpg.Connection, settings: Settings) -> None:
    """The owner has a row with a password nobody chose, and the password is in a file."""
    password = secrets.token_urlsafe(12)
    _keep(home_of(settings).root / FILE, password)
    await connection.execute(
        "INSERT INTO staff (id, email, name, password_hash) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
        mint("staff", OWNER), OWNER, "Shop owner", HASHER.hash(password),
    )  # fmt: skip


def _keep(file: Path, password: str) -> None:
    """Private before there is anything in it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch(mode=0o600)
    file.chmod(0o600)
    file.write_text(f"{OWNER}\n{password}\n", encoding="utf-8")
