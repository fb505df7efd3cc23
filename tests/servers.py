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
from app.ops.processes import spawn
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
        self.process.send_signal(signal.SIGINT)
        self.process.wait(20)
        shutil.rmtree(self.home.root, ignore_errors=True)


def clean_environment() -> None:
    """Nothing of the machine's own shop reaches a test."""
    for name in [name for name in os.environ if name.startswith("VITRINE_") and not name.startswith("VITRINE_TEST_")]:
        del os.environ[name]
    settings.cache_clear()


def current() -> Settings:
    return settings()
