"""The perf events of one container: scaling, and the real kernel's counters of real groups."""

import os
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from cadvcli.collectors.perf_counters import Counted, Counter
from cadvcli.host import Host
from cadvcli.kernel.perf import Count
from cadvcli.kernel.pmu import DEVICES
from cadvcli.manager.container import Container
from cadvcli.manager.manager import Manager
from cadvcli.manager.settings import Settings
from cadvcli.model.stats import PerfStat
from cadvcli.runtimes import runtimes_for
from tests.cgroups import BUSY, Cgroups
from tests.machines import Machine
from tests.perf_events import config_file, why_not

needs_perf = pytest.mark.skipif(bool(why_not()), reason=str(why_not()))


@pytest.mark.parametrize(
    ("count", "value", "ratio"),
    [
        (Count(3, 1, (333333333,)), 999999999, 1 / 3),
        (Count(4, 2, (4,)), 8, 0.5),
        (Count(0, 2, (4,)), 4, 1),
        (Count(4, 0, (4,)), 4, 1),
    ],
)
def test_a_part_of_the_time_is_scaled_to_the_whole(count: Count, value: int, ratio: float) -> None:
    counter = Counter(("cycles",), 0)
    counter.add(count)
    assert (int(counter.values[0]), counter.ratio) == (value, pytest.approx(ratio))


def test_a_total_never_falls_when_the_share_changes() -> None:
    counter = Counter(("cycles",), 0)
    counter.add(Count(100, 10, (50,)))
    assert counter.values == [500]
    counter.add(Count(200, 110, (60,)))  # scaled as a whole that would be 109
    assert counter.values == [510]
    assert counter.ratio == 0.55


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    """A machine whose uncore PMUs are the kernel's software events."""
    machine = Machine(tmp_path)
    for number in (0, 1):
        folder = Path(f"{machine.root}{DEVICES}/uncore_soft_{number}")
        (folder / "events").mkdir(parents=True)
        (folder / "type").write_text("1\n")
        (folder / "cpumask").write_text(f"{min(os.sched_getaffinity(0))}\n")
        (folder / "events" / "clock").write_text("config=0x0\n")
        (folder / "events" / "switches").write_text("config=0x3\n")
    return machine


def sampled(host: Host, config: str, *groups: str) -> dict[str, Counted]:
    manager = Manager(host, Settings(kinds=frozenset({"perf_event"}), perf_events_config=config), runtimes_for(host))
    manager.discover()
    try:
        manager.sample()
        manager.sample()
        return {group: told(manager, manager.container(group)) for group in groups}
    finally:
        manager.close()


def told(manager: Manager, container: Container) -> Counted:
    sample = manager.latest(container)
    assert sample is not None
    return Counted(core=sample.stats.perf_stats, uncore=sample.stats.perf_uncore_stats)


@needs_perf
def test_the_root_group_has_uncore_events_and_no_other_has(machine: Machine, tmp_path: Path) -> None:
    machine.group("/a")
    config = config_file(tmp_path, uncore=["uncore_soft/clock", ["uncore_soft_1/switches", "uncore_soft_1/clock"]])
    found = sampled(machine.host, config, "/", "/a")
    assert found["/a"] == Counted()
    assert [(one.name, one.pmu, one.socket) for one in found["/"].uncore] == [
        ("clock", "uncore_soft_0", -1),
        ("clock", "uncore_soft_1", -1),
        ("switches", "uncore_soft_1", -1),
    ], "an event of two groups is told once"
    assert found["/"].uncore[0].value > 0


def test_what_can_not_be_counted_is_said_once(
    machine: Machine, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    machine.group("/a")
    machine.group("/b")
    together = ["uncore_soft/clock", "uncore_soft_1/switches"]
    config = config_file(tmp_path, ["no-such-event"], [together, "uncore_none/x"])
    assert sampled(machine.host, config, "/", "/a") == {"/": Counted(), "/a": Counted()}
    said = [record.getMessage() for record in caplog.records if "perf event" in record.getMessage()]
    assert len(said) == 3
    assert said[0].startswith("perf event no-such-event: nobody knows such an event here")
    assert said[1].endswith("a group needs one PMU that counts them all")
    assert said[2] == "perf event uncore_none/x: this machine has no PMU for it"


@pytest.mark.real
@needs_perf
def test_the_kernel_counts_a_busy_group_and_a_sleeping_one_apart(cgroups: Cgroups, tmp_path: Path) -> None:
    busy, idle = cgroups.make("busy", *BUSY), cgroups.make("idle")
    host = Host()
    config = config_file(tmp_path, ["task-clock", ["cpu-clock", "context-switches"]])
    settings = Settings(kinds=frozenset({"perf_event"}), perf_events_config=config)
    manager = Manager(host, settings, runtimes_for(host))
    manager.discover()
    before = len(os.listdir("/proc/self/fd"))
    try:
        seen: list[list[PerfStat]] = []
        while len(seen) < 2 or sum(one.value for one in seen[-1]) <= sum(one.value for one in seen[0]):
            manager.sample({busy.name, idle.name})
            seen.append(told(manager, manager.container(busy.name)).core)
        cpus = os.cpu_count() or 1
        assert [one.name for one in seen[-1]] == ["task-clock"] * cpus + ["cpu-clock", "context-switches"] * cpus
        assert {one.scaling_ratio for one in seen[-1]} == {1.0}
        assert all(new.value >= old.value for old, new in zip(seen[0], seen[-1], strict=True))
        assert sum(one.value for one in told(manager, manager.container(idle.name)).core) == 0
        cgroups.remove(idle)
        manager.sample({idle.name})
        assert manager.registry.get(idle.name) is None
    finally:
        manager.close()
    assert len(os.listdir("/proc/self/fd")) <= before


def test_the_slot_is_json() -> None:
    stat = PerfStat(scaling_ratio=1.0, value=7, name="cycles", cpu=3)
    assert msgspec.json.encode(Counted(core=[stat])) == (
        b'{"core":[{"scaling_ratio":1.0,"value":7,"name":"cycles","cpu":3}]}'
    )
