from __future__ import annotations

import pytest

from app.bench._mix import HOT_RATE, TRAFFIC, model
from tests.edge import varnish


@pytest.mark.parametrize("at", range(len(TRAFFIC)))
def test_hot_values_keep_the_hits_that_a_value_for_everybody_loses(at: int) -> None:
    includes, value, hot = model()[3 * at : 3 * at + 3]

    assert includes.all_hits - hot.all_hits < 0.5
    assert includes.personal_hits - hot.personal_hits < 1
    assert value.personal_hits < hot.personal_hits - 5
    assert 0 < hot.whole < value.whole


def test_the_model_admits_values_as_the_rules_do() -> None:
    assert varnish.CONFIG.hot_after / 600 == HOT_RATE
