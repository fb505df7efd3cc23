"""What the command line says of promotions."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from app.cli import main
from app.db.engines import EVERYONE, writing
from app.inventory import operations as inventory
from app.ops import limit_checks, surroundings
from app.ops.commands_promotions import _told
from app.promotions import queries
from app.promotions.rules import limit_name
from app.promotions.terms import Fixed
from tests.cart.test_codes import a_code
from tests.makers import a_product, a_promotion, an_order, something_off


@pytest.fixture
def answering(monkeypatch: pytest.MonkeyPatch):
    """Runs a command that is given these answers instead of a shop's."""

    def run(answer: object, *words: str):
        def given(question) -> object:
            question.close()
            return answer

        monkeypatch.setattr(surroundings, "answered", given)
        return CliRunner().invoke(main, ["promotions", *words])

    return run


@pytest.mark.usefixtures("databases")
async def test_the_list_says_what_starts_a_promotion_and_what_it_gave(answering) -> None:
    promotion = await a_promotion(Fixed(amount=500), code=a_code(), title="Five off", most_uses=7)
    variant_id = (await a_product(price=2000)).variant_id
    await an_order({variant_id: 1}, off=await something_off(variant_id))

    row = await queries.one(promotion.id)

    words = answering([row], "list").output
    assert all(each in words for each in ("Five off", "active", promotion.code, "7", str(promotion.id)))
    [told] = json.loads(answering([row], "list", "--json").output)
    assert (told["promotion"]["title"], told["code"]) == ("Five off", promotion.code)
    assert _told(row)["saved"] == "£0.00"
    assert answering([], "list", "--state", "draft").output == "No promotion is draft.\n"


@pytest.mark.usefixtures("own_database")
async def test_a_counter_that_gives_out_more_than_its_promotion_is_found(answering) -> None:
    promotion = await a_promotion(code=a_code(), most_uses=2)
    id = await inventory.limit(limit_name(promotion.id), 2)
    good = await limit_checks.every()
    async with writing(id) as db:
        await db.execute("UPDATE stock SET on_hand = 3 WHERE variant_id = $1", id)

    bad = await limit_checks.every()

    async with writing(EVERYONE) as db:
        await db.execute("INSERT INTO promotion_tally (promotion_id, orders, given) VALUES ($1, 1, 0)", promotion.id)
    [untold] = [each for each in await limit_checks.every() if each.name.startswith("what a promotion gave")]

    assert untold.examples == (str(promotion.id),)
    assert answering(good, "verify").exit_code == 0
    told = answering(bad, "verify", "--json")
    assert (told.exit_code, json.loads(told.output)["broken"]) == (1, 1)
    assert str(promotion.id) in told.output
