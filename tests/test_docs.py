"""Nothing a person can set, call or rely on is left out of the READMEs."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import msgspec
import pytest

from app import main
from app.edge import tags
from app.settings import DESCRIPTIONS, Settings

ROOT = Path(__file__).parents[1]


def readme(folder: str) -> str:
    return (ROOT / folder / "README.md").read_text()


@pytest.mark.parametrize(
    "folder",
    ["app", "templates", "static", "edge/varnish", "jobs", "migrations", "tests", "tests/journeys", "tests/faults"],
)
def test_every_folder_says_what_it_is(folder: str) -> None:
    assert len(readme(folder)) > 300


@pytest.mark.parametrize("field", msgspec.structs.fields(Settings), ids=lambda field: field.name)
def test_every_setting_is_described(field: msgspec.structs.FieldInfo) -> None:
    line = re.search(rf"^\| `VITRINE_{field.name.upper()}` \| (.*?) \| (.*?) \|$", readme("app"), re.M)

    assert line, "add it to the table in app/README.md"
    assert line[1].strip("`") == str(field.default)
    assert line[2] == DESCRIPTIONS[field.name]


def test_no_setting_is_described_that_does_not_exist() -> None:
    assert set(DESCRIPTIONS) == {field.name for field in msgspec.structs.fields(Settings)}


def test_every_command_is_named_and_has_an_example() -> None:
    from app.cli import main as vitrine

    for name, command in vitrine.commands.items():
        leaves = getattr(command, "commands", None) or {"": command}
        for leaf, each in leaves.items():
            said = f"{name} {leaf}".strip()
            assert f"`{said}" in readme(""), f"{said} is not in README.md"
            assert "Example" in (each.help or ""), f"{said} --help has no example"


def test_every_hole_and_tag_is_in_the_edges_readme() -> None:
    text = readme("edge/varnish")
    holes = [route.path for route in main.edge_routes() if route.kind == "hole"]
    makers = [name for name, made in inspect.getmembers(tags, inspect.isfunction)
              if made.__module__ == tags.__name__ and not name.startswith("_") and name != "header"]  # fmt: skip

    assert [hole for hole in holes if hole not in text] == []
    assert [name for name in makers if f"`{name}" not in text] == []


def test_every_kept_page_is_in_the_edges_readme() -> None:
    text = readme("edge/varnish")

    assert [r.name for r in main.edge_routes() if r.keep and f"`{r.name}`" not in text and r.kind != "hole"] == []


def test_every_event_is_in_the_jobs_readme() -> None:
    from jobs.after import JOBS

    assert [kind.__name__ for kind in JOBS if f"`{kind.__name__}`" not in readme("jobs")] == []


def test_every_test_id_of_the_contract_is_in_a_template() -> None:
    text = "".join(path.read_text() for path in (ROOT / "templates").rglob("*.html"))
    fixed = """product-card product-title product-price variant-option stock-state add-to-cart cart-badge cart-line
    line-quantity line-remove cart-total checkout-start field-error place-order order-number order-status search-input
    suggest-item sort pager admin-save admin-live-state"""

    assert [name for name in fixed.split() if f'"{name}"' not in text] == []


def test_links_between_the_readmes_lead_somewhere() -> None:
    for file in ROOT.glob("**/README.md"):
        if any(part.startswith(".") for part in file.relative_to(ROOT).parts):
            continue
        for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", file.read_text()):
            assert (file.parent / target).exists(), f"{file.relative_to(ROOT)} links to {target}"


def test_the_journey_shown_is_one_that_runs() -> None:
    example = (ROOT / "tests/journeys/test_example.py").read_text()

    [shown] = re.findall(r"```python\n(.*?)```", readme("tests/journeys"), re.S)

    assert shown in example
    assert len(shown.splitlines()) <= 12
