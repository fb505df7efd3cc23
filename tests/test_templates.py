"""What holds for every template: it renders with the view it names, and it keeps to the rules of templates/README.md."""

from __future__ import annotations

import importlib
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from app import main
from app.web.templates import environment, render
from tests.samples import sample

FOLDER = Path(__file__).parents[1] / "templates"
FILES = sorted(path for path in FOLDER.rglob("*") if path.suffix in (".html", ".txt"))
VIEW = re.compile(r"view: ((?:app\.)?[\w.]+)\.([A-Z]\w+)")

FORBIDDEN = {
    "|safe": r"\|\s*safe\b",
    "hx-on": r"\bhx-on",
    "js: values": r"[\"']js:",
    "a trigger filter": r"hx-trigger=\"[^\"]*\[",
    "hx-boost": r"hx-boost",
    "an inline handler": r"<[a-z][^>]*\son[a-z]+=",
    "inline style": r"<[a-z][^>]*\sstyle=",
    "an unquoted attribute": r"<[a-z][^>{]*\s[a-z-]+=\{\{",
    "inline script": r"<script(?![^>]*\bsrc=)(?![^>]*ld\+json)",
}


def setup_module() -> None:
    main.create_app()
    main.create_admin()


# A frame, a piece for the admin's preview, and what shows one sample twice (tests/content looks at its heading).
NO_PAGES = {"_frame.html", "preview.html", "home.html"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(FOLDER)))
def test_a_template_keeps_to_the_rules(path: Path) -> None:
    text = path.read_text()
    in_mail = path.parent.name == "mail"  # mail programs need what browsers must not get

    found = [
        what for what, pattern in FORBIDDEN.items() if re.search(pattern, text) and not (in_mail and "style" in what)
    ]

    assert not found
    assert text.lstrip().startswith(("{#", "{%")) or path.suffix == ".txt" or in_mail, (
        "open with a comment that names the view"
    )


@pytest.mark.parametrize("full", [True, False], ids=["full", "empty"])
@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(FOLDER)))
def test_a_template_renders_with_the_view_it_names(path: Path, full: bool) -> None:
    kind = view_of(path)
    if kind is None:
        environment().get_template(str(path.relative_to(FOLDER)))
        return

    html = render(
        str(path.relative_to(FOLDER)),
        view=sample(kind, full=full),
        menu=lambda: SimpleNamespace(items=[], collections=[]),
        form="anonymous",
        request_path="/",
        staff=SimpleNamespace(name="Ada", email="ada@example.com", may=lambda path, **_: True),
    )

    assert "<b>&" not in html or path.suffix == ".txt", "something is not escaped"
    if "<main" in html and path.name not in NO_PAGES:
        assert html.count("<h1") == 1, "a page has one main heading"
    for picture in re.findall(r"<img[^>]*>", html):
        assert all(f" {name}=" in picture for name in ("width", "height", "alt")), picture


def view_of(path: Path) -> Any:
    named = VIEW.search(path.read_text().split("-#}")[0].split("#}")[0])
    if named is None:
        return None
    module = named[1] if named[1].startswith("app.") else f"app.{named[1]}"
    return getattr(importlib.import_module(module), named[2])
