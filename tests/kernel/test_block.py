"""kernel/block.py: disks and their names."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadvcli.errors import ParseError
from cadvcli.host import Host
from cadvcli.kernel.block import BlockDevice, DeviceNames, parse_dev, parse_scheduler, parse_size, read_block_device

SDA = {"/sys/block/sda/dev": "8:0\n", "/sys/block/sda/size": "2048\n"}


@pytest.mark.parametrize(
    ("text", "scheduler"),
    [
        (b"none [mq-deadline] kyber bfq \n", "mq-deadline"),
        (b"[none] mq-deadline\n", "none"),
        (b"none\n", None),
        (b"", None),
        (b"[]", None),
    ],
)
def test_scheduler_is_the_word_in_brackets(text: bytes, scheduler: str | None) -> None:
    assert parse_scheduler(text) == scheduler


def test_sizes_are_in_sectors_of_512_bytes() -> None:
    assert parse_size(b"536870912\n", "size") == 274877906944


@pytest.mark.parametrize("text", [b"", b"8", b"8:", b":0", b"8:0:1", b"-8:0", b"8:x", b"\xff:0"])
def test_malformed_dev_is_named(text: bytes) -> None:
    with pytest.raises(ParseError, match=r"^/sys/block/sda/dev:1: "):
        parse_dev(text, "/sys/block/sda/dev")


@pytest.mark.parametrize("text", [b"", b"x", b"-1", b"1 2", "٣".encode()])
def test_malformed_size_is_named(text: bytes) -> None:
    with pytest.raises(ParseError, match=r"^/sys/block/sda/size:1: "):
        parse_size(text, "/sys/block/sda/size")


@given(st.binary())
def test_any_bytes_are_a_value_or_a_parse_error(text: bytes) -> None:
    parse_scheduler(text)
    for parse in (parse_dev, parse_size):
        try:
            parse(text, "file")
        except ParseError:
            continue


def test_a_disk_without_a_queue_of_its_own_has_no_scheduler(host) -> None:
    assert read_block_device(host(SDA), "sda") == BlockDevice(
        name="sda", major=8, minor=0, size_bytes=1048576, scheduler=None, hidden=False
    )


def test_a_path_of_a_multipath_namespace_is_hidden(host) -> None:
    disk = read_block_device(host({**SDA, "/sys/block/sda/hidden": "1\n"}), "sda")
    assert disk is not None
    assert disk.hidden


def test_a_disk_that_is_gone_is_none(host) -> None:
    assert read_block_device(host(SDA), "sdb") is None


def test_names_come_from_the_links_by_number(host) -> None:
    machine = host(SDA)
    links = machine.path("/sys/dev/block")
    os.makedirs(links)
    os.symlink("../../devices/pci0000:00/ata1/block/sda/sda1", f"{links}/8:1")
    os.symlink("../../devices/pci0000:00/cciss/block/cciss!c0d0", f"{links}/104:0")
    names = DeviceNames(machine)
    assert [names(8, 1), names(104, 0), names(8, 2)] == ["/dev/sda1", "/dev/cciss/c0d0", ""]


def test_names_come_from_diskstats_where_sysfs_has_none(recorded) -> None:
    names = DeviceNames(recorded("docker-v1"))
    assert [names(254, 0), names(253, 0), names(8, 0)] == ["/dev/vda", "/dev/zram0", ""]


def test_a_name_is_looked_up_once_until_it_is_forgotten(host) -> None:
    row = " 1 0 0 0 0 0 0 0 0 0 0\n"
    names = DeviceNames(host({"/proc/diskstats": "259 0 nvme0n1" + row}))
    assert names(259, 0) == "/dev/nvme0n1"
    host({"/proc/diskstats": "259 0 nvme1n1" + row})
    assert names(259, 0) == "/dev/nvme0n1"
    names.forget()
    assert names(259, 0) == "/dev/nvme1n1"


def test_malformed_diskstats_costs_only_the_name(host) -> None:
    assert DeviceNames(host({"/proc/diskstats": "nonsense\n"}))(8, 0) == ""


def test_against_the_disks_of_this_machine() -> None:
    machine = Host("/")
    names = DeviceNames(machine)
    for name in machine.listdir("/sys/block") or ():
        disk = read_block_device(machine, name)
        assert disk is not None
        assert names(disk.major, disk.minor) == "/dev/" + name
