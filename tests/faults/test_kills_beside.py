"""A process ends before or after a commit of what happens beside an order's straight way: `beside.py` says what that is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from app.ops import verify
from tests.faults import acts, beside
from tests.faults.beside import Case

pytestmark = pytest.mark.usefixtures("own_database")

#    what                          transaction
MATRIX = [
    (beside.paying_again,           "retry"),
    (beside.paying_again,           "t4"),
    (beside.looking_at_pins,        "put_off"),
    (beside.failing,                "failed"),
    (beside.burying,                "bury"),
    (beside.hinting,                "hint"),
    (beside.hearing_of_a_decline,   "count_on_page"),
    (beside.hearing_of_a_refund,    "look_at_refund"),
    (beside.not_knowing,            "unclear"),
    (beside.waiting_for_the_earlier, "wait"),
    (beside.leaving_the_payment_page, "remind"),
    (beside.capturing_again,        "capture_again"),
    (beside.closing,                "close"),
    (beside.clearing_an_heirs_cart, "clear_heir"),
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(("make", "step"), MATRIX, ids=lambda each: each if isinstance(each, str) else each.__name__)
async def test_what_died_beside_is_done_once(make: Callable[[], Awaitable[Case]], step: str, when: str) -> None:
    case = await make()

    died = await acts.dies(case.act(), f"{step}_{when}_commit")  # type: ignore[arg-type]
    await (case.mend or beside.mended)()
    await case.act()
    once = await case.stands()
    await case.act()
    await beside.mended()

    assert died, f"it never came to {step}"
    assert (once, await case.stands()) == (case.end, case.end)
    assert await verify.violations() == []
