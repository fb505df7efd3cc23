"""The way to the mail server: a connection that one mail has opened serves the next ones."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from email.message import EmailMessage
from email.utils import parseaddr
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit
from weakref import WeakKeyDictionary

import aiosmtplib

from app.settings import Settings

TIMEOUT = 10.0  # seconds for each step of the conversation
SPARE = 4  # connections that stay open
STAY = 10.0  # seconds one may wait for the next mail; servers are used to closing them after minutes


class _Open(NamedTuple):
    """A connection nobody talks on, to the server of this address since this moment."""

    url: str
    since: float
    server: aiosmtplib.SMTP

    def serves(self, url: str) -> bool:
        return self.url == url and self.server.is_connected and time.monotonic() - self.since < STAY


_spare: WeakKeyDictionary[asyncio.AbstractEventLoop, list[_Open]] = WeakKeyDictionary()


async def deliver(message: EmailMessage, settings: Settings) -> None:
    """Hands one mail to the server. Raises aiosmtplib.SMTPException or OSError.

    A kept connection may have ended meanwhile, so a failure on one is tried once more on a new one. If only the server's
    yes was lost the receiver gets the mail twice, with one Message-ID.
    """
    kept = _kept(settings.smtp_url)
    if kept:
        with suppress(aiosmtplib.SMTPException, OSError):
            await _say(kept, message, settings.smtp_url)
            return
    server = aiosmtplib.SMTP(**_server(settings))
    await server.connect()
    await _say(server, message, settings.smtp_url)


def _kept(url: str) -> aiosmtplib.SMTP | None:
    spare = _spare.setdefault(asyncio.get_running_loop(), [])
    while spare:
        last = spare.pop()
        if last.serves(url):
            return last.server
        last.server.close()
    return None


async def _say(server: aiosmtplib.SMTP, message: EmailMessage, url: str) -> None:
    try:
        told = dict(message.raw_items())
        sender, to = (parseaddr(str(told[name]))[1] for name in ("From", "To"))
        await server.sendmail(sender, [to], message.as_bytes(policy=message.policy.clone(linesep="\r\n")))
    except BaseException:  # who knows in the middle of what it is
        server.close()
        raise
    spare = _spare.setdefault(asyncio.get_running_loop(), [])
    if len(spare) < SPARE:
        spare.append(_Open(url, time.monotonic(), server))
    else:
        server.close()


def _server(settings: Settings) -> dict[str, Any]:
    parts = urlsplit(settings.smtp_url)
    server: dict[str, Any] = {"hostname": parts.hostname, "port": parts.port or 25, "timeout": TIMEOUT}
    if parts.scheme == "smtps":
        server["use_tls"] = True
    if parts.username:
        server |= {"username": unquote(parts.username), "password": unquote(parts.password or "")}
    return server
