"""Samples on the wire: cAdvisor's own bytes, and zeros for what the kernel did not say."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cadvcli.model.container import ContainerInfo
from cadvcli.model.network import InterfaceStats, NetworkStats, TcpAdvancedStat, TcpStat, UdpStat
from cadvcli.model.stats import (
    AcceleratorStats,
    ContainerStats,
    CpuCFS,
    CpuSchedstat,
    CPUSetStats,
    CpuStats,
    CpuUsage,
    DiskIoStats,
    FsStats,
    Health,
    HugetlbStats,
    LoadStats,
    MemoryEvents,
    MemoryNumaStats,
    MemoryStats,
    MemoryStatsMemoryData,
    PerDiskStats,
    PerfStat,
    PerfUncoreStat,
    ProcessStats,
    PSIData,
    PSIStats,
    ResctrlStats,
)
from cadvcli.model.v2 import cpu_inst, spec_from_v1
from cadvcli.web.go import encode
from cadvcli.web.wire import sections, v1_sample, v2_sample

#: One container with two samples, as cAdvisor's own code wrote it at each endpoint.
CONVERSION: dict[str, str] = json.loads((Path(__file__).parent / "conversion.json").read_text())


@pytest.fixture
def container() -> ContainerInfo:
    """The container of the vectors."""
    return msgspec.json.decode(CONVERSION["v1"], type=ContainerInfo)


def test_v1_samples_are_cadvisors_byte_for_byte(container: ContainerInfo):
    expected = CONVERSION["v1"].partition('"stats":[')[2].removesuffix("]}")
    health = b'"health":' + encode(container.stats[0].health)
    written = [v1_sample(sample.timestamp, health, sections(sample)) for sample in container.stats]
    assert b",".join(written).decode() == expected


def test_v2_samples_are_cadvisors_byte_for_byte(container: ContainerInfo):
    expected = CONVERSION["v2.1"].partition('"stats":[')[2].removesuffix("]}}")
    first, second = container.stats
    inst = cpu_inst(first.cpu.usage, second.cpu.usage, 1_000_000_000)
    written = [
        v2_sample(first.timestamp, container.spec, sections(first), None),
        v2_sample(second.timestamp, container.spec, sections(second), inst),
    ]
    assert b",".join(written).decode() == expected


def test_the_v2_spec_is_cadvisors_byte_for_byte(container: ContainerInfo):
    spec = spec_from_v1(container.spec, container.aliases, container.namespace)
    assert encode({container.name: spec}).decode() == CONVERSION["spec"]


def test_what_the_spec_does_not_have_stays_off_v2(container: ContainerInfo):
    spec = msgspec.structs.replace(
        container.spec,
        has_cpu=False,
        has_memory=False,
        has_hugetlb=False,
        has_network=False,
        has_processes=False,
        has_filesystem=False,
        has_diskio=False,
    )
    sample = v2_sample("T", spec, sections(container.stats[0]), None)
    assert json.loads(sample) == {"timestamp": "T", "resctrl": {}}


def test_a_sample_without_huge_pages_says_null_on_v2_where_the_spec_has_them(container: ContainerInfo):
    bare = msgspec.structs.replace(container.stats[0], hugetlb={})
    assert json.loads(v2_sample("T", container.spec, sections(bare), None))["hugetlb"] is None


def test_two_filesystems_are_none_on_v2(container: ContainerInfo):
    twice = msgspec.structs.replace(container.stats[0], filesystem=container.stats[0].filesystem * 2)
    assert "filesystem" not in json.loads(v2_sample("T", container.spec, sections(twice), None))


# Names that look like the JSON around them.
hostile = st.sampled_from(
    ['":null', 'a":null', '\\":null', ":null", "null", '"psi":', '{"psi":{"a":0.0,', ".0,", ".0}", '":0.0}', "<&>", "é"]
) | st.text(alphabet='":nul\\.0,}', max_size=12)
digit = st.integers(0, 9)
count = st.none() | st.sampled_from([0, 1, 18446744073709551615])
average = st.none() | st.sampled_from([0.0, 0.05, 10.0, 99.99, 100.0])
psi_data = st.builds(PSIData, total=count, avg10=average, avg60=average, avg300=average)
psi = st.builds(PSIStats, full=psi_data, some=psi_data)
cpu = st.builds(
    CpuStats,
    usage=st.builds(CpuUsage, total=count, per_cpu_usage=st.lists(digit, max_size=2), user=count, system=count),
    cfs=st.builds(CpuCFS, periods=count, throttled_time=count),
    schedstat=st.builds(CpuSchedstat, run_time=count),
    psi=psi,
)
numa = st.builds(MemoryNumaStats, file=st.dictionaries(st.integers(0, 3), digit, max_size=2))
faults = st.builds(MemoryStatsMemoryData, pgfault=count, pgmajfault=count, numa_stats=numa)
memory = st.builds(
    MemoryStats,
    usage=count,
    swap=count,
    container_data=faults,
    hierarchical_data=faults,
    psi=psi,
    events=st.builds(MemoryEvents, high=count, max=count),
)
disks = st.lists(
    st.builds(
        PerDiskStats,
        device=hostile,
        major=st.just(8),
        minor=st.just(0),
        stats=st.dictionaries(hostile, digit, max_size=2),
    ),
    max_size=2,
)
diskio = st.builds(DiskIoStats, io_service_bytes=disks, io_cost_usage=disks, psi=psi)
traffic = dict.fromkeys(InterfaceStats.__struct_fields__[1:], digit)
network = st.builds(
    NetworkStats,
    name=hostile,
    **traffic,
    interfaces=st.lists(st.builds(InterfaceStats, name=hostile, **traffic), max_size=2),
    tcp=st.builds(TcpStat, Established=count),
    tcp6=st.just(TcpStat()),
    udp=st.builds(UdpStat, Listen=count),
    udp6=st.just(UdpStat()),
    tcp_advanced=st.builds(TcpAdvancedStat, MaxConn=st.sampled_from([None, -1])),
)
filesystem = st.builds(FsStats, device=hostile, type=hostile, **dict.fromkeys(FsStats.__struct_fields__[2:], count))
stats = st.builds(
    ContainerStats,
    timestamp=st.just("2026-11-23T18:28:37Z"),
    cpu=cpu,
    diskio=st.none() | diskio,
    memory=memory,
    hugetlb=st.dictionaries(hostile, st.builds(HugetlbStats, usage=digit, failcnt=count), max_size=2),
    network=st.none() | network,
    filesystem=st.lists(filesystem, max_size=2),
    task_stats=st.just(LoadStats()),
    processes=st.none()
    | st.builds(ProcessStats, process_count=count, fd_count=count, socket_count=count, threads_max=count),
    accelerators=st.lists(
        st.builds(
            AcceleratorStats, make=hostile, model=hostile, id=hostile, memory_total=count, memory_used=count,
            duty_cycle=count,
        ),
        max_size=2,
    ),
    perf_stats=st.lists(
        st.builds(PerfStat, name=hostile, value=digit, scaling_ratio=st.just(1.0), cpu=digit), max_size=2
    ),
    perf_uncore_stats=st.lists(
        st.builds(
            PerfUncoreStat, name=hostile, value=digit, scaling_ratio=st.just(0.5), socket=st.just(-1), pmu=hostile
        ),
        max_size=1,
    ),
    referenced_memory=count,
    resctrl=st.just(ResctrlStats()),
    cpuset=st.just(CPUSetStats()),
    oom_events=count,
    health=st.builds(Health, status=hostile),
)


def zeroed(value: Any) -> Any:
    """The plain value with 0 for None, as the wire has it."""
    if isinstance(value, dict):
        return {str(key): zeroed(item) for key, item in value.items()}
    if isinstance(value, list):
        return [zeroed(item) for item in value]
    return 0 if value is None else value


@settings(max_examples=50)
@given(stats)
def test_only_absent_numbers_become_zero_whatever_the_names(sample: ContainerStats):
    expected = zeroed(msgspec.to_builtins(sample, str_keys=True))
    for optional in ("referenced_memory", "oom_events"):
        if not expected.get(optional):
            expected.pop(optional, None)
    for optional in ("threads_current", "threads_max"):
        if "processes" in expected and not expected["processes"].get(optional):
            expected["processes"].pop(optional, None)
    written = v1_sample(sample.timestamp, b'"health":' + encode(sample.health), sections(sample))
    assert json.loads(written) == expected
    assert list(json.loads(written)) == [key for key in ContainerStats.__struct_fields__ if key in expected]


@settings(max_examples=50)
@given(stats)
def test_a_v2_sample_is_json_whatever_the_names(sample: ContainerStats):
    spec = msgspec.json.decode(CONVERSION["v1"], type=ContainerInfo).spec
    written = json.loads(v2_sample(sample.timestamp, spec, sections(sample), None))
    assert written["cpu"] == zeroed(msgspec.to_builtins(sample.cpu))
    assert ("network" in written) == (sample.network is not None)
    assert ("filesystem" in written) == (len(sample.filesystem) == 1)
