"""kernel/cgroup.py: which hierarchies there are, one group's files, and the tree of groups."""

import os
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadvcli.errors import HostError, ParseError, PermissionDenied
from cadvcli.host import Host
from cadvcli.kernel.cgroup import (
    Cgroup,
    Hierarchies,
    children,
    list_cgroups,
    parse_proc_cgroup,
    read_hierarchies,
)
from tests.conftest import MakeHost

V2 = Hierarchies(2, {}, "/sys/fs/cgroup")
V1 = Hierarchies(
    1,
    {
        "memory": "/sys/fs/cgroup/memory",
        "cpu": "/sys/fs/cgroup/cpu,cpuacct",
        "cpuacct": "/sys/fs/cgroup/cpu,cpuacct",
        "pids": "/sys/fs/cgroup/pids",
    },
    None,
)
HYBRID = Hierarchies(1, V1.mounts, "/sys/fs/cgroup/unified")


def mounts(*rows: tuple[str, str, str]) -> str:
    """A mountinfo with a root file system and these: mount point, type, options of the file system."""
    lines = ["22 1 254:1 / / rw,relatime - ext4 /dev/vda1 rw"]
    for number, (at, kind, options) in enumerate(rows, 30):
        lines.append(f"{number} 22 0:{number} / {at} rw - {kind} cgroup {options}")
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize(
    ("rows", "mode", "roots"),
    [
        ([("/sys/fs/cgroup", "cgroup2", "rw,nsdelegate")], "v2", ("/sys/fs/cgroup",)),
        (
            [
                ("/sys/fs/cgroup/systemd", "cgroup", "rw,xattr,name=systemd"),
                ("/sys/fs/cgroup/cpu,cpuacct", "cgroup", "rw,cpu,cpuacct"),
                ("/sys/fs/cgroup/memory", "cgroup", "rw,memory"),
            ],
            "v1",
            ("/sys/fs/cgroup/memory", "/sys/fs/cgroup/cpu,cpuacct"),
        ),
        (
            [("/sys/fs/cgroup/memory", "cgroup", "rw,memory"), ("/sys/fs/cgroup/unified", "cgroup2", "rw")],
            "hybrid",
            ("/sys/fs/cgroup/memory",),
        ),
        # Docker in Docker: the first mount of each is the machine's own.
        (
            [("/sys/fs/cgroup", "cgroup2", "rw"), ("/var/lib/docker/x/sys/fs/cgroup", "cgroup2", "rw")],
            "v2",
            ("/sys/fs/cgroup",),
        ),
        ([("/cg", "cgroup2", "rw")], "v2", ("/cg",)),
        # Somebody's lone v1 controller beside it.
        ([("/sys/fs/cgroup", "cgroup2", "rw"), ("/mnt/hugetlb", "cgroup", "rw,hugetlb")], "v2", ("/sys/fs/cgroup",)),
    ],
)
def test_the_hierarchies_of_a_machine(
    host: MakeHost, rows: list[tuple[str, str, str]], mode: str, roots: tuple[str, ...]
) -> None:
    found = read_hierarchies(host({"/proc/1/mountinfo": mounts(*rows)}))
    assert (found.mode, found.roots) == (mode, roots)
    assert found.version == (2 if mode == "v2" else 1)


def test_two_controllers_in_one_mount_share_it(host: MakeHost) -> None:
    found = read_hierarchies(host({"/proc/1/mountinfo": mounts(("/cg/cpu,cpuacct", "cgroup", "rw,cpu,cpuacct"))}))
    assert found.mounts == {"cpu": "/cg/cpu,cpuacct", "cpuacct": "/cg/cpu,cpuacct"}


def test_in_a_container_our_own_mounts_are_known_without_the_prefix(tmp_path: Path) -> None:
    host = Host(str(tmp_path))
    (tmp_path / "proc/self").mkdir(parents=True)
    text = mounts((f"{tmp_path}/sys/fs/cgroup", "cgroup2", "rw"))
    (tmp_path / "proc/self/mountinfo").write_text(text)
    assert read_hierarchies(host).unified == "/sys/fs/cgroup"


