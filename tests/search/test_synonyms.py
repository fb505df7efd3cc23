from __future__ import annotations

import pytest

from app.edge import tags
from app.search import operations, purges, queries, rules, synonyms
from tests import makers

pytestmark = pytest.mark.usefixtures("databases")


async def found(question: str) -> list[str]:
    view = await queries.search_view(question, 1)
    assert view is not None
    return [] if view.instead or view.left_out else sorted(card.title for card in view.cards)


async def test_both_ways_each_term_finds_the_others_products() -> None:
    await makers.a_product(title="Davenport red")
    await makers.a_product(title="Chesterfield red")

    id = await operations.add_synonym("both", ["davenport", "chesterfield"], [], by="ana@example.org")

    assert await found("davenport") == await found("chesterfields") == ["Chesterfield red", "Davenport red"]
    assert await found("red davenport") == ["Chesterfield red", "Davenport red"]
    await operations.remove_synonym(id, version=1, by="ana@example.org")
    assert await found("davenport") == ["Davenport red"]


async def test_one_way_leads_there_and_not_back() -> None:
    await makers.a_product(title="Jardiniere small")
    await makers.a_product(title="Holder", keywords="aspidistra vase")

    await operations.add_synonym("one", ["aspidistra vase"], ["jardiniere"], by="ana@example.org")

    assert await found("aspidistra vase") == ["Holder", "Jardiniere small"]
    assert await found("vase aspidistra") == ["Holder"]  # other words, in this order
    assert await found("jardiniere") == ["Jardiniere small"]


async def test_what_a_group_would_change_is_known_before() -> None:
    await makers.a_product(title="Tallboy oak")
    await makers.a_product(title="Tallboy ash")

    effects = await synonyms.effects("one", ["highboyz"], ["tallboy"])

    assert [(effect.term, effect.before, effect.after) for effect in effects] == [("highboyz", 0, 2)]
    assert await found("highboyz") == []


async def test_whoever_saves_what_another_changed_is_told() -> None:
    id = await operations.add_synonym("both", ["qqa", "qqb"], [], by="ana@example.org")
    await operations.change_synonym(id, version=1, kind="both", terms=["qqa", "qqc"], means=[], by="ana@example.org")

    with pytest.raises(operations.EditedMeanwhile):
        await operations.change_synonym(
            id, version=1, kind="both", terms=["qqa", "qqd"], means=[], by="ana@example.org"
        )
    with pytest.raises(operations.EditedMeanwhile):
        await operations.remove_synonym(id, version=1, by="ana@example.org")

    now = await synonyms.group(id)
    assert now is not None
    assert (now.terms, now.version) == (["qqa", "qqc"], 2)


async def test_synonyms_end_every_kept_answer_of_search_and_nothing_else() -> None:
    assert await purges.tags_of([{"table": "synonym", "rows": []}]) == {tags.searches()}
    assert await purges.tags_of([{"table": "product", "rows": []}]) == set()


@pytest.mark.parametrize(
    ("kind", "terms", "means", "wrong"),
    [
        ("both", ["sofa"], [], "terms"),
        ("one", ["lite"], [], "means"),
        ("one", [], ["light"], "terms"),
        ("all", ["a", "b"], [], "kind"),
        ("both", ["a b c d e f", "g"], [], "terms"),
        ("both", [str(n) for n in range(21)], [], "terms"),
    ],
)
def test_a_group_that_means_nothing_is_refused(kind: str, terms: list[str], means: list[str], wrong: str) -> None:
    assert wrong in rules.faults_of(kind, terms, means)


def test_terms_are_typed_one_a_line_or_between_commas() -> None:
    assert rules.terms_of(" Sofa,couch\n\nSOFA; pot-plant\n'&|") == ["sofa", "couch", "pot plant"]
    assert rules.faults_of("both", ["sofa", "couch"], []) == {}
