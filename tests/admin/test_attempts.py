from __future__ import annotations

from app.admin import attempts
from app.admin.attempts import Attempts


def test_tries_beyond_the_limit_wait_until_the_first_is_old() -> None:
    tries = Attempts((2, 60))

    waits = [tries.take("ana", at) for at in (0.0, 10.0, 20.0, 61.0)]

    assert waits == [0, 0, 40, 0]


def test_every_limit_holds() -> None:
    tries = Attempts((2, 60), (3, 3600))
    for at in (0.0, 70.0, 140.0):
        tries.take("ana", at)

    assert tries.take("ana", 210.0) == 3390


def test_keys_do_not_share_their_tries_and_getting_in_forgets_them() -> None:
    tries = Attempts((1, 60))
    tries.take("ana", 0.0)

    assert tries.take("ben", 1.0) == 0
    tries.forget("ana")
    assert tries.take("ana", 2.0) == 0


def test_without_room_for_more_keys_new_ones_are_refused(monkeypatch) -> None:
    monkeypatch.setattr(attempts, "MOST_KEYS", 2)
    tries = Attempts((5, 60))
    tries.take("ana", 0.0), tries.take("ben", 0.0)

    assert tries.take("eve", 1.0) > 0
    assert tries.take("ana", 1.0) == 0
    assert tries.take("eve", 62.0) == 0
