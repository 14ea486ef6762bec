"""The flat naming: which keys there are, and what each says of samples built by hand."""

import pytest

from cadvcli.model.container import ContainerSpec, CpuSpec, MemorySpec, ProcessSpec
from cadvcli.model.identity import Identity, Port
from cadvcli.model.network import InterfaceStats, NetworkStats, TcpAdvancedStat, TcpStat, UdpStat
from cadvcli.model.row import ALIASES, BY_KEY, COLUMNS, UNSAMPLED, Subject, row
from cadvcli.model.sample import Sample
from cadvcli.model.stats import (
    ContainerStats,
    CpuCFS,
    CpuSchedstat,
    CPUSetStats,
    CpuStats,
    CpuUsage,
    DiskIoStats,
    Health,
    LoadStats,
    MemoryEvents,
    MemoryNumaStats,
    MemoryStats,
    MemoryStatsMemoryData,
    PerDiskStats,
    ProcessStats,
    PSIData,
    PSIStats,
    ResctrlStats,
)

SECOND = 1_000_000_000
WALL = 1_795_458_517_823_772_151


def pressure(avg10=None, total=None):
    return PSIStats(full=PSIData(), some=PSIData(total=total, avg10=avg10))


def cpu(total=None, periods=None, throttled=None, psi=None):
    return CpuStats(
        usage=CpuUsage(total=total, user=None, system=None),
        cfs=CpuCFS(periods=periods, throttled_periods=throttled),
        schedstat=CpuSchedstat(),
        psi=psi or pressure(),
    )


def memory(**fields):
    faults = MemoryStatsMemoryData(numa_stats=MemoryNumaStats())
    return MemoryStats(container_data=faults, hierarchical_data=faults, psi=pressure(), events=MemoryEvents(), **fields)


def interface(name, rx=0, tx=0):
    zeros = dict.fromkeys(("rx_packets", "rx_errors", "rx_dropped", "tx_packets", "tx_errors", "tx_dropped"), 0)
    return InterfaceStats(name=name, rx_bytes=rx, tx_bytes=tx, **zeros)


def network(*interfaces):
    first = dict.fromkeys(("rx_bytes", "rx_packets", "rx_errors", "rx_dropped"), 0)
    first |= dict.fromkeys(("tx_bytes", "tx_packets", "tx_errors", "tx_dropped"), 0)
    tcp = {"tcp": TcpStat(), "tcp6": TcpStat(), "udp": UdpStat(), "udp6": UdpStat(), "tcp_advanced": TcpAdvancedStat()}
    return NetworkStats(name="", **first, **tcp, interfaces=list(interfaces))


def disks(*bytes_of):
    tables = [PerDiskStats(device="", major=8, minor=n, stats=stats) for n, stats in enumerate(bytes_of)]
    return DiskIoStats(io_service_bytes=tables, psi=pressure())


def sample(boot_ns=100 * SECOND, **sections):
    sections = {"cpu": cpu(), "memory": memory(), **sections}
    stats = ContainerStats(
        timestamp="", task_stats=LoadStats(), resctrl=ResctrlStats(), cpuset=CPUSetStats(), health=Health(), **sections
    )
    return Sample(WALL, boot_ns, stats)


def spec(quota=0, **changes):
    fields = {
        "creation_time": "",
        "start_time": "",
        "cpu": CpuSpec(limit=1024, max_limit=0, quota=quota, period=100_000, mask="0-1"),
        "memory": MemorySpec(),
        "processes": ProcessSpec(),
    }
    has = ("cpu", "memory", "hugetlb", "network", "processes", "filesystem", "diskio", "custom_metrics")
    return ContainerSpec(**{f"has_{name}": True for name in has} | fields | changes)


WEB = Identity(runtime="docker", name="web", id="3f2a" * 16)


def of(newest=None, previous=None, **more):
    return row(Subject(identity=more.pop("identity", WEB), newest=newest, previous=previous, **more))


