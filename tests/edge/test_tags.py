from __future__ import annotations

from uuid import uuid4

import pytest

from app.edge import tags


def test_few_tags_stay_as_they_are() -> None:
    few = {tags.product(uuid4()), tags.card(uuid4()), tags.listings()}

    assert tags.rolled_up(few) == few


def test_many_cards_become_one_tag_for_any() -> None:
    own = {tags.blocks("home"), tags.collection(uuid4())}

    assert tags.rolled_up(own | {tags.card(uuid4()) for _ in range(60)}) == own | {tags.lists_by("any")}


def test_many_lists_become_one_tag_for_any_but_the_sitemap_is_none() -> None:
    own = {tags.blocks("home"), tags.listings(), tags.maker(uuid4())}
    many = {kind(uuid4()) for kind in (tags.collection, tags.category, tags.neighbours) for _ in range(20)}

    assert tags.rolled_up(own | many) == own | {tags.lists_by("any")}


def test_what_can_be_rolled_up_always_fits() -> None:
    every = {tags.card(uuid4()) for _ in range(500)} | {tags.lists_by(str(n)) for n in range(500)}

    assert tags.header(tags.rolled_up(every)) == f"all {tags.lists_by('any')}"


def test_a_header_beyond_its_budget_is_an_error() -> None:
    with pytest.raises(tags.TooManyTags):
        tags.header({tags.product(uuid4()) for _ in range(tags.MOST)})


def test_every_kind_of_tag_is_explained() -> None:
    made = {tags.neighbours(uuid4()), tags.card(uuid4()), tags.path("/"), tags.shopper(uuid4()), tags.maker(uuid4())}

    assert {tag[0] for tag in made} <= tags.KINDS.keys()
    assert {tags.menu(), tags.listings(), tags.everything()} <= tags.KINDS.keys()
