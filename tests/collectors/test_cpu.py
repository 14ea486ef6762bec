"""Kind ``cpu``."""

import pytest

from cadvcli.collectors.cpu import Cpu
from cadvcli.kernel.cgroup import Version
from cadvcli.model.container import ContainerSpec, CpuSpec, MemorySpec, ProcessSpec
from cadvcli.model.stats import CpuCFS, CpuUsage
from tests.decoding import complaint, decoded, family, rows, value

V1 = {
    "cpuacct.usage": b"25723258\n",
    "cpuacct.stat": b"user 3\nsystem 2\n",
    "cpu.stat": b"nr_periods 7\nnr_throttled 4\nthrottled_time 2500000001\nnr_bursts 2\nburst_time 1500000000\n",
}
V2 = {
    "cpu.stat": b"usage_usec 2500000\nuser_usec 1500000\nsystem_usec 1000000\ncore_sched.force_idle_usec 0\n"
    b"nr_periods 7\nnr_throttled 4\nthrottled_usec 2500001\nnr_bursts 2\nburst_usec 1500000\n"
}


def test_v1_counts_nanoseconds_and_ticks_of_ten_milliseconds() -> None:
    cpu = decoded("cpu", 1, V1).cpu
    assert cpu.usage == CpuUsage(total=25723258, user=30_000_000, system=20_000_000)
    assert cpu.cfs == CpuCFS(
        periods=7, throttled_periods=4, throttled_time=2500000001, bursts_periods=2, burst_time=1500000000
    )


def test_v2_counts_microseconds() -> None:
    cpu = decoded("cpu", 2, V2).cpu
    assert cpu.usage == CpuUsage(total=2_500_000_000, user=1_500_000_000, system=1_000_000_000)
    assert cpu.cfs == CpuCFS(
        periods=7, throttled_periods=4, throttled_time=2500001000, bursts_periods=2, burst_time=1500000000
    )


def test_where_the_cpu_controller_is_off_throttling_is_absent() -> None:
    cpu = decoded("cpu", 2, {"cpu.stat": b"usage_usec 5\nuser_usec 3\nsystem_usec 2\n"}).cpu
    assert cpu.usage.total == 5000
    assert cpu.cfs == CpuCFS()


@pytest.mark.parametrize("version", [1, 2])
def test_without_files_everything_is_absent(version: Version) -> None:
    cpu = decoded("cpu", version, {}).cpu
    assert cpu.usage == CpuUsage(total=None, user=None, system=None)
    assert cpu.cfs == CpuCFS()


@pytest.mark.parametrize(
    ("version", "files", "message"),
    [
        (1, {"cpuacct.usage": b"x\n"}, "cpuacct.usage:1: 'x' is no number"),
        (1, {"cpuacct.stat": b"user 1\nsystem\n"}, "cpuacct.stat:2: 'system' is no 'key number'"),
        (1, {"cpu.stat": b"nr_periods\n"}, "cpu.stat:1: 'nr_periods' is no 'key number'"),
        (2, {"cpu.stat": b"usage_usec 5\nuser_usec many\n"}, "cpu.stat:2: 'user_usec many' is no 'key number'"),
    ],
)
def test_malformed_files_are_named(version: Version, files: dict[str, bytes], message: str) -> None:
    assert complaint("cpu", version, files) == message


def test_metrics_are_in_seconds() -> None:
    stats = decoded("cpu", 2, V2)
    assert value("container_cpu_user_seconds_total", stats) == 1.5
    assert value("container_cpu_system_seconds_total", stats) == 1.0
    assert rows("container_cpu_usage_seconds_total", stats) == {"total": 2.5}
    assert value("container_cpu_cfs_periods_total", stats) == 7
    assert value("container_cpu_cfs_throttled_periods_total", stats) == 4
    assert value("container_cpu_cfs_throttled_seconds_total", stats) == 2.500001
    assert value("container_cpu_cfs_burst_periods_total", stats) == 2
    assert value("container_cpu_cfs_burst_seconds_total", stats) == 1.5


def test_usage_is_split_by_cpu_where_the_kernel_counts_it_so() -> None:
    stats = decoded("cpu percpu", 1, {**V1, "cpuacct.usage_percpu": b"1500000000 0 2500000000 \n"})
    assert rows("container_cpu_usage_seconds_total", stats) == {"cpu00": 1.5, "cpu02": 2.5}


def test_a_group_that_never_ran_has_no_usage_rows() -> None:
    assert rows("container_cpu_usage_seconds_total", decoded("cpu", 2, {"cpu.stat": b"usage_usec 0\n"})) == {}
    assert rows("container_cpu_usage_seconds_total", decoded("cpu", 2, {})) == {}


def test_what_the_kernel_does_not_give_is_no_sample() -> None:
    stats = decoded("cpu", 2, {})
    assert {family.value(stats) for family in Cpu.families if family.value is not None} == {None}


def test_throttling_is_told_of_groups_with_a_quota_only() -> None:
    when = family("container_cpu_cfs_periods_total").when
    assert when is not None
    assert when(spec(quota=50_000))
    assert not when(spec(quota=0))
    assert family("container_cpu_user_seconds_total").when is None


def spec(quota: int) -> ContainerSpec:
    return ContainerSpec(
        creation_time="",
        start_time="",
        has_cpu=True,
        cpu=CpuSpec(limit=1024, max_limit=0, quota=quota, period=100_000),
        has_memory=False,
        memory=MemorySpec(),
        has_hugetlb=False,
        has_network=False,
        has_processes=False,
        processes=ProcessSpec(),
        has_filesystem=False,
        has_diskio=False,
        has_custom_metrics=False,
    )
