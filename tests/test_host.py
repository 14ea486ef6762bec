"""The one way to the machine's files."""

import errno
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from cadvcli.errors import HostError, PermissionDenied
from cadvcli.host import ABSENT, DENIED, PAGE, Host, machine_root, read_to_end, refused
from tests.conftest import MakeHost

ASKING: list[tuple[str, Callable[[Host, str], Any]]] = [
    ("read", Host.read),
    ("record", Host.record),
    ("text", Host.text),
    ("listdir", Host.listdir),
    ("subdirs", Host.subdirs),
    ("readlink", Host.readlink),
    ("statvfs", Host.statvfs),
    ("stat", Host.stat),
    ("keep", Host.keep),
    ("keep_dir", Host.keep_dir),
]
BY_NAME = pytest.mark.parametrize("ask", [ask for _, ask in ASKING], ids=[name for name, _ in ASKING])


@BY_NAME
def test_what_is_not_there_is_none(host: MakeHost, ask: Callable[[Host, str], Any]) -> None:
    assert ask(host({"/proc/stat": ""}), "/proc/nothing") is None
    assert ask(host({"/proc/stat": ""}), "/proc/stat/below/a/file") is None


@BY_NAME
def test_other_failures_name_the_path_as_the_machine_does(host: MakeHost, ask: Callable[[Host, str], Any]) -> None:
    machine = host({"/proc/stat": ""})
    os.symlink("loop", machine.path("/proc/loop"))
    with pytest.raises(HostError, match=r"^/proc/loop/x: Too many levels of symbolic links$"):
        ask(machine, "/proc/loop/x")
    with pytest.raises(HostError, match=r"^/x+: File name too long$"):
        ask(machine, "/" + "x" * 300)


@contextmanager
def ordinary_user() -> Iterator[None]:
    """As an ordinary user, also where root runs the tests."""
    before = os.geteuid()
    os.seteuid(before or 65534)
    try:
        yield
    finally:
        os.seteuid(before)


@BY_NAME
def test_what_this_user_may_not_see_is_denied(host: MakeHost, ask: Callable[[Host, str], Any]) -> None:
    machine = host({"/closed/inner/file": "secret"})
    os.chmod(machine.path("/closed"), 0)
    with ordinary_user(), pytest.raises(PermissionDenied, match=r"^/closed/inner/file: Permission denied$"):
        ask(machine, "/closed/inner/file")
    os.chmod(machine.path("/closed"), 0o700)


@pytest.mark.parametrize("number", sorted(ABSENT))
def test_errors_of_what_went_away_are_no_errors(number: int) -> None:
    refused("/a", OSError(number, "gone"))


@pytest.mark.parametrize("number", sorted(DENIED))
def test_errors_of_permission_are_told_apart(number: int) -> None:
    with pytest.raises(PermissionDenied) as caught:
        refused("/a", OSError(number, "no"))
    assert caught.value.path == "/a"


def test_an_error_of_the_disk_is_an_error() -> None:
    with pytest.raises(HostError, match=r"^/a: Input/output error$") as caught:
        refused("/a", OSError(errno.EIO, "bad"))
    assert not isinstance(caught.value, PermissionDenied)
    with pytest.raises(HostError, match=r"^/a: odd$"):
        refused("/a", OSError("odd"))


def test_paths_are_below_the_root(tmp_path: Path) -> None:
    assert Host().path("/proc/stat") == "/proc/stat"
    assert Host("/").root == Host("//").root == "/"
    assert Host("/rootfs/").path("/proc/stat") == "/rootfs/proc/stat"
    (tmp_path / "file").write_text("x")
    assert Host(str(tmp_path)).read("/file") == b"x"


@pytest.mark.parametrize("size", [0, 1, PAGE - 1, PAGE, PAGE + 1, 16 * PAGE, 40 * PAGE + 7])
def test_files_of_any_length_are_read_whole(host: MakeHost, size: int) -> None:
    content = os.urandom(size)
    machine = host({"/file": content})
    assert machine.read("/file") == content
    assert machine.record("/file") == content
    kept = machine.keep("/file")
    assert kept is not None
    try:
        assert read_to_end(kept) == content
        assert read_to_end(kept) == content, "again from the start"
    finally:
        os.close(kept)


def test_text_comes_without_what_surrounds_it(host: MakeHost) -> None:
    machine = host({"/name": b"  caf\xc3\xa9 \xff\n", "/model": b"Board\0", "/empty": b"\n"})
    assert machine.text("/name") == "caf\N{LATIN SMALL LETTER E WITH ACUTE} \udcff"
    assert machine.text("/model") == "Board"
    assert machine.text("/empty") == ""


def test_directories_files_and_links_are_told_apart(host: MakeHost) -> None:
    machine = host({"/d/inner/file": "", "/d/file": ""})
    os.symlink("inner", machine.path("/d/link"))
    os.symlink("/nowhere", machine.path("/d/dangling"))
    assert sorted(machine.listdir("/d") or ()) == ["dangling", "file", "inner", "link"]
    assert machine.subdirs("/d") == ["inner"]
    assert machine.readlink("/d/dangling") == "/nowhere"
    assert machine.readlink("/d/file") is None, "no link"
    assert machine.exists("/d/link")
    assert not machine.exists("/d/dangling")


def test_sizes_and_times_come_from_the_system(host: MakeHost) -> None:
    machine = host({"/d/file": "four"})
    size, volume = machine.stat("/d/file"), machine.statvfs("/d")
    assert size is not None
    assert volume is not None
    assert size.st_size == 4
    assert volume.f_blocks == os.statvfs(machine.path("/d")).f_blocks


def test_kept_descriptors_are_not_inherited(host: MakeHost) -> None:
    machine = host({"/d/file": "x"})
    for kept in (machine.keep("/d/file"), machine.keep_dir("/d")):
        assert kept is not None
        assert not os.get_inheritable(kept)
        os.close(kept)
    assert machine.keep_dir("/d/file") is None, "no directory"


def test_a_socket_is_nothing_to_read(host: MakeHost, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    machine = host({"/x": ""})
    monkeypatch.chdir(tmp_path / "host")  # a socket's path may have 107 bytes
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("s")
        assert machine.read("/s") is None


def test_a_switch_that_is_there_is_written_to_and_another_is_not_made(host: MakeHost):
    machine = host({"/proc/7/clear_refs": ""})
    assert machine.write("/proc/7/clear_refs", b"1")
    assert machine.read("/proc/7/clear_refs") == b"1"
    assert not machine.write("/proc/8/clear_refs", b"1")
    assert not machine.exists("/proc/8")


def test_the_machines_root_is_where_cadvisors_container_has_it_else_our_own(tmp_path: Path) -> None:
    assert machine_root(str(tmp_path / "rootfs")) == "/"
    (tmp_path / "rootfs/proc/1").mkdir(parents=True)
    assert machine_root(str(tmp_path / "rootfs")) == str(tmp_path / "rootfs")