def test_each_key_is_always_there_in_one_order():
    keys = [column.key for column in COLUMNS]
    assert list(of()) == list(of(sample(cpu=cpu(1)), sample(cpu=cpu(1)))) == keys
    assert len(set(keys)) == len(keys)


def test_the_first_keys_tell_who_it_is():
    assert list(of())[:6] == ["name", "id", "cgroup", "runtime", "image", "labels"]


def test_a_row_without_a_sample_knows_nothing_measured():
    measured = {column.key for column in COLUMNS} - {column.key for column in UNSAMPLED}
    assert {key: of()[key] for key in measured} == dict.fromkeys(measured)


def test_every_path_leads_to_a_field():
    newest = sample(cpu=cpu(5), memory=memory(usage=1), diskio=disks(), network=network(), processes=ProcessStats(
        process_count=1, fd_count=1, socket_count=0))  # fmt: skip
    of(newest, newest, spec=spec())  # a wrong one is an AttributeError


def test_every_short_name_is_of_a_key_and_no_key_itself():
    assert set(ALIASES.values()) <= set(BY_KEY)
    assert not set(ALIASES) & set(BY_KEY)


@pytest.mark.parametrize("column", COLUMNS, ids=lambda column: column.key)
def test_every_key_says_where_it_comes_from(column):
    assert column.help
    assert column.v2
    assert column.v1


def test_cpu_is_in_cores_over_boot_time():
    newest = sample(boot_ns=102 * SECOND, cpu=cpu(9_700_000_000))
    found = of(newest, sample(boot_ns=100 * SECOND, cpu=cpu(9 * SECOND)))
    assert found["cpu_usage_ratio"] == 0.35
    assert found["cpu_usage_seconds_total"] == 9.7
    assert found["window_seconds"] == 2
    assert found["timestamp"] == "2026-11-23T18:28:37.823772151Z"


def test_one_sample_has_no_rates():
    found = of(sample(cpu=cpu(SECOND)))
    assert found["cpu_usage_ratio"] is None
    assert found["cpu_usage_seconds_total"] == 1


def test_a_counter_that_went_backwards_has_no_rate():
    found = of(sample(boot_ns=101 * SECOND, cpu=cpu(1)), sample(cpu=cpu(2)))
    assert found["cpu_usage_ratio"] is None


def test_two_samples_of_one_moment_have_no_rate():
    assert of(sample(cpu=cpu(2)), sample(cpu=cpu(1)))["cpu_usage_ratio"] is None


def test_throttling_is_a_share_of_the_periods_between_the_samples():
    before, after = sample(cpu=cpu(1, 100, 50)), sample(101 * SECOND, cpu=cpu(1, 110, 54))
    assert of(after, before, spec=spec(quota=50_000))["cpu_throttled_ratio"] == 0.4


def test_an_idle_container_with_a_quota_is_not_throttled():
    before, after = sample(cpu=cpu(1, 100, 50)), sample(101 * SECOND, cpu=cpu(1, 100, 50))
    assert of(after, before, spec=spec(quota=50_000))["cpu_throttled_ratio"] == 0
    assert of(after, before, spec=spec())["cpu_throttled_ratio"] is None


def test_a_quota_is_a_limit_in_cores():
    assert of(spec=spec(quota=150_000))["cpu_limit_ratio"] == 1.5
    assert of(spec=spec())["cpu_limit_ratio"] is None


@pytest.mark.parametrize("unlimited", [0, 2**64 - 1, 2**63 - 4096, 2**62])
def test_an_unlimited_limit_is_null(unlimited):
    assert of(spec=spec(memory=MemorySpec(limit=unlimited)))["memory_limit_bytes"] is None


