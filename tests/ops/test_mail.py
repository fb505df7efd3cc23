from __future__ import annotations

import json
import os
import signal
import smtplib
import subprocess
import sys
from email.message import EmailMessage

import pytest

from app.ops.home import CLONE
from app.ops.mailbox import NoMail, letter_of, letters
from app.ops.mailsink import keep
from tests.ops.stand_in import free_ports


def a_mail(subject: str = "Your order", message_id: str = "<a@larkfield.example>") -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"] = "orders@larkfield.example", "ada@example.com"
    mail["Subject"], mail["Message-ID"] = subject, message_id
    mail.set_content("Thank you — it is on its way.")
    mail.add_alternative("<p>Thank you — it is on its way.</p>", subtype="html")
    return mail


@pytest.fixture
def sink(home):
    """A running sink; its port."""
    port = free_ports(1)[0]
    env = {**os.environ, "VITRINE_HOME": str(home.root), "VITRINE_MAIL_PORT": str(port)}
    process = subprocess.Popen([sys.executable, "-m", "app.ops.mailsink"], cwd=CLONE, env=env, stdout=subprocess.PIPE)
    process.stdout.readline()
    yield port
    process.send_signal(signal.SIGTERM)
    assert process.wait(10) == 0
    process.stdout.close()


def test_a_mail_sent_over_smtp_can_be_listed_and_read(sink, home):
    with smtplib.SMTP("127.0.0.1", sink) as smtp:
        smtp.send_message(a_mail("Émile, your order"), to_addrs=["ada@example.com", "hidden@example.com"])

    [letter] = letters(home.mail)

    assert letter.head()["subject"] == "Émile, your order"
    assert letter.head()["message_id"] == "<a@larkfield.example>"
    assert letter.to == ["ada@example.com", "hidden@example.com"]
    assert letter.text().strip() == "Thank you — it is on its way."
    assert letter.html().strip() == "<p>Thank you — it is on its way.</p>"


def test_a_mail_is_complete_once_it_can_be_seen(home):
    seen = keep(home.mail, a_mail().as_bytes(), to=["ada@example.com"])

    assert seen.suffix == ".eml"
    assert [path.name for path in home.mail.iterdir()] == [seen.name]


def test_the_same_mail_twice_is_two_files_with_one_message_id(home):
    names = [keep(home.mail, a_mail().as_bytes(), to=[]).stem for _ in range(2)]

    assert names[0] != names[1]
    assert len({name.partition("-")[2] for name in names}) == 1


def test_the_newest_comes_first_and_an_id_may_be_shortened(home):
    old = keep(home.mail, a_mail("old").as_bytes(), to=[])
    new = keep(home.mail, a_mail("new", "<b@larkfield.example>").as_bytes(), to=[])

    assert [letter.head()["subject"] for letter in letters(home.mail)] == ["new", "old"]
    assert letter_of(home.mail, None).id == new.stem
    assert letter_of(home.mail, old.stem[:-4]).id == old.stem


def test_an_unknown_or_ambiguous_id_is_a_sentence(home):
    for number in range(2):
        keep(home.mail, a_mail(message_id=f"<{number}@larkfield.example>").as_bytes(), to=[])

    with pytest.raises(NoMail, match="No kept mail has the id zz"):
        letter_of(home.mail, "zz")
    with pytest.raises(NoMail, match="2 mails begin with 1"):
        letter_of(home.mail, "1")


def test_the_command_line_lists_and_shows_them(home):
    keep(home.mail, a_mail().as_bytes(), to=["ada@example.com"])
    env = {**os.environ, "VITRINE_HOME": str(home.root)}

    def run(*words: str) -> str:
        argv = [sys.executable, "-m", "app.cli", "mail", *words]
        return subprocess.run(argv, cwd=CLONE, env=env, capture_output=True, text=True, check=True).stdout

    assert "Your order" in run("list")
    assert json.loads(run("list", "--json", "--to", "nobody@example.com")) == []
    assert json.loads(run("show", "--json"))["text"].startswith("Thank you")
    assert "X-Envelope-To: ada@example.com" in run("show", "--raw")
