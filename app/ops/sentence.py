"""What goes wrong on the command line ends as one sentence on stderr and an honest exit status."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from app.settings import BadSetting
from app.values import Refusal

WRONG_INPUT, FAILED, INTERRUPTED = 2, 1, 130
UNREACHABLE = ("asyncpg", "redis", "httpx")  # whose errors of these kinds mean: it does not run
AWAY = {"CannotConnectNowError", "PostgresConnectionError", "ConnectionError", "TransportError"}


@contextmanager
def as_sentence() -> Iterator[None]:
    """Turns expected failures into a sentence and an exit status; bugs keep their traceback."""
    try:
        yield
    except BadSetting as wrong:
        end(f"{wrong}.", WRONG_INPUT)
    except Refusal as no:
        end(no.say, FAILED if no.status == FAILED else WRONG_INPUT)  # the others' status is for HTTP
    except KeyboardInterrupt:
        raise SystemExit(INTERRUPTED) from None
    except BrokenPipeError:  # `vitrine routes | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(FAILED) from None
    except Exception as wrong:
        words = explain(wrong)
        if words is None:
            raise
        end(words, FAILED)


def explain(wrong: BaseException) -> str | None:
    """A sentence for a failure that is no bug: a server that is away, a database at another version."""
    kind = type(wrong)
    if kind.__module__ == "app.db.migrate":
        return str(wrong)
    if isinstance(wrong, ConnectionError | TimeoutError | FileNotFoundError) or _no_connection(wrong):
        return f"A server the shop needs does not answer ({wrong or kind.__name__}): is the shop up (./vitrine up)?"
    return None


def _no_connection(wrong: BaseException) -> bool:
    package = type(wrong).__module__.partition(".")[0]
    return package in UNREACHABLE and any(kind.__name__ in AWAY for kind in type(wrong).__mro__)


def end(words: str, status: int) -> None:
    print(f"vitrine: {words}", file=sys.stderr)
    raise SystemExit(status)
