from __future__ import annotations

import pytest

from app.lists import rules


@pytest.mark.parametrize(("seen", "price", "less"), [(1500, 1400, 100), (1400, 1400, 0), (1300, 1400, 0)])
def test_only_what_costs_less_than_it_did_is_cheaper(seen, price, less):
    assert rules.cheaper(seen, price) == less
