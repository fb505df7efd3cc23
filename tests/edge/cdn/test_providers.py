from __future__ import annotations

import pytest

from app import main
from app.edge import cdn, tags
from app.edge.cdn.providers import PROVIDERS, check
from app.settings import BadSetting, Settings, read_settings

KEYED = {"cdn_api": "https://api.cdn.example", "cdn_zone": "z1", "cdn_token": "id:secret"}


def test_without_a_cdn_nothing_is_needed_and_nobody_is_told() -> None:
    assert cdn.driver_of(Settings()) is None


@pytest.mark.parametrize("name", ["fastly", "cloudflare", "cloudfront"])
@pytest.mark.parametrize("missing", KEYED)
def test_cdn_without_a_setting_it_needs_is_a_sentence(name: str, missing: str) -> None:
    with pytest.raises(BadSetting, match=rf"^VITRINE_CDN={name} needs VITRINE_{missing.upper()} beside it$"):
        check(Settings(**{"cdn": name, **KEYED, missing: ""}))


def test_all_that_is_missing_is_named_at_once() -> None:
    with pytest.raises(BadSetting, match="VITRINE_CDN_API and VITRINE_CDN_ZONE and VITRINE_CDN_TOKEN beside it"):
        check(Settings(cdn="fastly"))


def test_pops_of_ones_own_need_their_addresses_only() -> None:
    check(Settings(cdn="varnish", cdn_api="http://pop1.example:8091 http://pop2.example:8091"))

    with pytest.raises(BadSetting, match="needs VITRINE_CDN_API beside it"):
        check(Settings(cdn="varnish"))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"cdn_api": "api.cdn.example"}, "must look like https://"),
        ({"cdn_api": "https://user:pass@api.cdn.example"}, "must look like https://"),
        ({"cdn_api": "https://[::1"}, "must look like https://"),
        ({"cdn_api": "https://api.cdn.example:99999"}, "must look like https://"),
        ({"cdn_api": "http://api.cdn.example"}, "must be https"),
        ({"cdn_zone": "a/../b"}, "VITRINE_CDN_ZONE may hold"),
        ({"cdn_token": "two words"}, "holds characters that no token has"),
        ({"cdn_token": "lönk"}, "holds characters that no token has"),
        ({"cdn": "cloudfront", "cdn_token": "only-one-half"}, "<access key id>:<secret access key>"),
        ({"edge": False}, "needs an edge behind it"),
    ],
)
def test_setting_that_cannot_work_is_a_sentence_without_the_token(changes: dict[str, str], sentence: str) -> None:
    settings = Settings(**{"cdn": "fastly", **KEYED, **changes})

    with pytest.raises(BadSetting, match=sentence) as wrong:
        check(settings)

    assert settings.cdn_token not in str(wrong.value)


def test_web_process_refuses_to_start_with_half_a_cdn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(main, "settings", lambda: Settings(cdn="fastly"))

    with pytest.raises(BadSetting, match="VITRINE_CDN=fastly needs"):
        main.create_app()


def test_unknown_cdn_is_refused_by_its_setting() -> None:
    with pytest.raises(BadSetting, match="VITRINE_CDN='akamai' is not usable"):
        read_settings({"VITRINE_CDN": "akamai"})


@pytest.mark.parametrize("provider", PROVIDERS.values(), ids=PROVIDERS)
def test_every_cdn_takes_as_many_tags_as_a_page_may_carry(provider) -> None:
    assert provider.page_tags >= tags.MOST
    assert provider.page_bytes >= tags.MOST_BYTES


@pytest.mark.parametrize("provider", PROVIDERS.values(), ids=PROVIDERS)
def test_one_request_never_costs_more_than_the_allowance_holds(provider) -> None:
    dearest = provider.request_tags if provider.counts_tags else 1

    assert max(dearest, provider.price_of_all) <= provider.burst * 0.9 or provider.name == "varnish"
