"""The directory walker's sums, beside those of du."""

import os
import shutil
import socket
import subprocess
from pathlib import Path

import pytest

from cadvcli.manager.walk import HOP, STEP, Walk


def walked(top: Path) -> Walk:
    walk = Walk(str(top))
    for _ in walk.steps():
        pass
    return walk


def by_du(top: Path) -> tuple[int, int]:
    """Bytes and inodes by the real tool."""
    argv = [shutil.which("du") or pytest.skip("no du"), "-s", "-x"]
    figures = []
    for option in ("-B1", "--inodes"):
        done = subprocess.run([*argv, option, top], capture_output=True, check=True, text=True)
        figures.append(int(done.stdout.split()[0]))
    return figures[0], figures[1]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    top = tmp_path / "top"
    (top / "etc/nested").mkdir(parents=True)
    (top / "etc/passwd").write_text("root")
    (top / "etc/nested/big").write_bytes(b"x" * 100_000)
    (top / "link").symlink_to("etc")
    (top / "outside").symlink_to("/usr")
    os.mkfifo(top / "fifo")
    os.link(top / "etc/passwd", top / "etc/nested/passwd-")
    (top / "sparse").write_bytes(b"")
    os.truncate(top / "sparse", 1 << 30)
    (top / b"\xff\xfe name".decode("utf-8", "surrogateescape")).write_text("x")
    return top


def test_against_du(tree: Path) -> None:
    walk = walked(tree)
    assert (walk.bytes, walk.inodes) == by_du(tree)
    assert walk.device == tree.stat().st_dev


def test_a_file_with_several_links_counts_once(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x" * 5000)
    before = walked(tmp_path)
    os.link(tmp_path / "a", tmp_path / "b")
    after = walked(tmp_path)
    assert (after.bytes, after.inodes) == (before.bytes, before.inodes)


def test_a_folder_with_more_entries_than_a_step(tmp_path: Path) -> None:
    for number in range(2 * STEP + 3):
        (tmp_path / str(number)).touch()
    assert walked(tmp_path).inodes == 2 * STEP + 4


def test_a_tree_deeper_than_a_path_may_be_long(tmp_path: Path) -> None:
    name, levels = "d" * 250, 5 * HOP // 250
    fd = os.open(tmp_path, os.O_RDONLY)
    for _ in range(levels):
        os.mkdir(name, dir_fd=fd)
        below = os.open(name, os.O_RDONLY, dir_fd=fd)
        os.close(fd)
        fd = below
    os.close(fd)
    assert walked(tmp_path).inodes == levels + 1
    subprocess.run(["rm", "-r", str(tmp_path / name)], check=True)  # shutil can't


def test_a_single_file_can_be_asked_for(tmp_path: Path) -> None:
    log = tmp_path / "container.log"
    log.write_bytes(b"x" * 9000)
    walk = walked(log)
    assert (walk.bytes, walk.inodes) == (log.stat().st_blocks * 512, 1)


def test_what_vanishes_in_the_meantime_is_no_trouble(tmp_path: Path) -> None:
    for name in ("one", "two", "three"):
        (tmp_path / name / "below").mkdir(parents=True)
    walk = Walk(str(tmp_path))
    steps = walk.steps()
    next(steps)  # the top
    next(steps)  # what is in it
    shutil.rmtree(tmp_path / "two")
    for _ in steps:
        pass
    assert walk.inodes == 4 + 2


def test_a_folder_that_becomes_a_link_leads_nowhere(tmp_path: Path) -> None:
    top, outside = tmp_path / "top", tmp_path / "outside"
    (top / "folder").mkdir(parents=True)
    (outside / "folder/below").mkdir(parents=True)
    (outside / "file").touch()
    walk = Walk(str(top))
    steps = walk.steps()
    next(steps)
    next(steps)
    (top / "folder").rmdir()
    (top / "folder").symlink_to(outside)
    for _ in steps:
        pass
    assert walk.inodes == 2


def test_a_top_that_is_swapped_for_another_folder_is_not_entered(tmp_path: Path) -> None:
    top, other = tmp_path / "top", tmp_path / "other"
    top.mkdir()
    other.mkdir()
    (other / "file").touch()
    walk = Walk(str(top))
    steps = walk.steps()
    next(steps)
    top.rename(tmp_path / "moved")
    other.rename(top)
    for _ in steps:
        pass
    assert walk.inodes == 1


def test_sockets_and_links_are_not_followed(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "s"))
        (tmp_path / "root").symlink_to("/")
        assert walked(tmp_path).inodes == 3


def test_nothing_is_open_between_steps(tree: Path) -> None:
    open_before = set(os.listdir("/proc/self/fd"))
    for _ in Walk(str(tree)).steps():
        assert set(os.listdir("/proc/self/fd")) == open_before


def test_a_missing_top_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        walked(tmp_path / "nothing")


@pytest.mark.real
def test_other_devices_are_left_out_and_nothing_behind_them_is(tmp_path: Path) -> None:
    if os.geteuid() or not shutil.which("mount"):
        pytest.skip("mounting needs root")
    top = tmp_path / "top"
    for name in ("a", "shm", "z"):
        (top / name).mkdir(parents=True)
        (top / name / "file").touch()
    (top / "file").touch()
    expected = walked(top)
    script = (
        f"mount -t tmpfs none {top}/shm && touch {top}/shm/1 {top}/shm/2 && "
        f"mount --bind {top}/shm/1 {top}/file && exec {shutil.which('python3')} -IS -c "
        "\"import sys; sys.path.insert(0, sys.argv[2]); from cadvcli.manager.walk import Walk; w = Walk(sys.argv[1]); "
        'print(sum(w.steps()) and w.inodes)"'
        f" {top} {Path(__file__).parents[2]}"
    )
    done = subprocess.run(["unshare", "-m", "sh", "-c", script], capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"no mount namespace: {done.stderr.strip()}")
    # Without the mount point, the file below it, and the file that another is bound over.
    assert int(done.stdout) == expected.inodes - 3
