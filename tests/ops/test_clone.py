"""What a new user does: a clean clone, an empty home folder, one command."""

from __future__ import annotations

import os
import shutil
import subprocess
import urllib.request

import pytest

from app.ops.home import CLONE
from tests.ops.stand_in import free_ports, short_folder

PORTS = ("PORT", "ADMIN_PORT", "PURGE_PORT", "MAIL_PORT", "WEB_PORT")


@pytest.fixture
def clone():
    """The files git knows or would add, and nothing else; removed afterwards."""
    folder = short_folder()
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=CLONE, capture_output=True, text=True, check=True,
    )  # fmt: skip
    for name in filter(None, listed.stdout.split("\0")):
        if (CLONE / name).exists():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(CLONE / name, folder / name)
    yield folder
    shutil.rmtree(folder)


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.skipif(not (CLONE / ".git").exists() or shutil.which("git") is None, reason="this is no git clone")
def test_up_works_from_a_clean_clone_with_an_empty_home(clone):
    first = free_ports(len(PORTS) + 1)[0]
    home, user = short_folder(), short_folder()
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("VITRINE_", "XDG_"))}
    env = kept | {f"VITRINE_{name}": str(first + at) for at, name in enumerate(PORTS)}
    env |= {"VITRINE_HOME": str(home), "HOME": str(user), "PYTHON": os.sys._base_executable}
    run = {"cwd": clone, "env": env, "capture_output": True, "text": True}
    try:
        up = subprocess.run(["./vitrine", "up", "--detach"], check=False, **run)
        assert up.returncode == 0, up.stderr + up.stdout
        with urllib.request.urlopen(f"http://localhost:{first}/", timeout=20) as answer:
            page = answer.read().decode()
        down = subprocess.run(["./vitrine", "down"], check=False, **run)

        assert "installing" in up.stderr
        assert "product-card" in page
        assert down.returncode == 0
    finally:
        subprocess.run(["./vitrine", "down"], check=False, **run)
        for folder in (home, user):
            shutil.rmtree(folder)
