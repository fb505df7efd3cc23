"""One line per event: readable in development, JSON elsewhere. Tracebacks without local variables, which hold people's data.

structlog is loaded at the first line that is logged: it brings a terminal library that a web process starts faster without.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from app.settings import settings


class Log:
    """Levels as methods: `log.warning("purge not confirmed", node=...)`."""

    def __getattr__(self, level: str) -> Any:
        return getattr(_logger(), level)


log = Log()


@cache
def _logger() -> Any:
    import structlog

    processors: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    if settings().dev:
        # its default shows locals: cookies, form bodies
        processors += [structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)]
    else:
        processors += [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    structlog.configure(processors=processors, cache_logger_on_first_use=True)
    return structlog.get_logger()
