"""A mail server that only keeps: one .eml file per mail, for shops that have no mail server."""

from __future__ import annotations

import asyncio
import hashlib
import os
import signal
import time
from email.parser import BytesHeaderParser
from pathlib import Path

import uvloop
from aiosmtpd.smtp import SMTP, Envelope, Session

from app.ops.home import home_of
from app.settings import settings

LARGEST = 20_000_000  # bytes


class Keep:
    """aiosmtpd's handler: the answer to DATA comes after the file is complete."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content = envelope.content
        assert isinstance(content, bytes)
        keep(self.folder, content, to=envelope.rcpt_tos)
        return "250 kept"


def keep(folder: Path, content: bytes, to: list[str]) -> Path:
    """The mail is in one new file, in one step. Its name: time, then the hash of its Message-ID."""
    message_id = BytesHeaderParser().parsebytes(content).get("Message-ID") or content.hex()
    name = f"{time.time_ns() // 1000}-{hashlib.sha256(str(message_id).encode()).hexdigest()[:16]}.eml"
    fresh = folder / f".{name}"
    fresh.write_bytes(b"".join(b"X-Envelope-To: %s\r\n" % one.encode() for one in to) + content)
    fresh.rename(folder / name)
    return folder / name


async def serve(folder: Path, port: int) -> None:
    """Take mail on loopback until told to stop."""
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    handler = Keep(folder)
    server = await loop.create_server(
        lambda: SMTP(handler, hostname="localhost", data_size_limit=LARGEST, enable_SMTPUTF8=True),
        host="127.0.0.1",
        port=port,
    )
    print(f"keeps mail of 127.0.0.1:{port} in {folder}", flush=True)
    await stop.wait()
    server.close()


if __name__ == "__main__":
    os.umask(0o077)
    uvloop.run(serve(home_of(settings()).mail, settings().mail_port))