def test_memory_is_a_share_of_the_limit_or_else_of_the_machine():
    newest = sample(memory=memory(usage=300, working_set=200))
    limited = spec(memory=MemorySpec(limit=400))
    assert of(newest, spec=limited, machine_memory_bytes=1000)["memory_working_set_ratio"] == 0.5
    assert of(newest, spec=spec(), machine_memory_bytes=1000)["memory_working_set_ratio"] == 0.2
    assert of(newest, spec=spec())["memory_working_set_ratio"] is None


def test_a_limit_beyond_the_machine_s_memory_is_no_measure():
    newest = sample(memory=memory(working_set=500))
    over = spec(memory=MemorySpec(limit=4000))
    assert of(newest, spec=over, machine_memory_bytes=1000)["memory_working_set_ratio"] == 0.5


def test_network_is_the_sum_of_all_interfaces():
    found = of(sample(network=network(interface("eth0", 10, 1), interface("eth1", 5, 2))))
    assert (found["network_receive_bytes_total"], found["network_transmit_bytes_total"]) == (15, 3)
    assert [one["name"] for one in found["interfaces"]] == ["eth0", "eth1"]
    assert found["interfaces"][0]["receive_bytes_total"] == 10


def test_an_interface_that_went_away_makes_no_negative_rate():
    before = sample(network=network(interface("eth0", 10), interface("eth1", 5)))
    assert of(sample(101 * SECOND, network=network(interface("eth0", 12))), before)[
        "network_receive_bytes_per_second"] is None  # fmt: skip


def test_a_container_in_the_network_of_another_has_none():
    found = of(sample(network=network()), spec=spec(has_network=False))
    assert found["network_receive_bytes_total"] is None


def test_block_io_is_the_sum_of_all_devices():
    before = sample(diskio=disks({"Read": 1000, "Write": 1}))
    after = sample(102 * SECOND, diskio=disks({"Read": 5000, "Write": 1}, {"Write": 7}))
    found = of(after, before)
    assert (found["io_read_bytes_total"], found["io_write_bytes_total"]) == (5000, 8)
    assert (found["io_read_bytes_per_second"], found["io_write_bytes_per_second"]) == (2000, 3.5)


def test_no_io_controller_is_not_no_io():
    assert of(sample(diskio=disks()), spec=spec(has_diskio=False))["io_read_bytes_total"] is None
    assert of(sample(diskio=disks()), spec=spec())["io_read_bytes_total"] == 0


def test_pressure_is_a_ratio_and_seconds():
    found = of(sample(cpu=cpu(psi=pressure(avg10=12.34, total=2_500_000))))
    assert found["psi_cpu_some_avg10_ratio"] == 0.1234
    assert found["psi_cpu_some_seconds_total"] == 2.5
    assert found["psi_cpu_full_avg10_ratio"] is None


def test_pids_come_from_the_sample_or_from_what_was_read_without_one():
    tasks = ProcessStats(process_count=None, fd_count=None, socket_count=None, threads_current=7)
    assert of(sample(processes=tasks), pids=3)["pids"] == 7
    assert of(pids=3)["pids"] == 3


def test_who_it_is_comes_from_its_owner():
    identity = Identity(
        runtime="docker",
        name="web",
        id="3f2a",
        labels={"com.docker.compose.service": "front", "com.docker.compose.project": "shop"},
        created_ns=WALL,
        ports=(Port(container_port=80, host_ip="::", host_port=8080), Port(container_port=53, protocol="udp")),
        restart_count=2,
    )
    found = of(identity=identity, cgroup="/docker/3f2a")
    assert (found["service"], found["project"], found["restarts"]) == ("front", "shop", 2)
    assert found["created"] == "2026-11-23T18:28:37.823772151Z"
    assert found["started"] is None
    assert found["cgroup"] == "/docker/3f2a"
    assert found["ports"] == [
        {"container_port": 80, "protocol": "tcp", "host_ip": "::", "host_port": 8080},
        {"container_port": 53, "protocol": "udp", "host_ip": None, "host_port": None},
    ]
