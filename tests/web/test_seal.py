from __future__ import annotations

from uuid import uuid4

import pytest

from app.edge import tags
from app.edge.keep import HOME
from app.settings import settings
from app.web.seal import raw_response


@pytest.fixture
def in_production(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("VITRINE_DEV", "false")
    settings.cache_clear()
    yield
    monkeypatch.undo()
    settings.cache_clear()


CARDS = {tags.card(uuid4()) for _ in range(60)}
PRODUCTS = {tags.product(uuid4()) for _ in range(60)}


def test_a_page_with_more_tags_than_it_may_carry_is_a_mistake_while_developing():
    with pytest.raises(tags.TooManyTags):
        raw_response(b"", "text/html", keep=HOME, tags=CARDS)


def test_in_production_it_carries_coarser_ones(in_production):
    answer = raw_response(b"", "text/html", keep=HOME, tags=CARDS)

    assert set(answer.headers["xkey"].split()) == {tags.lists_by("any"), "all"}


def test_and_is_not_kept_where_there_are_none(in_production):
    answer = raw_response(b"", "text/html", keep=HOME, tags=PRODUCTS)

    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "X-Vitrine-Keep" not in answer.headers
