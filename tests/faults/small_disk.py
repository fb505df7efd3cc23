"""A PostgreSQL server of its own in a file system of a few megabytes, that can be filled and cleared again."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from app.ops import home as homes
from app.ops import postgres
from app.ops.processes import spawn
from tests.stack import eventually

SIZE = "160m"


def mount(folder: Path) -> bool:
    """Whether this process may mount file systems, and has."""
    command = ["mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=755", "tmpfs", str(folder)]
    return os.geteuid() == 0 and not subprocess.run(command, capture_output=True, check=False).returncode


class SmallDisk:
    """A running server in `folder`, which is mounted; the programs are those of another home."""

    def __init__(self, folder: Path, programs: homes.Home) -> None:
        self.folder, self.home = folder, homes.Home(folder)
        self.programs = postgres.binaries(programs)
        homes.make(self.home)
        postgres._create(self.home, self.programs)
        postgres._configure(self.home, postgres.FEWEST)
        self.dsn = postgres.shared_dsn(self.home)
        self.start()

    def start(self) -> None:
        """The server answers; it is started again if it has ended, as `vitrine up` would."""
        self.process = spawn(
            [str(self.programs / "postgres"), "-D", str(self.home.data)],
            env=postgres.environment(), cwd=self.home.data, user=homes.servant(),
            when_parent_dies=signal.SIGINT, output=subprocess.DEVNULL,
        )  # fmt: skip
        eventually(lambda: postgres.ready(self.home, self.process.pid), within=30)

    def fill(self) -> None:
        """Not a byte is left."""
        with (self.folder / "filler").open("wb", buffering=0) as filler:
            for size in (1 << 20, 4096, 1):
                try:
                    while filler.write(bytes(size)) == size:
                        pass
                except OSError as full:
                    assert full.errno == errno.ENOSPC

    def clear(self) -> None:
        """There is space again."""
        (self.folder / "filler").unlink()
        if self.process.poll() is not None:
            self.start()

    def remove(self) -> None:
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait(20)
        subprocess.run(["umount", str(self.folder)], check=True)
        shutil.rmtree(self.folder)


def empty_folder() -> Path:
    """A folder to mount it on, short enough for a socket."""
    return Path(tempfile.mkdtemp(prefix="vd-", dir="/var/tmp"))
