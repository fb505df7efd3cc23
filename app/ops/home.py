"""The home folder: everything a running shop writes, outside the clone and outside private folders."""

from __future__ import annotations

import hashlib
import os
import pwd
import stat
from pathlib import Path

from app.settings import Settings
from app.values import Refusal

CLONE = Path(__file__).resolve().parents[2]
LASTING = Path("/var/tmp")  # noqa: S108  # the system's temporary folder that outlives a reboot (file-hierarchy(7))
SERVANT = "nobody"  # who runs the databases when root starts the shop; exists on every system
LONGEST_SOCKET = 107  # bytes of a Unix socket's path, sockaddr_un on Linux


class BadHome(Refusal):
    """The home folder can't be used; `say` tells why and what to do."""

    status = 2


class Home:
    """Paths in a home folder. Nothing exists before `make`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.binaries, self.data, self.run = root / "pg", root / "data", root / "run"
        self.logs, self.mail, self.varnish = root / "log", root / "mail", root / "varnish"
        self.visits = root / "access"
        self.state, self.lock = root / "state.json", root / "lock"

    @property
    def redis_socket(self) -> Path:
        return self.run / "redis.sock"

    @property
    def vcl(self) -> Path:
        return self.varnish / "vitrine.vcl"

    @property
    def access_log(self) -> Path:
        return self.visits / "access.log"


def home_of(settings: Settings) -> Home:
    """The home that settings name, else one named by the clone."""
    if settings.home:
        return Home(Path(settings.home).absolute())
    return Home(LASTING / f"vitrine-{hashlib.sha256(str(CLONE).encode()).hexdigest()[:8]}")


def servant() -> tuple[int, int] | None:
    """(uid, gid) to run servers as: an unprivileged user when we are root, else ourselves (None)."""
    if os.geteuid() != 0:
        return None
    entry = pwd.getpwnam(SERVANT)
    return entry.pw_uid, entry.pw_gid


def make(home: Home) -> None:
    """The folders exist, each as private as it can be. Raises BadHome; changes nothing outside."""
    longest = home.run / ".s.PGSQL.5432.lock"
    if len(os.fsencode(longest)) > LONGEST_SOCKET:
        raise BadHome(f"{home.root} is too long a path for a socket: set VITRINE_HOME to a shorter one.")
    try:
        home.root.mkdir(mode=0o755, parents=True, exist_ok=True)
        _check(home)
        for folder in (home.logs, home.mail):
            folder.mkdir(mode=0o700, exist_ok=True)
        for folder, mode in ((home.run, 0o700), (home.data, 0o700), (home.visits, 0o700), (home.varnish, 0o755)):
            hand_over(folder, mode)
    except OSError as wrong:
        raise BadHome(f"{home.root} can't be used ({wrong.strerror}): set VITRINE_HOME to another folder.") from None


def hand_over(folder: Path, mode: int) -> None:
    """A folder below home that belongs to whoever runs the servers."""
    folder.mkdir(mode=mode, exist_ok=True)
    if owner := servant():
        os.chown(folder, *owner)


def _check(home: Home) -> None:
    found = home.root.lstat()
    if not stat.S_ISDIR(found.st_mode):
        raise BadHome(f"{home.root} is not a folder: set VITRINE_HOME to another one.")
    if found.st_uid != os.geteuid():
        raise BadHome(f"{home.root} belongs to somebody else: set VITRINE_HOME to a folder of your own.")
    if servant() and (shut := _shut_above(home.root)):
        raise BadHome(
            f"{shut} is private, and the databases run as {SERVANT}, who can't get to {home.root}:"
            " set VITRINE_HOME to a folder outside."
        )


def _shut_above(folder: Path) -> Path | None:
    """The first folder on the way down that strangers can't enter."""
    return next((step for step in (*reversed(folder.parents), folder) if not step.stat().st_mode & 0o001), None)
