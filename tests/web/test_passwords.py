from __future__ import annotations

import asyncio

from argon2 import PasswordHasher

from app.web import passwords


async def test_a_password_is_stored_as_argon2id_with_the_costs_we_name() -> None:
    stored = await passwords.hashed("a long way to Ludlow")

    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert await passwords.matches(stored, "a long way to Ludlow")
    assert not await passwords.matches(stored, "a long way to ludlow")


async def test_a_damaged_hash_lets_nobody_in() -> None:
    assert not await passwords.matches("", "x")
    assert not await passwords.matches("$argon2id$nonsense", "x")


def test_what_strangers_are_compared_with_costs_the_same() -> None:
    assert not passwords.outdated(passwords.NOBODY)


def test_a_hash_with_other_costs_is_outdated() -> None:
    assert passwords.outdated(PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash("x"))


async def test_the_app_answers_others_while_passwords_are_checked() -> None:
    checks = [asyncio.create_task(passwords.matches(passwords.NOBODY, "x")) for _ in range(6)]
    await asyncio.sleep(0)

    turns = 0
    while not all(check.done() for check in checks):
        await asyncio.sleep(0.001)
        turns += 1

    assert turns > 10
