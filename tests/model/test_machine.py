"""model/machine.py: names, order and absence on the wire are Go's."""

import msgspec
import pytest

from cadvcli.model.machine import (
    Cache,
    Core,
    DiskInfo,
    FilesystemInfo,
    HugePagesInfo,
    MachineInfo,
    MemoryInfo,
    NetInfo,
    Node,
    NVMInfo,
)

#: What encoding/json makes of the empty struct, but a map and a list that our reader never leaves nil.
EMPTY_MACHINE = (
    '{"timestamp":"0001-01-01T00:00:00Z","vendor_id":"","num_cores":0,"num_physical_cores":0,"num_sockets":0,'
    '"cpu_frequency_khz":0,"memory_capacity":0,"swap_capacity":0,"memory_by_type":{},'
    '"nvm":{"memory_mode_capacity":0,"app direct_mode_capacity":0,"avg_power_budget":0},"hugepages":null,'
    '"machine_id":"","system_uuid":"","boot_id":"","filesystems":null,"disk_map":{},"network_devices":[],'
    '"topology":null,"cloud_provider":"","instance_type":"","instance_id":""}'
)


def machine(**given: int) -> MachineInfo:
    return MachineInfo(
        timestamp="0001-01-01T00:00:00Z",
        vendor_id="",
        num_cores=0,
        num_physical_cores=0,
        num_sockets=0,
        cpu_frequency_khz=0,
        memory_capacity=0,
        swap_capacity=0,
        memory_by_type={},
        nvm=NVMInfo(),
        hugepages=None,
        machine_id="",
        system_uuid="",
        boot_id="",
        filesystems=None,
        disk_map={},
        network_devices=[],
        topology=None,
        cloud_provider="",
        instance_type="",
        instance_id="",
        **given,
    )


def encoded(value: msgspec.Struct) -> str:
    return msgspec.json.encode(value).decode()


def test_an_empty_machine_has_all_keys_but_books_and_drawers() -> None:
    assert encoded(machine()) == EMPTY_MACHINE


def test_books_and_drawers_stand_behind_the_sockets() -> None:
    assert '"num_sockets":0,"num_books":2,"num_drawers":1,"cpu_frequency_khz"' in encoded(
        machine(num_books=2, num_drawers=1)
    )


@pytest.mark.parametrize(
    ("part", "text"),
    [
        (MemoryInfo(capacity=0, dimm_count=0), '{"capacity":0,"dimm_count":0}'),
        (HugePagesInfo(page_size=0, num_pages=0), '{"page_size":0,"num_pages":0}'),
        (
            FilesystemInfo(device="", capacity=0, type="", inodes=0, has_inodes=False),
            '{"device":"","capacity":0,"type":"","inodes":0,"has_inodes":false}',
        ),
        (
            DiskInfo(name="", major=0, minor=0, size=0, scheduler=""),
            '{"name":"","major":0,"minor":0,"size":0,"scheduler":""}',
        ),
        (NetInfo(name="", mac_address="", speed=0, mtu=0), '{"name":"","mac_address":"","speed":0,"mtu":0}'),
        (Cache(id=0, size=0, type="", level=0), '{"id":0,"size":0,"type":"","level":0}'),
        (
            Core(core_id=0, thread_ids=[0], caches=None, uncore_caches=None, socket_id=0),
            '{"core_id":0,"thread_ids":[0],"caches":null,"uncore_caches":null,"socket_id":0}',
        ),
        (
            Core(core_id=0, thread_ids=[0], caches=None, uncore_caches=None, socket_id=0, book_id="1", drawer_id="0"),
            '{"core_id":0,"thread_ids":[0],"caches":null,"uncore_caches":null,"socket_id":0,"book_id":"1","drawer_id":"0"}',
        ),
        (
            Node(node_id=0, memory=0, hugepages=None, cores=None, caches=None, distances=None),
            '{"node_id":0,"memory":0,"hugepages":null,"cores":null,"caches":null,"distances":null}',
        ),
    ],
)
def test_parts_are_written_as_go_writes_them(part: msgspec.Struct, text: str) -> None:
    assert encoded(part) == text
