from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from app.ops import home as homes
from app.ops.home import BadHome, Home, home_of, make, servant
from app.settings import Settings

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the servers as somebody else")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_default_home_is_named_by_the_clone_and_outlives_a_reboot():
    first = home_of(Settings()).root

    assert first.parent == Path("/var/tmp")
    assert first.name.startswith("vitrine-")
    assert len(first.name) == len("vitrine-") + 8
    assert home_of(Settings(home="/srv/shop")).root == Path("/srv/shop")


def test_what_holds_data_is_private_and_belongs_to_whoever_runs_the_servers(home):
    owner = (servant() or (os.geteuid(),))[0]

    assert [mode(folder) for folder in (home.root, home.data, home.run, home.logs, home.mail)] == [0o755] + [0o700] * 4
    assert home.data.stat().st_uid == home.run.stat().st_uid == owner
    assert home.logs.stat().st_uid == os.geteuid()


def test_making_a_home_twice_is_harmless(home):
    make(home)

    assert mode(home.data) == 0o700


def test_a_path_too_long_for_a_socket_is_refused_before_anything_is_made():
    long = Home(Path("/var/tmp") / ("x" * 90))

    with pytest.raises(BadHome, match="too long a path for a socket"):
        make(long)
    assert not long.root.exists()


def test_a_file_in_its_place_is_refused(tmp_path):
    tmp_path.chmod(0o755)
    (tmp_path / "home").write_text("")

    with pytest.raises(BadHome, match="set VITRINE_HOME"):
        make(Home(Path("/var/tmp") / os.path.relpath(tmp_path / "home", "/var/tmp")))


@as_root
def test_somebody_elses_folder_is_refused(home):
    os.chown(home.root, 12345, 12345)
    try:
        with pytest.raises(BadHome, match="belongs to somebody else"):
            make(home)
    finally:
        os.chown(home.root, 0, 0)


@as_root
def test_a_home_below_a_private_folder_is_refused_and_the_folder_keeps_its_mode(home):
    private = home.root / "private"
    private.mkdir(mode=0o700)

    with pytest.raises(BadHome, match=f"{private} is private"):
        make(Home(private / "home"))
    assert mode(private) == 0o700


@as_root
def test_a_folder_that_cannot_be_made_is_one_sentence(home):
    with pytest.raises(BadHome, match="can't be used"):
        make(Home(Path("/proc/nowhere")))


def test_a_link_in_the_place_of_home_is_not_followed(home):
    link = home.root / "link"
    link.symlink_to(home.root)

    with pytest.raises(BadHome, match="is not a folder"):
        homes.make(Home(link))
