"""Real servers for tests: an embedded PostgreSQL with both kinds of schema, in a folder of its own."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import asyncpg

from app.db import migrate
from app.ops import home as homes
from app.ops import postgres
from app.ops.processes import dropping, spawn
from app.settings import Settings, settings

EMPTY = "empty"  # the database others are copied from


class Servers:
    """A running PostgreSQL and the settings that name it; `stop` ends it and removes its folder."""

    def __init__(self) -> None:
        # Short, outside private folders, on the system's lasting disk: fsync stays honest.
        self.home = homes.Home(Path(tempfile.mkdtemp(prefix="vt-", dir="/var/tmp")))
        self.home.root.chmod(0o755)
        homes.make(self.home)
        postgres.initialise(self.home)
        self.process = self._start()
        self._announce(postgres.shared_dsn(self.home))
        asyncio.run(migrate.migrate(settings()))
        asyncio.run(self._ask(f"CREATE DATABASE {EMPTY} TEMPLATE {postgres.DATABASE}"))

    def _start(self) -> subprocess.Popen[bytes]:
        program = postgres.binaries(self.home) / "postgres"
        process = spawn(
            [str(program), "-D", str(self.home.data)],
            env=postgres.environment(),
            cwd=self.home.data,
            user=homes.servant(),
            when_parent_dies=signal.SIGINT,
            output=subprocess.DEVNULL,
        )
        for _ in range(200):
            if postgres.ready(self.home, process.pid):
                return process
            time.sleep(0.05)
        raise RuntimeError("PostgreSQL did not start")

    def _announce(self, dsn: str) -> None:
        os.environ.update(
            VITRINE_HOME=str(self.home.root),
            VITRINE_SHARED_DSN=dsn,
            VITRINE_SHARDS=postgres.shard_dsns(dsn),
            VITRINE_EDGE="false",
        )
        settings.cache_clear()

    async def another(self, name: str) -> str:
        """A database of its own with all schemas and no rows. Returns its DSN."""
        await self._ask(f"CREATE DATABASE {name} TEMPLATE {EMPTY}")
        return self._dsn(name)

    def _dsn(self, database: str) -> str:
        return postgres.shared_dsn(self.home).replace(f"@/{postgres.DATABASE}", f"@/{database}")

    async def _ask(self, sql: str) -> None:
        connection = await asyncpg.connect(self._dsn("postgres"))
        await connection.execute(sql)
        await connection.close()

    def stop(self) -> None:
        self.process.send_signal(signal.SIGQUIT)  # what a last checkpoint would write goes with the folder
        self.process.wait(20)
        shutil.rmtree(self.home.root, ignore_errors=True)


class Replica:
    """A streaming replica of the PostgreSQL in `primary`, in a folder of its own; may be paused, stopped and started."""

    def __init__(self, primary: homes.Home, folder: Path | None = None) -> None:
        self.home = homes.Home(folder or Path(tempfile.mkdtemp(prefix="vr-", dir="/var/tmp")))
        self.home.root.mkdir(exist_ok=True)
        self.home.root.chmod(0o755)
        homes.make(self.home)
        self.programs = postgres.binaries(primary)
        self.dsn = postgres.shared_dsn(self.home)
        copy = [self.programs / "pg_basebackup", "-R", "-X", "stream", "-c", "fast", "-D", self.home.data]
        postgres._run(self.home, [*copy, "-h", primary.run, "-U", postgres.ROLE])
        self.start()

    def start(self) -> None:
        """It follows the primary, and takes readers."""
        self.process = spawn(
            [
                str(self.programs / "postgres"),
                "-D",
                str(self.home.data),
                "-c",
                f"unix_socket_directories={self.home.run}",
            ],
            env=postgres.environment(),
            cwd=self.home.data,
            user=homes.servant(),
            when_parent_dies=signal.SIGINT,
            output=subprocess.DEVNULL,
        )
        for _ in range(400):
            if postgres.ready(self.home, self.process.pid):
                return
            time.sleep(0.05)
        raise RuntimeError("the replica did not start")

    def ask(self, sql: str) -> str:
        """The first value that psql prints."""
        program = [str(self.programs / "psql"), "-X", "-A", "-t", "-d", self.dsn, "-c", sql]
        done = subprocess.run(program, capture_output=True, text=True, check=True, **dropping(homes.servant()))
        return done.stdout.strip()

    def stop(self) -> None:
        """It is gone, as after a crash of its machine: connections end at once."""
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait(20)

    def remove(self) -> None:
        if self.process.poll() is None:
            self.stop()
        shutil.rmtree(self.home.root, ignore_errors=True)


def clean_environment() -> None:
    """Nothing of the machine's own shop reaches a test."""
    for name in [name for name in os.environ if name.startswith("VITRINE_") and not name.startswith("VITRINE_TEST_")]:
        del os.environ[name]
    settings.cache_clear()


def current() -> Settings:
    return settings()