def test_a_machine_without_cgroups_says_so(host: MakeHost) -> None:
    with pytest.raises(HostError, match="no cgroup file system is mounted"):
        read_hierarchies(host({"/proc/1/mountinfo": mounts()}))
    with pytest.raises(HostError, match="is /proc mounted"):
        read_hierarchies(host({"/proc/1/mountinfo": ""}))


def test_a_malformed_mount_of_a_cgroup_is_named_with_its_line(host: MakeHost) -> None:
    text = mounts(("/a", "tmpfs", "rw")) + "x 22 0:9 / /sys/fs/cgroup rw - cgroup2 cgroup rw\n"
    with pytest.raises(ParseError, match=r"^/proc/1/mountinfo:3: "):
        read_hierarchies(host({"/proc/1/mountinfo": text}))


@pytest.mark.parametrize(
    ("hierarchies", "file", "path"),
    [
        (V2, "memory.current", "/sys/fs/cgroup/a/b/memory.current"),
        (V2, "cgroup.procs", "/sys/fs/cgroup/a/b/cgroup.procs"),
        (V2, "unified:cpu.pressure", "/sys/fs/cgroup/a/b/cpu.pressure"),
        (V1, "memory.usage_in_bytes", "/sys/fs/cgroup/memory/a/b/memory.usage_in_bytes"),
        (V1, "cpuacct.usage", "/sys/fs/cgroup/cpu,cpuacct/a/b/cpuacct.usage"),
        (V1, "cpu.stat", "/sys/fs/cgroup/cpu,cpuacct/a/b/cpu.stat"),
        (V1, "cgroup.procs", "/sys/fs/cgroup/cpu,cpuacct/a/b/cgroup.procs"),
        (V1, "blkio.time_recursive", None),
        (V1, "unified:cpu.pressure", None),
        (HYBRID, "unified:cpu.pressure", "/sys/fs/cgroup/unified/a/b/cpu.pressure"),
    ],
)
def test_where_a_file_of_a_group_lies(host: MakeHost, hierarchies: Hierarchies, file: str, path: str | None) -> None:
    assert Cgroup(host({}), hierarchies, "/a/b").path(file) == path


def test_the_root_group_is_the_mount_itself(host: MakeHost) -> None:
    root = Cgroup(host({"/sys/fs/cgroup/cpu.stat": "usage_usec 5\n"}), V2, "/")
    assert root.is_root
    assert root.read("cpu.stat") == b"usage_usec 5\n"
    assert root.read("memory.current") is None


def test_a_v1_group_exists_while_any_tree_has_it(host: MakeHost) -> None:
    machine = host({"/sys/fs/cgroup/pids/a/pids.max": "5\n", "/sys/fs/cgroup/memory/memory.stat": ""})
    assert Cgroup(machine, V1, "/a").exists()
    assert not Cgroup(machine, V1, "/b").exists()
    assert list_cgroups(machine, V1) == {"/", "/a"}


@pytest.mark.parametrize("hierarchies", [V1, V2])
def test_processes_of_a_group_and_of_those_below(host: MakeHost, hierarchies: Hierarchies) -> None:
    tree = "/sys/fs/cgroup" if hierarchies is V2 else "/sys/fs/cgroup/cpu,cpuacct"
    machine = host(
        {
            f"{tree}/a/cgroup.procs": "",
            f"{tree}/a/container/cgroup.procs": "11\n12\n",
            f"{tree}/a/container/deep/cgroup.procs": "13\n",
            f"{tree}/ab/cgroup.procs": "99\n",
        }
    )
    group = Cgroup(machine, hierarchies, "/a")
    assert group.procs() == []
    assert sorted(group.all_procs()) == [11, 12, 13]
    assert Cgroup(machine, hierarchies, "/gone").all_procs() == []


