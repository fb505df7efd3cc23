"""Every provider on good days and bad ones: nothing is lost, nothing raised, no limit passed, no secret told."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator

import pytest

from app.edge import cdn
from app.edge.cdn import api as driving
from app.edge.purge import CDN, Ack
from app.settings import Settings
from tests.edge.cdn_api import FAILURES, KEYS, ZONE, CdnApi, playing
from tests.edge.varnish import free_ports

PROVIDERS = sorted(KEYS)
MANY = {f"p{n:015x}" for n in range(600)}


@pytest.fixture(params=PROVIDERS)
async def played(request: pytest.FixtureRequest) -> AsyncIterator[CdnApi]:
    async with playing(request.param) as api:
        yield api


@pytest.fixture
async def driver(played: CdnApi) -> AsyncIterator[driving.Api]:
    made = a_driver(played)
    yield made
    await made.close()


def a_driver(played: CdnApi, **changes: object) -> driving.Api:
    about = {"cdn": played.provider, "cdn_api": played.base, "cdn_zone": ZONE, "cdn_token": played.key, **changes}
    made = cdn.driver_of(Settings(**about))
    assert isinstance(made, driving.Api)
    return made


async def test_tags_are_purged_in_requests_as_long_as_allowed(played: CdnApi, driver: driving.Api) -> None:
    assert await driver.purge(MANY) == Ack(CDN, 0)

    assert set().union(*played.purged) == MANY
    assert len(played.purged) == {"fastly": 3, "cloudflare": 6, "cloudfront": 6}[played.provider]
    assert played.violations == []
    assert all(played.soft)


async def test_everything_empties_the_cdn_even_where_tags_were_lost(played: CdnApi, driver: driving.Api) -> None:
    assert await driver.purge({"all", "m1"}) == Ack(CDN, 0)

    assert (played.emptied, played.purged, played.violations) == (1, [], [])


async def test_no_tags_ask_nobody(played: CdnApi, driver: driving.Api) -> None:
    assert await driver.purge(set()) == Ack(CDN, 0)
    assert played.asked == []


@pytest.mark.parametrize("failure", FAILURES)
async def test_failure_is_an_ack_with_words_and_the_next_try_heals_it(
    played: CdnApi, driver: driving.Api, failure: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(driving, "LONGEST_PAUSE", 0.1)
    driver.client.timeout = 0.3
    played.failing = [failure]

    failed = await driver.purge({"p1", "c1"})
    healed = await driver.purge({"p1", "c1"})

    assert (failed.node, failed.count) == (CDN, None)
    assert failed.error and failed.error.startswith(f"{played.provider}: ")
    assert not any(secret in failed.error for secret in played.key.split(":"))
    assert healed == Ack(CDN, 0)
    assert played.purged[-1] == {"p1", "c1"}
    assert played.violations == []


@pytest.mark.parametrize(
    ("failure", "least", "most"),
    [("429 after 1", 0.8, 1), ("429 until a date", 0.8, 2), ("503 after 1", 0.8, 1), ("429", 9, 10)],
)
async def test_nobody_is_asked_before_the_time_that_was_given(
    played: CdnApi, driver: driving.Api, failure: str, least: float, most: float
) -> None:
    played.failing = [failure]

    await driver.purge({"p1"})

    assert least < driver.bucket.wait(1) <= most


async def test_after_a_429_requests_come_one_by_one_and_not_in_a_burst(played: CdnApi, driver: driving.Api) -> None:
    played.failing = ["429 after 1"]

    await driver.purge({"p1"})

    assert driver.bucket.tokens <= 1


async def test_long_pause_is_said_at_once_and_not_slept_through(played: CdnApi, driver: driving.Api) -> None:
    driver.bucket.pause(300)
    began = time.monotonic()

    ack = await driver.purge({"p1"})

    assert ack.error == f"{played.provider}: its allowance is used up for 300 s"
    assert time.monotonic() - began < 1
    assert played.asked == []


async def test_failure_between_two_requests_leaves_all_tags_open(played: CdnApi, driver: driving.Api) -> None:
    played.failing = ["", "500"]

    assert (await driver.purge(MANY)).count is None
    assert await driver.purge(MANY) == Ack(CDN, 0)
    assert set().union(*played.purged[1:]) == MANY


@pytest.mark.parametrize(
    ("changes", "words"),
    [({"cdn_token": "wrong:one"}, "check VITRINE_CDN_TOKEN"), ({"cdn_zone": "elsewhere"}, "check VITRINE_CDN_ZONE")],
)
async def test_what_can_never_succeed_says_which_setting_is_wrong(
    played: CdnApi, changes: dict[str, str], words: str
) -> None:
    driver = a_driver(played, **changes)

    ack = await driver.purge({"p1"})
    await driver.close()

    assert ack.count is None
    assert words in (ack.error or "")
    assert "wrong" not in (ack.error or "")


async def test_more_tags_than_fit_become_the_one_on_every_page(played: CdnApi, driver: driving.Api) -> None:
    flood = {f"p{n:015x}" for n in range(10_000)}

    assert await driver.purge(flood) == Ack(CDN, 0)

    assert played.purged == [{"all"}]
    assert (played.emptied, played.violations) == (0, [])


async def test_allowance_is_never_passed_however_often_it_is_tried(
    played: CdnApi, driver: driving.Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(driving, "PATIENCE", 0.05)

    acks = [await driver.purge({f"p{n}"}) for n in range(40)]
    refused = [ack for ack in acks if ack.error]

    assert played.violations == []
    assert len(played.asked) == 40 - len(refused)
    if played.provider == "cloudflare":
        assert 22 <= len(played.asked) <= 25
        assert refused[0].error and "allowance is used up" in refused[0].error


async def test_larger_plan_lets_more_through(monkeypatch: pytest.MonkeyPatch) -> None:
    async with playing("cloudflare") as played:
        driver = a_driver(played, cdn_rate=6000)
        played._count = lambda cost: None  # type: ignore[method-assign]
        acks = [await driver.purge({f"p{n}"}) for n in range(40)]
        await driver.close()

    assert {ack.error for ack in acks} == {None}


async def test_purges_at_the_same_time_share_one_allowance(played: CdnApi, driver: driving.Api) -> None:
    acks = await asyncio.gather(*(driver.purge({f"p{n}"}) for n in range(20)))

    assert {ack.error for ack in acks} == {None}
    assert played.violations == []


async def test_slow_provider_does_not_hold_the_caller(
    played: CdnApi, driver: driving.Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(driving, "LONGEST", 0.3)
    played.failing = ["hang"]
    began = time.monotonic()

    ack = await driver.purge({"p1"})

    assert ack.error == f"{played.provider}: not done within 0.3 s"
    assert time.monotonic() - began < 2


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_provider_that_is_away_is_an_ack(provider: str) -> None:
    api = CdnApi(provider)
    [api.port] = free_ports(1)
    driver = a_driver(api)

    ack = await driver.purge({"p1"})
    await driver.close()

    assert ack.error == f"{provider}: no answer (ConnectError)"


async def test_address_that_no_client_can_ask_is_an_ack() -> None:
    driver = a_driver(CdnApi("fastly"), cdn_api="http://127.0.0.1:9")
    vars(driver.dialect)["base"] = "http://[::1"

    ack = await driver.purge({"p1"})
    await driver.close()

    assert ack.error == "fastly: could not be asked (InvalidURL)"
