"""Kind ``hugetlb``."""

from pathlib import Path
from typing import Any, cast

from cadvcli.collectors.hugetlb import Hugetlb
from cadvcli.kernel.cgroup import Cgroup, read_hierarchies
from cadvcli.manager.plan import Plan
from cadvcli.model.stats import HugetlbStats
from tests.machines import Machine

SIZES = ("hugepages-1048576kB", "hugepages-2048kB")


class Group:
    """A group as a source sees it."""

    def __init__(self, machine: Machine) -> None:
        self.host = machine.host
        self.cgroup = Cgroup(machine.host, read_hierarchies(machine.host), "/a")


def slots_of(machine: Machine) -> tuple[bytes | None]:
    for size in SIZES:
        (machine.root / "sys/kernel/mm/hugepages" / size).mkdir(parents=True)
    (source,) = Hugetlb.v2
    assert source.read is not None
    return (source.read(cast("Any", Group(machine))),)


def test_reservations_count_where_the_kernel_counts_them(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    files = {"2MB.current": "0\n", "2MB.rsvd.current": "2097152\n", "2MB.events": "max 3\n", "1GB.current": "0\n"}
    machine.group("/a", {f"hugetlb.{name}": text for name, text in files.items()})
    stats = Plan({"hugetlb"}, 2).decode(slots_of(machine), "/a")
    assert stats.hugetlb == {
        "2MB": HugetlbStats(usage=2097152, max_usage=None, failcnt=3),
        "1GB": HugetlbStats(usage=0, max_usage=None, failcnt=None),
    }


def test_a_group_without_the_controller_has_none(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    machine.group("/a", {})
    assert Plan({"hugetlb"}, 2).decode(slots_of(machine), "/a").hugetlb == {}


def test_v1_keeps_a_maximum() -> None:
    stats = Plan({"hugetlb"}, 1).decode((b"2MB\n4194304\n6291456\n2\n",), "/a")
    assert stats.hugetlb == {"2MB": HugetlbStats(usage=4194304, max_usage=6291456, failcnt=2)}
    rows = {family.name: list(family.rows(stats)) for family in Hugetlb.families if family.rows}
    assert rows["container_hugetlb_max_usage_bytes"] == [(("2MB",), 6291456)]


def test_a_file_that_is_missing_on_v1_is_absent() -> None:
    stats = Plan({"hugetlb"}, 1).decode((b"2MB\n4194304\n\n2\n",), "/a")
    assert stats.hugetlb == {"2MB": HugetlbStats(usage=4194304, max_usage=None, failcnt=2)}