def test_a_threaded_group_has_threads_only(host: MakeHost) -> None:
    machine = host({"/sys/fs/cgroup/a/cgroup.threads": "21\n22\n"})
    assert Cgroup(machine, V2, "/a").procs() == [21, 22]


def test_malformed_processes_are_named_with_path_and_line(host: MakeHost) -> None:
    machine = host({"/sys/fs/cgroup/a/cgroup.procs": "1\nx\n"})
    with pytest.raises(ParseError, match=r"^/sys/fs/cgroup/a/cgroup\.procs:2: 'x' is no number$"):
        Cgroup(machine, V2, "/a").procs()


def test_all_groups_of_all_trees_are_listed(host: MakeHost) -> None:
    machine = host(
        {
            "/sys/fs/cgroup/memory/docker/x/memory.stat": "",
            "/sys/fs/cgroup/cpu,cpuacct/docker/x/cpu.stat": "",
            "/sys/fs/cgroup/pids/user/pids.max": "",
        }
    )
    assert list_cgroups(machine, V1) == {"/", "/docker", "/docker/x", "/user"}
    assert children(Cgroup(machine, V1, "/")) == ["/docker", "/user"]
    assert children(Cgroup(machine, V1, "/docker")) == ["/docker/x"]


def test_names_of_groups_may_be_anything(host: MakeHost, tmp_path: Path) -> None:
    machine = host({"/sys/fs/cgroup/cgroup.procs": ""})
    names = [b"new\nline", b"\xff\xfe", b"a b", b"x" * 255, "ä".encode()]
    for name in names:
        os.mkdir(os.fsencode(machine.path("/sys/fs/cgroup/")) + name)
    assert list_cgroups(machine, V2) == {"/", *("/" + os.fsdecode(name) for name in names)}


def test_links_in_the_tree_are_no_groups(host: MakeHost) -> None:
    machine = host({"/sys/fs/cgroup/a/cpu.stat": ""})
    os.symlink("..", machine.path("/sys/fs/cgroup/a/loop"))
    os.symlink("a", machine.path("/sys/fs/cgroup/b"))
    assert list_cgroups(machine, V2) == {"/", "/a"}


class Closed(Host):
    """A machine on which one group may not be listed."""

    def subdirs(self, path: str) -> list[str] | None:
        if path.endswith("/closed"):
            raise PermissionDenied(path, "Permission denied")
        return super().subdirs(path)


def test_a_group_that_may_not_be_listed_hides_what_is_below_alone(host: MakeHost) -> None:
    machine = host({"/sys/fs/cgroup/closed/inner/cpu.stat": "", "/sys/fs/cgroup/open/inner/cpu.stat": ""})
    assert list_cgroups(Closed(machine.root), V2) == {"/", "/closed", "/open", "/open/inner"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (b"0::/system.slice/docker-3f.scope\n", {"": "/system.slice/docker-3f.scope"}),
        (
            b"9:name=systemd:/docker/3f\n4:cpu,cpuacct:/docker/3f\n0::/\n",
            {"name=systemd": "/docker/3f", "cpu": "/docker/3f", "cpuacct": "/docker/3f", "": "/"},
        ),
        (b"0::/a:b/\xff\n", {"": "/a:b/\udcff"}),
        (b"", {}),
    ],
)
def test_the_groups_of_a_process(text: bytes, found: dict[str, str]) -> None:
    assert parse_proc_cgroup(text, "/proc/7/cgroup") == found


def test_a_line_without_group_is_named() -> None:
    with pytest.raises(ParseError, match=r"^/proc/7/cgroup:2: "):
        parse_proc_cgroup(b"0::/\n1:cpu\n", "/proc/7/cgroup")


@given(st.binary(max_size=80))
def test_any_bytes_give_groups_or_a_parse_error(text: bytes) -> None:
    with suppress(ParseError):
        parse_proc_cgroup(text, "f")
