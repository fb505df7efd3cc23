from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from email.message import EmailMessage

import aiosmtplib
import msgspec
import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from app.settings import Settings
from jobs import smtp


class Sink:
    """A mail server that counts its callers. `refuses` says no to every mail."""

    def __init__(self) -> None:
        self.mails: list[str] = []
        self.callers: list[asyncio.BaseTransport | None] = []
        self.refuses = False

    def session(self) -> SMTP:
        sink = self

        class Counted(SMTP):
            def connection_made(self, transport: asyncio.BaseTransport) -> None:
                sink.callers.append(transport)
                super().connection_made(transport)

        return Counted(self, enable_SMTPUTF8=True)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.refuses:
            return "554 no"
        self.mails.append(str(envelope.rcpt_tos[0]))
        return "250 OK"


@pytest.fixture
async def sink() -> AsyncIterator[tuple[Sink, Settings]]:
    sink = Sink()
    server = await asyncio.get_running_loop().create_server(sink.session, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    yield sink, msgspec.structs.replace(Settings(), smtp_url=f"smtp://127.0.0.1:{port}")
    server.close()


def a_mail(to: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "shop@vitrine.example", to, "Hello"
    message.set_content("Hello")
    return message


async def test_the_next_mail_goes_over_the_open_connection(sink: tuple[Sink, Settings]) -> None:
    server, settings = sink

    for to in ("a@x.example", "b@x.example", "c@x.example"):
        await smtp.deliver(a_mail(to), settings)

    assert server.mails == ["a@x.example", "b@x.example", "c@x.example"]
    assert len(server.callers) == 1


async def test_a_connection_that_ended_meanwhile_costs_no_mail(sink: tuple[Sink, Settings]) -> None:
    server, settings = sink
    await smtp.deliver(a_mail("a@x.example"), settings)

    server.callers[0].abort()  # type: ignore[union-attr] - a transport
    await smtp.deliver(a_mail("b@x.example"), settings)

    assert server.mails == ["a@x.example", "b@x.example"]
    assert len(server.callers) == 2


async def test_a_refused_mail_is_said_and_leaves_no_connection_half_way(sink: tuple[Sink, Settings]) -> None:
    server, settings = sink
    server.refuses = True
    with pytest.raises(aiosmtplib.SMTPException):
        await smtp.deliver(a_mail("a@x.example"), settings)

    server.refuses = False
    await smtp.deliver(a_mail("b@x.example"), settings)

    assert server.mails == ["b@x.example"]


async def test_no_more_than_a_few_connections_stay_open(sink: tuple[Sink, Settings]) -> None:
    server, settings = sink

    await asyncio.gather(*(smtp.deliver(a_mail(f"{n}@x.example"), settings) for n in range(9)))

    assert len(server.mails) == 9
    assert len(smtp._spare[asyncio.get_running_loop()]) <= smtp.SPARE
