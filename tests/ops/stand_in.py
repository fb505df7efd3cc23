"""A clone with this launcher and supervisor, and a shop of a few lines: what `up` does, without what it starts."""

from __future__ import annotations

import json
import os
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from app.ops.home import CLONE
from app.ops.processes import Mark

SHARED = (
    "app/ops",
    "app/__init__.py",
    "app/cli.py",
    "app/descriptions.py",
    "app/edge/__init__.py",
    "app/edge/cdn",
    "app/payments/__init__.py",
    "app/payments/chosen.py",
    "app/settings.py",
    "app/values.py",
    "Procfile",
    "vitrine",
    "requirements.txt",
)
SHOP = {
    "app/main.py": """
async def answer(scope, receive, send):
    if scope["type"] != "http":
        return
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain")]})
    await send({"type": "http.response.body", "body": b"here"})

def create_app():
    return answer

create_admin = create_app
""",
    "app/db/migrate.py": "async def migrate(settings):\n    return []\n\nasync def pending(settings):\n    return []\n",
    "app/ops/rendering.py": """
def vcl_of(settings):
    backends = "".join(
        f'backend web{n} {{ .host = "127.0.0.1"; .port = "{settings.web_port + n}"; }}\\n' for n in range(settings.web_instances)
    )
    return (
        "vcl 4.1;\\nimport directors;\\n" + backends + "sub vcl_init { new shop = directors.round_robin();\\n"
        + "".join(f"shop.add_backend(web{n});\\n" for n in range(settings.web_instances))
        + "}\\nsub vcl_recv { set req.backend_hint = shop.backend(); return (pass); }\\n"
    )
""",
    "jobs/relay.py": "import time\nwhile True:\n    time.sleep(1)\n",
    "jobs/worker.py": "import time\nwhile True:\n    time.sleep(1)\n",
}


def short_folder() -> Path:
    """A folder for a home: its path must leave room for a socket's name, and strangers may enter it."""
    folder = Path(tempfile.mkdtemp(prefix="vt", dir="/var/tmp"))
    folder.chmod(0o755)
    return folder


def free_ports(count: int) -> list[int]:
    """Consecutive ports that were free a moment ago, below the range the kernel hands out."""
    for first in range(20000 + random.randrange(10000), 32000, count):
        taken = []
        try:
            for port in range(first, first + count):
                taken.append(socket.create_server(("127.0.0.1", port)))
            return list(range(first, first + count))
        except OSError:
            continue
        finally:
            for one in taken:
                one.close()
    raise AssertionError("no free ports")


class StandIn:
    """A clone in a folder of its own, with a home and ports of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.home = folder, short_folder()
        for name in SHARED:
            copy = shutil.copytree if (CLONE / name).is_dir() else shutil.copy2
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            copy(CLONE / name, folder / name)
        for name, text in SHOP.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text)
        first, *_ = self.ports = free_ports(7)
        names = ("PORT", "PURGE_PORT", "ADMIN_PORT", "MAIL_PORT", "WEB_PORT")
        self.env = {f"VITRINE_{name}": str(first + at) for at, name in enumerate(names)}
        self.env |= {"VITRINE_HOME": str(self.home)}

    @property
    def port(self) -> int:
        return self.ports[0]

    def command(self, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
        """Run one command to its end."""
        return subprocess.run(
            self.argv(*words), check=False, **self.how(env), capture_output=True, text=True, timeout=60
        )

    def argv(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "app.cli", *words]

    def how(self, env: dict[str, str]) -> dict:
        clean = {key: value for key, value in os.environ.items() if not key.startswith("VITRINE_")}
        return {"cwd": self.folder, "env": clean | self.env | env}

    def up(self, *words: str, **env: str) -> None:
        done = self.command("up", "--detach", "--seed", "none", *words, **env)
        assert done.returncode == 0, done.stderr + done.stdout

    def state(self) -> dict:
        return json.loads((self.home / "state.json").read_text())

    def marks(self) -> dict[str, Mark]:
        """Every process of the shop, the supervisor too."""
        state = self.state()
        return {name: Mark(**one) for name, one in {**state["children"], "supervisor": state["supervisor"]}.items()}

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/", timeout=2) as answer:
                return answer.read() == b"here"
        except OSError:
            return False

    def remove(self) -> None:
        self.command("down")
        shutil.rmtree(self.home, ignore_errors=True)


def wait(true, seconds: float = 20.0) -> None:
    """Returns when `true()` is; fails after so many seconds."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.05)
