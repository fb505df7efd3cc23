"""A taken port is found before anything starts, and named by its setting."""

from __future__ import annotations

import errno
import socket
from collections.abc import Iterable

from app.settings import Settings
from app.values import Refusal


class PortTaken(Refusal):
    """A port the shop needs can't be had."""

    status = 2


Wanted = tuple[str, str, int]  # the setting, the address, the port


def wanted(settings: Settings) -> list[Wanted]:
    """Every port the shop is going to listen on."""
    ports = [("VITRINE_PORT", settings.host, settings.port), ("VITRINE_ADMIN_PORT", settings.host, settings.admin_port)]
    if settings.edge:
        ports.append(("VITRINE_PURGE_PORT", "127.0.0.1", settings.purge_port))
        instances = range(settings.web_port, settings.web_port + settings.web_instances)
        ports += [("VITRINE_WEB_PORT", "127.0.0.1", port) for port in instances]
    if not settings.smtp_url:
        ports.append(("VITRINE_MAIL_PORT", "127.0.0.1", settings.mail_port))
    return ports


def check(ports: Iterable[Wanted]) -> None:
    """Raises PortTaken for the first port that is wanted twice, is taken or may not be had."""
    seen: dict[int, str] = {}
    for setting, host, port in ports:
        if port in seen:
            raise PortTaken(f"{seen[port]} and {setting} both ask for port {port}: give one of them another port.")
        seen[port] = setting
        _try(setting, host, port)


def _try(setting: str, host: str, port: int) -> None:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as attempt:
            attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            attempt.bind(address)
            attempt.listen(1)
    except OSError as wrong:
        if wrong.errno == errno.EADDRINUSE:
            raise PortTaken(f"Port {port} is taken by another program: set {setting} to a free one.") from None
        if wrong.errno == errno.EACCES:
            raise PortTaken(f"Port {port} is reserved for root: set {setting} to one above 1023.") from None
        raise PortTaken(
            f"{host}:{port} can't be listened on ({wrong.strerror}): see VITRINE_HOST and {setting}."
        ) from None
