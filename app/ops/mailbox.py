"""Reads the mails the sink has kept."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from app.values import Refusal


class NoMail(Refusal):
    status = 2


class Letter:
    """One kept mail; its id is the file's name without the ending."""

    def __init__(self, path: Path) -> None:
        self.path, self.id = path, path.stem
        self.message: EmailMessage = message_from_bytes(path.read_bytes(), policy=policy.default)  # type: ignore[assignment]

    @property
    def to(self) -> list[str]:
        """Envelope recipients, which may differ from the To header."""
        return [str(address) for address in self.message.get_all("X-Envelope-To", [])]

    def head(self) -> dict[str, object]:
        at = datetime.fromtimestamp(int(self.id.partition("-")[0]) / 1e6, UTC)
        return {
            "id": self.id,
            "at": at.isoformat(timespec="seconds"),
            "to": ", ".join(self.to),
            "from": str(self.message["From"] or ""),
            "subject": str(self.message["Subject"] or ""),
            "message_id": str(self.message["Message-ID"] or ""),
        }

    def text(self) -> str | None:
        return self._part("plain")

    def html(self) -> str | None:
        return self._part("html")

    def whole(self) -> dict[str, object]:
        return {**self.head(), "text": self.text(), "html": self.html()}

    def raw(self) -> bytes:
        return self.path.read_bytes()

    def readable(self) -> str:
        head = "\n".join(f"{name}: {value}" for name, value in self.head().items())
        return f"{head}\n\n{self.text() or self.html() or ''}"

    def _part(self, kind: str) -> str | None:
        body = self.message.get_body((kind,))
        return body.get_content() if body else None


def letters(folder: Path) -> list[Letter]:
    """Every kept mail, newest first."""
    return [Letter(path) for path in sorted(folder.glob("*.eml"), reverse=True)]


def letter_of(folder: Path, id: str | None) -> Letter:
    """The mail whose id begins with `id`, or the newest. Raises NoMail unless there is exactly one."""
    found = sorted(path for path in folder.glob("*.eml") if id is None or path.stem.startswith(id))
    if not found:
        raise NoMail("No mail was kept yet." if id is None else f"No kept mail has the id {id}.")
    if id is not None and len(found) > 1:
        raise NoMail(f"{len(found)} mails begin with {id}: give more of the id.")
    return Letter(found[-1])
