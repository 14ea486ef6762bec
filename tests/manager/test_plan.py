"""Which sources the kinds want, and how a Reading becomes a sample."""

import logging

import pytest

from cadvcli.collectors import kinds
from cadvcli.kernel.cgroup import Version
from cadvcli.manager.history import Slots
from cadvcli.manager.plan import Plan

PRESSURE = b"some avg10=%d.00 avg60=0.00 avg300=0.00 total=%d\n"


def plan_of(chosen: str, version: Version = 2) -> Plan:
    return Plan(frozenset(chosen.split()), version)


def slots(plan: Plan, **files: bytes) -> Slots:
    """The slots of these files, named with ``_`` for the dot and ``__`` for the underscore."""
    named = {name.replace("__", "\0").replace("_", ".").replace("\0", "_"): text for name, text in files.items()}
    assert named.keys() <= {source.name for source in plan.sources}
    return tuple(named.get(source.name) for source in plan.sources)


@pytest.mark.parametrize(("version", "first"), [(1, ("cpuacct.usage", "cpu.stat")), (2, ("cpu.stat",))])
def test_the_cpus_time_is_read_first_and_what_is_no_file_last(version: Version, first: tuple[str, ...]) -> None:
    plan = Plan(frozenset(kinds()), version)
    names = [source.name for source in plan.sources]
    assert set(names[: len(first)]) == set(first)
    probes = [not source.is_file for source in plan.sources]
    assert probes == sorted(probes)


@pytest.mark.parametrize("version", [1, 2])
def test_a_source_that_kinds_share_is_read_once(version: Version) -> None:
    plan = Plan(frozenset(kinds()), version)
    names = [source.name for source in plan.sources]
    assert len(set(names)) == len(names)
    both = plan.decode(slots(plan, pids_current=b"5\n"), "/a").processes
    assert both is not None
    assert both.threads_current == 5


def test_only_the_files_of_the_enabled_kinds_are_read() -> None:
    assert [source.name for source in plan_of("cpu").sources] == ["cpu.stat"]
    assert plan_of("percpu").sources == ()
    assert plan_of("percpu").decode((), "/a").cpu.usage.per_cpu_usage == []


def test_a_malformed_file_costs_its_kind_alone_and_is_said_once(caplog: pytest.LogCaptureFixture) -> None:
    plan = plan_of("cpu memory pids")
    files = {"cpu_stat": b"usage_usec 5\n", "memory_current": b"7\n", "memory_stat": b"anon\n", "pids_current": b"3\n"}
    malformed = slots(plan, **files)
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            stats = plan.decode(malformed, "/a", lambda file: "/sys/fs/cgroup/a/" + file)
    assert stats.processes is not None
    assert (stats.cpu.usage.total, stats.processes.threads_current) == (5000, 3)
    assert (stats.memory.usage, stats.memory.rss) == (7, None)
    (record,) = caplog.records
    assert record.getMessage() == (
        "/a: memory figures are incomplete: /sys/fs/cgroup/a/memory.stat:1: 'anon' is no 'key number'"
    )


def test_it_is_said_of_each_group_and_kind_and_anew_after_the_group_has_gone(caplog: pytest.LogCaptureFixture) -> None:
    plan = plan_of("cpu memory")
    bad_cpu, bad_memory = slots(plan, cpu_stat=b"x\n"), slots(plan, memory_stat=b"x\n")
    for group, bad in (("/a", bad_cpu), ("/b", bad_cpu), ("/a", bad_memory), ("/a", bad_cpu)):
        plan.decode(bad, group)
    assert len(caplog.records) == 3
    plan.forget("/a")
    plan.forget("/never/heard/of")
    plan.decode(bad_cpu, "/a")
    assert len(caplog.records) == 4


def test_the_same_bytes_are_no_change() -> None:
    plan = plan_of("cpu memory")
    one = slots(plan, cpu_stat=b"usage_usec 5\n")
    assert not plan.changed(one, slots(plan, cpu_stat=b"usage_usec 5\n"))
    assert plan.changed(one, slots(plan, cpu_stat=b"usage_usec 6\n"))
    assert plan.changed(one, slots(plan))
    assert plan.changed(slots(plan), one)


def test_averages_of_pressure_that_fade_are_no_change() -> None:
    plan = plan_of("cpu pressure")
    before = slots(plan, cpu_stat=b"usage_usec 5\n", cpu_pressure=PRESSURE % (9, 100), io_pressure=PRESSURE % (9, 100))
    faded = slots(plan, cpu_stat=b"usage_usec 5\n", cpu_pressure=PRESSURE % (8, 100), io_pressure=PRESSURE % (8, 100))
    stalled = slots(plan, cpu_stat=b"usage_usec 5\n", cpu_pressure=PRESSURE % (8, 100), io_pressure=PRESSURE % (9, 101))
    assert before != faded
    assert not plan.changed(before, faded)
    assert plan.changed(before, stalled)
    assert plan.changed(before, slots(plan, cpu_stat=b"usage_usec 5\n"))


def test_a_change_of_network_counters_counts() -> None:
    plan = plan_of("network")
    assert plan.changed((b"eth0: 1",), (b"eth0: 2",))


def test_devices_are_named_by_whoever_knows_them() -> None:
    plan = Plan(frozenset({"diskIO"}), 2, lambda major, minor: f"/dev/of-{major}-{minor}")
    stats = plan.decode((b"254:1 rbytes=5\n",), "/a")
    assert stats.diskio is not None
    assert [disk.device for disk in stats.diskio.io_service_bytes] == ["/dev/of-254-1"]
