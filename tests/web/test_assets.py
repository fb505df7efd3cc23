from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import brotli
import pytest

from app.settings import settings
from app.web import assets

# Bytes over the wire: reference/frontend.md part 6, "CSS (1 file)", "JS (1 file)", "Font", and the admin's CSS.
BUDGETS = {"app.css": 10_000, "app.js": 17_000, "admin.css": 12_000, "fonts/figtree.woff2": 17_000}
OWN_SCRIPT = 4_000


@pytest.fixture
def fresh() -> Iterator[None]:
    """Settings and assets are read anew, before and after."""
    assets.built.cache_clear()
    settings.cache_clear()
    yield
    assets.built.cache_clear()
    settings.cache_clear()


@pytest.mark.parametrize("name", BUDGETS)
def test_a_file_stays_within_its_budget(name: str) -> None:
    file = assets.built()[name]

    assert len(file.br or file.body) <= BUDGETS[name]


def test_our_own_script_stays_within_its_share_of_the_bundle() -> None:
    assert len(brotli.compress(assets.own_script(), quality=11)) <= OWN_SCRIPT


def test_the_script_is_one_bundle_of_htmx_its_preload_extension_and_ours() -> None:
    parts = [*((assets.STATIC / "js" / name).read_bytes() for name in assets.FOREIGN), assets.own_script()]

    bundle = assets.built()["app.js"].body

    places = [bundle.index(part) for part in parts]
    assert places == sorted(places)
    assert b"this.version='4.0.1'" in bundle or b'this.version="4.0.1"' in bundle


def test_every_script_in_the_folder_is_in_the_bundle() -> None:
    files = {file.name for file in (assets.STATIC / "js").glob("*.js")}

    assert files == {*assets.FOREIGN, *assets.OWN}


@pytest.mark.parametrize("name", assets.OWN)
def test_no_string_of_ours_spans_lines(name: str) -> None:
    """The bundle drops indentation and whole-line comments, line by line."""
    source = (assets.STATIC / "js" / name).read_text()

    assert all(line.count("`") % 2 == 0 for line in source.splitlines())


def test_foreign_code_is_as_it_was_pinned() -> None:
    for name, expected in assets.PINNED.items():
        assert hashlib.sha256((assets.STATIC / "js" / name).read_bytes()).hexdigest() == expected


def test_a_changed_foreign_file_is_not_served(fresh: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(assets.PINNED, "htmx.min.js", "0" * 64)

    with pytest.raises(assets.Changed, match=r"htmx\.min\.js"):
        assets.asset("app.js")


def test_every_address_names_the_content_it_answers_with() -> None:
    for name, file in assets.built().items():
        _, _, fingerprint, rest = file.url.split("/", 3)

        body, content_type, br = assets.read(fingerprint, rest)

        assert rest == name
        assert assets.url_of(hashlib.sha256(body).hexdigest(), rest) == file.url and len(fingerprint) == 16
        assert content_type == assets.TYPES[Path(name).suffix]
        assert br is None or brotli.decompress(br) == body


@pytest.mark.parametrize(
    ("fingerprint", "name"), [("0" * 16, "app.css"), ("", "../settings.py"), ("x", "fonts/LICENSE")]
)
def test_an_unknown_file_or_version_is_a_key_error(fingerprint: str, name: str) -> None:
    with pytest.raises(KeyError):
        assets.read(fingerprint, name)


def test_styles_name_fonts_by_their_kept_address() -> None:
    for name in assets.STYLES:
        css = assets.built()[name].body.decode()

        assert assets.asset("fonts/figtree.woff2") in css or "@font-face" not in css
        assert "../" not in css
    assert "@font-face" in assets.built()["app.css"].body.decode()


def test_styles_keep_what_browsers_read_themselves() -> None:
    css = assets.built()["app.css"].body.decode()

    assert "light-dark(" in css
    assert css.startswith("@layer reset")
    assert "\n" not in css.strip()


def test_every_class_of_a_style_is_used_by_some_template() -> None:
    templates = (assets.STATIC.parent / "templates").rglob("*.html")
    used = "\n".join(path.read_text() for path in templates) + assets.own_script().decode()
    made = {"htmx-request", "line--gone"}  # set by htmx, by a condition
    names = {
        name
        for file in (assets.STATIC / "css").glob("*.css")
        for name in re.findall(r"\.(-?[a-z_][\w-]*)", _code(file))
    }

    unused = {name for name in names - made if not re.search(rf"\b{re.escape(name.split('--')[0])}\b", used)}

    assert not unused


def _code(file: Path) -> str:
    """The style without comments, addresses and file names."""
    return re.sub(r"/\*.*?\*/|url\([^)]*\)|\"[^\"]*\"", "", file.read_text(), flags=re.DOTALL)


def test_the_manifest_carries_the_shops_name(fresh: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VITRINE_SHOP_NAME", 'The "Quiet" Shop')

    manifest = assets.built()["manifest.webmanifest"].body.decode()

    assert r"The \"Quiet\" Shop" in manifest
    assert assets.asset("img/icon.svg") in manifest


def test_compressed_bodies_are_kept_in_the_home_folder_and_never_believed(
    fresh: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("VITRINE_HOME", str(tmp_path))
    first = assets.built()["app.css"]
    kept = tmp_path / "static" / f"{hashlib.sha256(first.body).hexdigest()}.br"
    assert kept.read_bytes() == first.br

    kept.write_bytes(brotli.compress(b"body { display: none }"))
    assets.built.cache_clear()

    assert assets.built()["app.css"].br == first.br


def test_a_home_that_cannot_be_written_costs_nothing_but_time(
    fresh: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("VITRINE_HOME", str(tmp_path / "file"))

    assert brotli.decompress(assets.built()["app.css"].br or b"") == assets.built()["app.css"].body


def test_foreign_files_come_with_their_licences() -> None:
    assert "OPEN FONT LICENSE" in (assets.STATIC / "fonts" / "LICENSE").read_text()
    assert "Zero-Clause BSD" in (assets.STATIC / "js" / "LICENSES").read_text()
