"""machine/info.py: the machine as cAdvisor's API writes it."""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cadvcli.errors import CadvcliError, ParseError
from cadvcli.host import Host
from cadvcli.machine.info import read_machine
from cadvcli.model.clock import Clock
from cadvcli.model.machine import MachineInfo
from tests.machine import machines

#: What differs on a recorded machine, and why. The rest is equal.
DIFFERENCES = {
    "docker-v1": {
        "timestamp": "the moment of asking",
        "boot_id": "was not recorded",
        "machine_id": "was not recorded",
        "system_uuid": "was not recorded",
        "topology[0].memory": "the machine had grown when its files were recorded",
        "filesystems": "layers of containers are not the machine's",
    },
    "mixed-v2": {
        "timestamp": "the moment of asking",
        "boot_id": "was not recorded",
        "filesystems": "layers and /dev/shm of containers are not the machine's; /run/netns is a part of /run",
    },
}


class Noon(Clock):
    """A clock that stands."""

    def wall_ns(self) -> int:
        return 1795435200_123400000


def wire(info: MachineInfo) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(msgspec.json.encode(info))
    return found


def flat(value: Any, path: str = "") -> dict[str, Any]:
    """Every leaf by its path: ``topology[0].cores[1].core_id``."""
    if isinstance(value, dict) and value:
        parts = [flat(item, f"{path}.{key}".lstrip(".")) for key, item in value.items()]
    elif isinstance(value, list) and value:
        parts = [flat(item, f"{path}[{at}]") for at, item in enumerate(value)]
    else:
        return {path: value}
    return {key: item for part in parts for key, item in part.items()}


@pytest.mark.parametrize("name", DIFFERENCES)
def test_recorded_machine_is_what_cadvisor_saw(recorded, answer, name: str) -> None:
    said: list[CadvcliError] = []
    ours = wire(read_machine(recorded(name), Noon(), said.append))
    theirs = answer(name, "cadvisor/v1.3-machine.json")
    assert list(ours) == list(theirs)
    for one in (ours, theirs):
        one["filesystems"] = [{}]
    mine, its = flat(ours), flat(theirs)
    different = {path for path in mine.keys() | its.keys() if mine.get(path) != its.get(path)}
    assert different | {"filesystems"} == set(DIFFERENCES[name])
    assert said == []


@pytest.mark.parametrize(
    ("name", "devices"),
    [
        ("docker-v1", ["/dev/vda", "/dev/shm", "/sys/fs/cgroup"]),
        ("mixed-v2", ["/dev/vda", "/dev/shm", "/run", "/run/lock", "/run/user/1000"]),
    ],
)
def test_file_systems_of_a_recorded_machine_have_the_sizes_that_cadvisor_saw(recorded, answer, name, devices) -> None:
    ours = wire(read_machine(recorded(name), Noon()))["filesystems"]
    theirs = answer(name, "cadvisor/v1.3-machine.json")["filesystems"]
    assert [one["device"] for one in ours] == devices
    assert all(one in theirs for one in ours)


def test_machine_of_which_nothing_can_be_read_has_every_key(host) -> None:
    said: list[CadvcliError] = []
    info = wire(read_machine(host({}), Noon(), said.append))
    assert info == {
        "timestamp": "2026-11-23T12:00:00.1234Z",
        "vendor_id": "",
        "num_cores": 0,
        "num_physical_cores": 0,
        "num_sockets": 0,
        "cpu_frequency_khz": 0,
        "memory_capacity": 0,
        "swap_capacity": 0,
        "memory_by_type": {},
        "nvm": {"memory_mode_capacity": 0, "app direct_mode_capacity": 0, "avg_power_budget": 0},
        "hugepages": None,
        "machine_id": "",
        "system_uuid": "",
        "boot_id": "",
        "filesystems": None,
        "disk_map": {},
        "network_devices": [],
        "topology": None,
        "cloud_provider": "Unknown",
        "instance_type": "Unknown",
        "instance_id": "",
    }
    assert said == []


CPUINFO = "processor\t: 0\nvendor_id\t: GenuineIntel\nphysical id\t: 0\ncore id\t\t: 0\n{}\nprocessor\t: 1\n\n"


@pytest.mark.parametrize(
    ("files", "khz"),
    [
        ({"/proc/cpuinfo": CPUINFO.format("cpu MHz\t: 1000.5\n")}, 1000500),
        ({"/proc/cpuinfo": CPUINFO.format("")}, 0),
        (
            {
                "/proc/cpuinfo": CPUINFO.format("cpu MHz\t: 1000.5\n"),
                "/sys/devices/system/cpu/cpu0/cpufreq/cpuinfo_max_freq": "3700000\n",
            },
            3700000,
        ),
        (
            {
                "/proc/cpuinfo": CPUINFO.format("cpu MHz\t: 1000.5\n"),
                "/sys/devices/system/cpu/cpu0/cpufreq/cpuinfo_max_freq": "<unknown>\n",
            },
            1000500,
        ),
    ],
)
def test_frequency_is_the_highest_else_that_of_now_else_unknown(host, files: dict[str, str], khz: int) -> None:
    assert read_machine(host(files), Noon()).cpu_frequency_khz == khz


