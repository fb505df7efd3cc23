"""A whole shop with two edge nodes and a read replica. The relay reaches the second node by a wire that can be cut."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import tempfile
import threading
from contextlib import suppress
from pathlib import Path

import httpx

from app.ops import postgres
from app.ops.home import Home, servant
from app.ops.processes import dropping, spawn
from tests.edge.varnish import QUICK, arguments
from tests.servers import Replica
from tests.stack import Stack, eventually, free_ports


class Wire:
    """A line to a port of this machine. `hold`: bytes go in and none comes through; `cut`: nobody gets through at all."""

    def __init__(self, listen: int, to: int) -> None:
        self.to = to
        self.open: list[socket.socket] = []
        self.flows = threading.Event()
        self.flows.set()
        self.whole = True
        self.server = socket.create_server(("127.0.0.1", listen))
        threading.Thread(target=self._accept, daemon=True).start()

    def hold(self) -> None:
        self.flows.clear()

    def cut(self) -> None:
        self.whole = False
        self._hang_up()

    def mend(self) -> None:
        self.whole = True
        self.flows.set()

    def close(self) -> None:
        self.cut()
        self.server.close()

    def _hang_up(self) -> None:
        for each in self.open:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        self.open.clear()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                here, _ = self.server.accept()
                try:
                    there = socket.create_connection(("127.0.0.1", self.to), timeout=5) if self.whole else None
                except OSError:
                    there = None
                if there is None:
                    here.close()
                    continue
                there.settimeout(None)
                self.open += [here, there]
                for one, other in ((here, there), (there, here)):
                    threading.Thread(target=self._carry, args=(one, other), daemon=True).start()

    def _carry(self, one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while data := one.recv(65536):
                self.flows.wait()
                other.sendall(data)
        for each in (one, other):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)


class Twins:
    """`one` and `two` are the ports of the nodes' shop listeners."""

    def __init__(self) -> None:
        purge_one, purge_two, far_end, self.two = free_ports(4)
        self.folder = Path(tempfile.mkdtemp(prefix="vw-", dir="/var/tmp"))
        self.folder.chmod(0o755)
        at = Home(self.folder / "replica")
        self.stack = Stack(
            purge_port=str(purge_one),
            edge_nodes=f"http://127.0.0.1:{purge_one} http://127.0.0.1:{far_end}",
            replica_dsns=postgres.shared_dsn(at),
            fence_seconds="1",
            echo_seconds="1 3",
            canary_seconds="2",
        )
        self.one = self.stack.ports["port"]
        self.purge_two = purge_two
        self.wire = Wire(far_end, purge_two)
        self.replica = Replica(Home(self.stack.home), at.root)
        self.start_two()

    def start_two(self) -> None:
        """A second varnishd with the same rules and an empty cache."""
        listeners = ["-a", f"shop=127.0.0.1:{self.two}", "-a", f"purge=127.0.0.1:{self.purge_two}"]
        work = self.folder / "two"
        shutil.rmtree(work, ignore_errors=True)
        rules = self.stack.home / "varnish" / "vitrine.vcl"
        self.second = spawn(
            [
                "varnishd",
                "-F",
                "-j",
                "none",
                "-i",
                "two",
                "-n",
                str(work),
                "-f",
                str(rules),
                *listeners,
                *QUICK,
                *arguments(),
            ],
            env=postgres.environment(),
            cwd=self.folder,
            user=None,
            when_parent_dies=signal.SIGTERM,
            output=subprocess.DEVNULL,
        )
        eventually(lambda: self.get(self.two, "/healthz/edge") is not None, within=30)

    def stop_two(self) -> None:
        self.second.terminate()
        self.second.wait(20)

    def get(self, port: int, path: str) -> httpx.Response | None:
        """What a node answers a first visitor; None when nobody does."""
        try:
            return httpx.get(f"http://127.0.0.1:{port}{path}", headers={"Host": f"localhost:{self.one}"}, timeout=20)
        except httpx.HTTPError:
            return None

    def shows(self, port: int, path: str, text: str) -> bool:
        answer = self.get(port, path)
        return answer is not None and answer.status_code == 200 and text in answer.text

    def health(self, port: int) -> int:
        answer = self.get(port, "/healthz/edge")
        return answer.status_code if answer else 0

    def sql(self, statement: str) -> str:
        """What psql prints, on the primary."""
        program = [str(self.replica.programs / "psql"), "-X", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", self.stack.dsn]
        done = subprocess.run(
            [*program, "-c", statement], capture_output=True, text=True, check=True, **dropping(servant())
        )
        return done.stdout.strip()

    def retitle(self, slug: str, title: str) -> None:
        """An edit by psql, committed."""
        self.sql(f"UPDATE product SET title = '{title}' WHERE slug = '{slug}'")

    def stop(self) -> None:
        self.stop_two()
        self.wire.close()
        self.replica.remove()
        self.stack.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
