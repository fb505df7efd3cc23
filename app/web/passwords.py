"""Passwords of staff and of shoppers: hashed slowly, compared in the same time whether or not there is one."""

from __future__ import annotations

import asyncio

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# OWASP Password Storage Cheat Sheet: argon2id with 19 MiB, two passes, one lane.
HASHER = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
# What an unknown address is compared with, so that it takes as long as a known one. Nobody knows its password.
NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$ts9x6viuhku71E/mB8HD4Q$4syGQW/5r6buryKuRg29IqIF7W7mfjDsUBW3v5phhrI"
_turns = asyncio.Semaphore(2)  # each one takes a core for about 30 ms and 19 MiB


async def hashed(password: str) -> str:
    """The argon2id hash to store."""
    async with _turns:
        return await asyncio.to_thread(HASHER.hash, password)


async def matches(stored: str, password: str) -> bool:
    """Whether the password is the one that was hashed. Waits its turn: a flood of sign-ins must not take the machine."""
    async with _turns:
        return await asyncio.to_thread(_matches, stored, password)


def outdated(stored: str) -> bool:
    """Whether the hash was made with other costs than today's."""
    return HASHER.check_needs_rehash(stored)


def _matches(stored: str, password: str) -> bool:
    try:
        return HASHER.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False