def test_counts_come_from_cpuinfo_where_sysfs_has_none(host) -> None:
    info = read_machine(host({"/proc/cpuinfo": CPUINFO.format("")}), Noon())
    assert (info.num_cores, info.num_physical_cores, info.num_sockets, info.topology) == (2, 1, 1, None)


def test_cores_of_each_socket_count(host) -> None:
    info = read_machine(host(machines.DUAL_XEON), Noon())
    assert (info.num_cores, info.num_physical_cores, info.num_sockets) == (8, 4, 2)


def test_books_and_drawers_are_on_the_wire_of_a_mainframe_alone(host) -> None:
    assert wire(read_machine(host(machines.S390X), Noon()))["num_books"] == 2


def test_other_machines_have_neither(host) -> None:
    assert {"num_books", "num_drawers"}.isdisjoint(wire(read_machine(host(machines.EPYC), Noon())))


def test_memory_modules_are_summed_by_type(host) -> None:
    mc = "/sys/devices/system/edac/mc/mc0"
    types = {f"{mc}/dimm{slot}/dimm_mem_type": "Registered-DDR4\n" for slot in (0, 1)}
    types[f"{mc}/dimm2/dimm_mem_type"] = "Non-volatile-RAM\n"
    sizes = {f"{mc}/dimm{slot}/size": "1024\n" for slot in (0, 1, 2)}
    assert wire(read_machine(host({**types, **sizes}), Noon()))["memory_by_type"] == {
        "Non-volatile-RAM": {"capacity": 1073741824, "dimm_count": 1},
        "Registered-DDR4": {"capacity": 2147483648, "dimm_count": 2},
    }


def test_a_disk_without_a_scheduler_says_none(host) -> None:
    files = {"/sys/block/dm-0/dev": "252:0\n", "/sys/block/dm-0/size": "8\n", "/sys/block/sda/dev": "8:0\n"}
    info = read_machine(host({**files, "/sys/block/sda/size": "8\n"}), Noon())
    assert [(key, disk.name, disk.size, disk.scheduler) for key, disk in info.disk_map.items()] == [
        ("252:0", "dm-0", 4096, "none"),
        ("8:0", "sda", 4096, "none"),
    ]


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/proc/cpuinfo", "vendor_id"),
        ("/proc/meminfo", "memory_capacity"),
        ("/proc/1/mountinfo", "filesystems"),
        ("/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages", "hugepages"),
        ("/sys/devices/system/edac/mc/mc0/dimm0/size", "memory_by_type"),
    ],
)
def test_a_malformed_file_leaves_its_own_field_empty_and_is_named(host, path: str, field: str) -> None:
    files = {
        "/proc/cpuinfo": CPUINFO.format(""),
        "/proc/meminfo": "MemTotal: 1024 kB\n",
        "/proc/1/mountinfo": "27 1 254:0 / / rw - ext4 /dev/vda rw\n",
        "/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages": "1\n",
        "/sys/devices/system/edac/mc/mc0/dimm0/size": "1\n",
        "/sys/devices/system/edac/mc/mc0/dimm0/dimm_mem_type": "DDR4\n",
    }
    whole = wire(read_machine(host(files), Noon()))
    said: list[CadvcliError] = []
    broken = wire(read_machine(host({**files, path: "core id: nonsense\n"}), Noon(), said.append))
    assert [(error.path, error.line) for error in said if isinstance(error, ParseError)] == [(path, 1)]
    assert whole[field]
    assert not broken[field]
    assert {key for key in whole if whole[key] != broken[key]} <= {
        field, *(("num_cores", "num_physical_cores", "num_sockets") if field == "vendor_id" else ())
    }


WHOLE = {
    **machines.DUAL_XEON,
    "/proc/cpuinfo": CPUINFO.format(""),
    "/proc/meminfo": "MemTotal: 1024 kB\n",
    "/proc/1/mountinfo": "27 1 254:0 / / rw - ext4 /dev/vda rw\n",
    "/sys/block/sda/dev": "8:0\n",
    "/sys/block/sda/size": "8\n",
    "/sys/block/sda/queue/scheduler": "[none]\n",
    "/sys/class/net/eth0/address": "02:00:00:00:00:01\n",
    "/sys/class/net/eth0/mtu": "1500\n",
    "/etc/os-release": "PRETTY_NAME=Void\n",
}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50, deadline=None)
@given(st.dictionaries(st.sampled_from(sorted(WHOLE)), st.binary(max_size=40)))
def test_any_bytes_in_any_file_give_a_machine(host, files: dict[str, bytes]) -> None:
    assert read_machine(host({**WHOLE, **files}), Noon()).timestamp


def test_against_this_machine() -> None:
    said: list[CadvcliError] = []
    info = read_machine(Host("/"), Clock(), said.append)
    assert info.num_cores > 0
    assert info.memory_capacity > 0
    assert said == []
