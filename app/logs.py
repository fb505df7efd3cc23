"""One line per event: readable in development, JSON elsewhere. Tracebacks without local variables, which hold people's data."""

from __future__ import annotations

from typing import Any

import structlog

from app.settings import Settings


def configure(settings: Settings) -> None:
    """Sets up structlog for this process."""
    processors: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    if settings.dev:
        # rich's default shows locals: cookies, form bodies
        processors += [structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)]
    else:
        processors += [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    structlog.configure(processors=processors, cache_logger_on_first_use=True)
