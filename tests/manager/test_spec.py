"""The limits of a group as cAdvisor's wire has them."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadvcli.errors import CadvcliError
from cadvcli.host import Host
from cadvcli.kernel.cgroup import Cgroup, Hierarchies
from cadvcli.kernel.keyed import UNLIMITED
from cadvcli.manager.spec import LAST_NS, created_ns, read_spec, shares_of
from cadvcli.model.clock import SECOND, rfc3339
from cadvcli.model.container import NO_TIME, ContainerSpec, CpuSpec, MemorySpec, ProcessSpec
from cadvcli.model.identity import Identity, raw
from tests.conftest import MakeHost

V2 = Hierarchies(2, {}, "/sys/fs/cgroup")
V1 = Hierarchies(1, {name: f"/sys/fs/cgroup/{name}" for name in ("cpu", "cpuset", "memory", "pids")}, None)
MADE_NS = 1795458461 * SECOND
UNLIMITED_V1 = 9223372036854771712


def spec_of(
    host: Host,
    hierarchies: Hierarchies = V2,
    identity: Identity = raw("/a"),  # noqa: B008
    kinds: str = "cpu memory diskIO network",
    told: list[CadvcliError] | None = None,
) -> ContainerSpec:
    name = "/" if identity.name == "/" else "/a"
    trouble: list[CadvcliError] = [] if told is None else told
    spec = read_spec(Cgroup(host, hierarchies, name), identity, kinds.split(), MADE_NS, trouble.append)
    assert told is not None or not trouble
    return spec


def limits(host: MakeHost, **files: str) -> Host:
    """A v2 group with these files, ``_`` for the dot."""
    return host({"/sys/fs/cgroup/a/" + name.replace("_", "."): text for name, text in files.items()})


def test_v2_limits(host: MakeHost) -> None:
    spec = spec_of(
        limits(
            host,
            cpu_weight="20\n",
            cpu_max="50000 100000\n",
            cpuset_cpus_effective="0-1,3\n",
            memory_max="134217728\n",
            memory_low="33554432\n",
            memory_swap_max="134217728\n",
            pids_max="50\n",
        )
    )
    assert spec.cpu == CpuSpec(limit=512, max_limit=0, mask="0-1,3", quota=50_000, period=100_000)
    assert spec.memory == MemorySpec(limit=134217728, reservation=33554432, swap_limit=134217728)
    assert spec.processes == ProcessSpec(limit=50)
    assert (spec.has_cpu, spec.has_memory, spec.has_processes, spec.has_diskio) == (True, True, True, True)


def test_v2_without_limits(host: MakeHost) -> None:
    spec = spec_of(
        limits(host, cpu_weight="100\n", cpu_max="max 100000\n", memory_max="max\n", memory_low="0\n", pids_max="max\n")
    )
    assert spec.cpu == CpuSpec(limit=1024, max_limit=0, period=100_000)
    assert spec.memory == MemorySpec(limit=UNLIMITED)
    assert spec.processes == ProcessSpec(limit=UNLIMITED)


def test_v1_limits(host: MakeHost) -> None:
    files = {
        "cpu/a/cpu.shares": "512\n",
        "cpu/a/cpu.cfs_quota_us": "50000\n",
        "cpu/a/cpu.cfs_period_us": "100000\n",
        "cpuset/a/cpuset.cpus": "1\n",
        "memory/a/memory.limit_in_bytes": "134217728\n",
        "memory/a/memory.soft_limit_in_bytes": "33554432\n",
        "memory/a/memory.memsw.limit_in_bytes": "268435456\n",
        "pids/a/pids.max": "50\n",
    }
    spec = spec_of(host({"/sys/fs/cgroup/" + path: text for path, text in files.items()}), V1)
    assert spec.cpu == CpuSpec(limit=512, max_limit=0, mask="1", quota=50_000, period=100_000)
    assert spec.memory == MemorySpec(limit=134217728, reservation=33554432, swap_limit=268435456)
    assert spec.processes == ProcessSpec(limit=50)


def test_v1_without_limits(host: MakeHost) -> None:
    machine = host(
        {
            "/sys/fs/cgroup/cpu/a/cpu.cfs_quota_us": "-1\n",
            "/sys/fs/cgroup/memory/a/memory.limit_in_bytes": f"{UNLIMITED_V1}\n",
        }
    )
    spec = spec_of(machine, V1)
    assert spec.cpu.quota == 0
    assert spec.memory == MemorySpec(limit=UNLIMITED_V1)


def test_a_group_without_controllers_has_none_of_their_limits(host: MakeHost) -> None:
    spec = spec_of(limits(host, cgroup_procs=""))
    assert (spec.has_memory, spec.has_processes) == (False, False)
    assert spec.cpu == CpuSpec(limit=0, max_limit=0)


def test_the_root_may_use_the_machine(host: MakeHost) -> None:
    files = {"/proc/meminfo": "MemTotal: 1000 kB\nSwapTotal: 24 kB\n"}
    spec = spec_of(host(files), V2, raw("/"))
    assert spec.memory == MemorySpec(limit=1024000, swap_limit=24576)
    soft = {"/sys/fs/cgroup/memory/memory.soft_limit_in_bytes": f"{UNLIMITED_V1}\n"}
    assert spec_of(host({**files, **soft}), V1, raw("/")).memory.reservation == UNLIMITED_V1


def test_the_root_without_meminfo_has_no_memory(host: MakeHost) -> None:
    assert not spec_of(host({}), V2, raw("/")).has_memory


@pytest.mark.parametrize(
    ("identity", "kinds", "has_network"),
    [
        (raw("/a"), "network", False),
        (raw("/"), "network", True),
        (Identity(runtime="docker", name="web"), "network", True),
        (Identity(runtime="docker", name="web"), "tcp", True),
        (Identity(runtime="docker", name="web"), "cpu", False),
        (Identity(runtime="docker", name="hostnet", network_mode="host"), "network", False),
        (Identity(runtime="docker", name="netpeer", network_mode="container:3f"), "network", True),
    ],
)
def test_who_has_a_network(host: MakeHost, identity: Identity, kinds: str, has_network: bool) -> None:
    assert spec_of(host({"/proc/meminfo": ""}), V2, identity, kinds).has_network is has_network


def test_who_it_is_comes_from_its_owner(host: MakeHost) -> None:
    owner = Identity(
        runtime="docker",
        name="web",
        image="busybox:latest",
        labels={"app": "shop"},
        envs={"app_env": "prod"},
        created_ns=MADE_NS + 1,
        started_ns=MADE_NS + 2,
    )
    spec = spec_of(host({}), V2, owner)
    assert (spec.image, spec.labels, spec.envs) == ("busybox:latest", {"app": "shop"}, {"app_env": "prod"})
    assert (spec.creation_time, spec.start_time) == (rfc3339(MADE_NS + 1), rfc3339(MADE_NS + 2))


def test_a_plain_group_was_made_but_never_started(host: MakeHost) -> None:
    spec = spec_of(host({}))
    assert (spec.creation_time, spec.start_time) == (rfc3339(MADE_NS), NO_TIME)
    unknown = read_spec(Cgroup(host({}), V2, "/a"), raw("/a"), (), None, pytest.fail)
    assert unknown.creation_time == NO_TIME


def test_a_malformed_file_costs_its_own_limit_and_is_told(host: MakeHost) -> None:
    told: list[CadvcliError] = []
    machine = limits(
        host, cpu_weight="heavy\n", cpu_max="50000 often\n", memory_max="\n", memory_low="5\n", pids_max="7\n"
    )
    spec = spec_of(machine, told=told)
    assert spec.cpu == CpuSpec(limit=0, max_limit=0, quota=50_000)
    assert (spec.has_memory, spec.memory, spec.processes) == (True, MemorySpec(reservation=5), ProcessSpec(limit=7))
    assert sorted(map(str, told)) == [
        "/sys/fs/cgroup/a/cpu.max:1: 'often' is no number",
        "/sys/fs/cgroup/a/cpu.weight:1: 'heavy' is no number",
        "/sys/fs/cgroup/a/memory.max:1: '' is no number",
    ]


def test_an_unreadable_file_costs_its_own_limit_and_is_told(host: MakeHost) -> None:
    told: list[CadvcliError] = []
    machine = limits(host, pids_max="7\n")
    os.mkdir(machine.path("/sys/fs/cgroup/a/memory.max"))
    assert spec_of(machine, told=told).processes == ProcessSpec(limit=7)
    assert [str(error) for error in told] == ["/sys/fs/cgroup/a/memory.max: Is a directory"]
    told.clear()
    assert not spec_of(host({"/proc/meminfo": "MemTotal\n"}), V2, raw("/"), told=told).has_memory
    assert [str(error) for error in told] == ["/proc/meminfo:1: 'MemTotal' is no 'name: number kB'"]


@pytest.mark.parametrize(
    ("weight", "shares"),
    [(1, 2), (10, 256), (20, 512), (39, 1024), (79, 2048), (100, 1024), (10000, 262144)],
)
def test_shares_are_given_back_as_they_were_given(weight: int, shares: int) -> None:
    assert shares_of(weight) == shares


@given(st.integers(1, 10_000))
def test_any_weight_gives_shares_that_make_this_weight(weight: int) -> None:
    if weight != 100:
        assert 1 + (shares_of(weight) - 2) * 9999 // 262142 == weight


def booted(host: MakeHost, at_seconds: int, text: str = "") -> Host:
    return host({"/proc/stat": text or f"cpu 1 2 3\nbtime {at_seconds}\n", "/sys/fs/cgroup/a/cgroup.events": ""})


def touch(host: Host, path: str, at_ns: int) -> None:
    os.utime(host.path(path), ns=(at_ns, at_ns))


def test_a_group_is_as_old_as_what_nobody_writes_to(host: MakeHost) -> None:
    machine = booted(host, 1_700_000_000)
    touch(machine, "/sys/fs/cgroup/a/cgroup.events", MADE_NS)
    touch(machine, "/sys/fs/cgroup/a", MADE_NS + 50 * SECOND)
    assert created_ns(Cgroup(machine, V2, "/a")) == MADE_NS


def test_a_v1_group_is_as_old_as_its_oldest_directory(host: MakeHost) -> None:
    machine = host({"/sys/fs/cgroup/cpu/a/cpu.stat": "", "/sys/fs/cgroup/memory/a/cgroup.clone_children": ""})
    touch(machine, "/sys/fs/cgroup/cpu/a", MADE_NS + 5)
    touch(machine, "/sys/fs/cgroup/memory/a", MADE_NS + 7)
    touch(machine, "/sys/fs/cgroup/memory/a/cgroup.clone_children", MADE_NS)
    assert created_ns(Cgroup(machine, V1, "/a")) == MADE_NS


def test_no_group_is_older_than_the_machine_is_up(host: MakeHost) -> None:
    machine = booted(host, 1_700_000_000)
    touch(machine, "/sys/fs/cgroup/a/cgroup.events", 5)
    assert created_ns(Cgroup(machine, V2, "/a")) == 1_700_000_000 * SECOND
    assert created_ns(Cgroup(machine, V2, "/")) == 1_700_000_000 * SECOND


class Later(Host):
    """A machine on which everything is from another age."""

    def stat(self, path: str) -> os.stat_result | None:
        return os.stat_result((0o40755, 2, 3, 1, 0, 0, 0, 0, 0, 0), {"st_mtime_ns": LAST_NS})


def test_times_that_its_owner_set_beyond_all_years_are_not_believed(host: MakeHost) -> None:
    machine = booted(host, 1_700_000_000)
    assert created_ns(Cgroup(Later(machine.root), V2, "/a")) is None


@pytest.mark.parametrize("text", ["", "cpu 1 2 3\n", "btime soon\n"])
def test_where_the_start_of_the_machine_is_unknown_so_is_the_roots(host: MakeHost, text: str) -> None:
    machine = host({"/proc/stat": text})
    assert created_ns(Cgroup(machine, V2, "/")) is None
    assert created_ns(Cgroup(machine, V2, "/gone")) is None
