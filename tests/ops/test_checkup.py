"""The daily look at everything: one process has it, what it found is kept, staff read it. In a database of its own: it is everybody's."""

from __future__ import annotations

import asyncio

import pytest
from click.testing import CliRunner

from app.admin.checkups import Checkup, last_checkup
from app.db.engines import EVERYONE, writing
from app.ops import checkup, surroundings
from app.ops.commands_orders import orders
from app.settings import settings
from jobs.checkups import Checkups
from tests.knobs import Scripted, knobs, provider
from tests.makers import an_order

pytestmark = pytest.mark.usefixtures("nothing_looked_at")


@pytest.fixture
async def nothing_looked_at(own_database: None) -> None:
    async with writing(EVERYONE) as db:
        await db.execute("DELETE FROM checkup")


async def looked() -> Checkup:
    """The last one, carried out here."""
    id = await checkup.begin()
    assert id is not None
    await checkup.carry_out(id)
    found = await last_checkup()
    assert found is not None
    return found


async def older(by: str) -> None:
    async with writing(EVERYONE) as db:
        await db.execute(
            "UPDATE checkup SET began_at = began_at - $1::text::interval, ended_at = ended_at - $1::text::interval", by
        )


async def test_of_many_relays_one_looks_and_a_day_later_again() -> None:
    first = [id for id in await asyncio.gather(*(checkup.begin() for _ in range(5))) if id]
    await checkup.carry_out(first[0])
    again = await checkup.begin()
    await older("25 hours")

    assert len(first) == 1
    assert again is None
    assert await checkup.begin() is not None


async def test_a_look_whose_process_died_is_another_ones_after_a_while() -> None:
    assert await checkup.begin() is not None
    soon = await checkup.begin()
    await older("31 minutes")

    assert soon is None
    assert await checkup.begin() is not None


async def test_what_is_not_true_is_kept_for_staff_and_what_is_true_is_nothing_to_tell() -> None:
    good = await looked()
    with provider(Scripted()):
        order = await an_order()  # paid, and unknown to the provider's books
    async with writing(order.id) as db:
        await db.execute("UPDATE orders SET tax = tax + 1 WHERE id = $1", order.id)
        await db.execute("UPDATE payment_attempt SET updated_at = updated_at - interval '1 hour'")
    await older("25 hours")

    bad = await looked()

    assert good.found == []
    words = {each.words: each for each in bad.found}
    total = words["tax is what each line's total and the shipping contain, rounded once each"]
    assert (total.many, total.examples) == (1, [str(order.id)])
    assert any(order.number in each for each in words), "the provider's list has no such payment"


async def test_what_cannot_be_looked_at_is_said_and_the_rest_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    async def away() -> list[checkup.Finding]:
        raise ConnectionError("away")

    async def found() -> list[checkup.Finding]:
        return [checkup.Finding(words="one thing")]

    monkeypatch.setattr(checkup, "_promises", away)
    monkeypatch.setattr(checkup, "_books", found)

    words = [each.words for each in (await looked()).found]

    assert "orders and stock" in words[0] and words[1:] == ["one thing"]


async def test_the_command_shows_the_last_look_and_its_exit_status_says_whether_all_was_true(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def here(question):
        return asyncio.run_coroutine_threadsafe(question, loop).result(20)

    async def nothing() -> list[checkup.Finding]:
        return []

    loop = asyncio.get_running_loop()
    monkeypatch.setattr(surroundings, "answered", here)
    monkeypatch.setattr(checkup, "_promises", nothing)
    monkeypatch.setattr(checkup, "_books", nothing)

    async def shown(*more: str):
        return await asyncio.to_thread(CliRunner().invoke, orders, ["verify", "--last", *more])

    none = await shown()
    await looked()
    good = await shown()
    await older("50 hours")
    late = await shown("--json")

    assert (none.exit_code, good.exit_code, late.exit_code) == (1, 0, 1)
    assert "All was true" in good.output and '"late": true' in late.output


async def test_a_relay_looks_only_when_it_has_settled_and_never_when_told_so() -> None:
    with knobs(check_seconds=0):
        assert await Checkups(settings(), settled=0).step() is False
    assert await Checkups(settings()).step() is False
    assert await last_checkup() is None


@pytest.mark.slow
async def test_a_relay_has_it_done_by_a_process_of_its_own() -> None:
    done = await Checkups(settings(), settled=0).step()

    found = await last_checkup()
    assert done and found is not None and found.found == [] and isinstance(found.took, float)
    assert await Checkups(settings(), settled=0).step() is False
