from __future__ import annotations

from uuid import uuid4

import pytest
from jinja2 import DictLoader

from app.web.templates import environment
from jobs import mail


@pytest.fixture(autouse=True)
def a_template(monkeypatch: pytest.MonkeyPatch) -> None:
    pages = {
        "mail/hello.html": "<style>p { color: red }</style><p>Hello {{ view.name }}</p>",
        "mail/hello.txt": "Hello {{ view.name }}",
    }
    monkeypatch.setattr(environment(), "loader", DictLoader(pages))


def test_a_mail_has_plain_text_and_html_with_its_style_inline() -> None:
    message = mail.compose(uuid4(), to="ada@example.com", subject="Hello", template="hello", view={"name": "Ada & Co"})

    plain, html = message.iter_parts()

    assert plain.get_content().strip() == "Hello Ada & Co"
    assert 'style="color: red' in html.get_content()
    assert "Ada &amp; Co" in html.get_content()


def test_the_message_id_is_the_rows_own() -> None:
    row = uuid4()

    first, second = (
        mail.compose(row, to="a@example.com", subject="s", template="hello", view={"name": ""}) for _ in "12"
    )

    assert first["Message-ID"] == second["Message-ID"]
    assert str(row) in first["Message-ID"]


def test_a_name_with_a_line_break_cannot_add_a_header() -> None:
    with pytest.raises(ValueError, match=r"newline|linefeed|carriage"):
        mail.compose(
            uuid4(), to="a@example.com\nBcc: all@example.com", subject="s", template="hello", view={"name": ""}
        )
