"""Kind ``disk``."""

from typing import Any

import pytest
from msgspec.structs import replace

from cadvcli.collectors.disk import Disk, Found, Use, encode_found
from cadvcli.manager.plan import Plan
from cadvcli.prometheus import render
from tests.decoding import complaint, decoded, rows

WALL_NS = 1_700_000_000_000_000_000
VDA = Use(
    device="/dev/vda", major=254, minor=0, capacity=1000, usage=400, available=500, inodes=50, inodes_free=20
)
SHM = Use(device="/dev/shm", major=0, minor=24, capacity=64, usage=0, available=64)
LAYER = Use(device="/dev/vda", capacity=1000, usage=41, base_usage=5, inodes=3)

COUNTERS = b"254 0 vda 100 1 2000 3500 200 2 4000 500 7 1250 4000 1 2 3 4\n259 0 nvme0n1 9 0 0 0 0 0 0 0 0 0 0\n"


def slot(*uses: Use, whole: bool = True) -> bytes:
    return encode_found(Found(wall_ns=WALL_NS, whole=whole, uses=list(uses)))


def test_the_root_group_has_the_machines_file_systems() -> None:
    stats = decoded("disk", 2, {"filesystem": slot(VDA, SHM), "/proc/diskstats": COUNTERS})
    vda, shm = stats.filesystem
    assert (vda.device, vda.type, vda.capacity, vda.usage, vda.available) == ("/dev/vda", "vfs", 1000, 400, 500)
    assert (vda.has_inodes, vda.inodes, vda.inodes_free, vda.base_usage) == (True, 50, 20, None)
    assert (vda.reads_completed, vda.sectors_written, vda.io_in_progress) == (100, 4000, 7)
    assert (vda.read_time, vda.io_time, vda.weighted_io_time) == (3500, 1250, 4000)
    assert (shm.has_inodes, shm.inodes, shm.reads_completed) == (False, None, None)


def test_a_device_of_another_name_is_known_by_its_numbers() -> None:
    stats = decoded(
        "disk", 1, {"filesystem": slot(replace(VDA, device="/dev/mapper/root")), "/proc/diskstats": COUNTERS}
    )
    assert stats.filesystem[0].reads_completed == 100


def test_the_device_is_known_by_its_name_where_the_mount_has_numbers_of_its_own() -> None:
    of_btrfs = replace(VDA, device="/dev/nvme0n1", major=0, minor=33)
    stats = decoded("disk", 1, {"filesystem": slot(of_btrfs), "/proc/diskstats": COUNTERS})
    assert stats.filesystem[0].reads_completed == 9


def test_a_container_has_what_it_wrote_and_no_counters() -> None:
    (only,) = decoded("disk", 2, {"filesystem": slot(LAYER, whole=False)}).filesystem
    assert (only.capacity, only.usage, only.base_usage, only.inodes) == (1000, 41, 5, 3)
    assert (only.has_inodes, only.inodes_free, only.available, only.reads_completed) == (False, None, None, None)


def test_nothing_is_there_before_it_was_measured() -> None:
    stats = decoded("disk diskIO", 2, {"/proc/diskstats": COUNTERS})
    assert stats.filesystem == []
    assert render(Disk.families, stats) == ""


def test_metrics_of_file_systems() -> None:
    stats = decoded("disk", 2, {"filesystem": slot(VDA, SHM)})
    assert rows("container_fs_limit_bytes", stats) == {"/dev/vda": 1000, "/dev/shm": 64}
    assert rows("container_fs_usage_bytes", stats) == {"/dev/vda": 400, "/dev/shm": 0}
    assert rows("container_fs_inodes_total", stats) == {"/dev/vda": 50, "/dev/shm": None}
    assert rows("container_fs_inodes_free", stats) == {"/dev/vda": 20, "/dev/shm": None}


def test_free_inodes_are_never_a_containers() -> None:
    stats = decoded("disk", 2, {"filesystem": slot(LAYER, whole=False)})
    text = render(Disk.families, stats)
    assert 'container_fs_inodes_total{device="/dev/vda"} 3\n' in text
    assert "inodes_free" not in text


def test_the_age_is_that_of_the_figures_at_the_sample() -> None:
    stats = decoded("disk", 2, {"filesystem": slot(VDA)})
    stats.timestamp = "2023-11-14T22:13:32.5Z"
    assert "cadvcli_container_fs_age_seconds 12.5\n" in render(Disk.families, stats)
    stats.timestamp = "2023-11-14T22:13:19Z"  # the wall clock was set back
    assert "cadvcli_container_fs_age_seconds 0.0\n" in render(Disk.families, stats)


def test_counters_of_devices_are_seconds_and_stand_beside_the_groups_own() -> None:
    files = {"filesystem": slot(VDA), "/proc/diskstats": COUNTERS, "io.stat": b"8:0 rbytes=1 rios=5\n"}
    stats = decoded("disk diskIO", 2, files)
    assert rows("container_fs_reads_total", stats) == {"/dev/vda": 100, "8:0": 5}
    assert rows("container_fs_read_seconds_total", stats) == {"/dev/vda": 3.5}
    assert rows("container_fs_io_time_seconds_total", stats) == {"/dev/vda": 1.25}
    assert rows("container_fs_io_time_weighted_seconds_total", stats) == {"/dev/vda": 4.0}
    assert rows("container_fs_io_current", stats) == {"/dev/vda": 7}
    assert rows("container_fs_reads_bytes_total", stats) == {"8:0": 1}


def test_of_one_device_the_groups_own_table_counts() -> None:
    files = {"filesystem": slot(VDA), "/proc/diskstats": COUNTERS, "io.stat": b"254:0 rios=5\n"}
    stats = decoded("disk diskIO", 2, files, lambda *_: "/dev/vda")
    assert rows("container_fs_reads_total", stats) == {"/dev/vda": 5}
    assert rows("container_fs_reads_merged_total", stats) == {"/dev/vda": 1}


def test_without_disk_io_no_counter_is_told() -> None:
    stats = decoded("disk", 2, {"filesystem": slot(VDA), "/proc/diskstats": COUNTERS})
    assert rows("container_fs_reads_total", stats) == {}
    assert rows("container_fs_io_time_weighted_seconds_total", stats) == {}


def test_a_new_measurement_is_no_reason_to_sample_more_often() -> None:
    plan = Plan({"disk"}, 2)
    before = tuple(slot(LAYER, whole=False) if source.name == "filesystem" else None for source in plan.sources)
    after = tuple(slot(VDA, whole=False) if source.name == "filesystem" else None for source in plan.sources)
    assert not plan.changed(before, after)


def test_devices_that_were_never_used_are_not_kept(host: Any) -> None:
    class Root:
        host: Any

    target = Root()
    target.host = host({"/proc/diskstats": b"7 0 loop0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n" + COUNTERS})
    (source,) = [source for source in Disk.v2 if source.root_only]
    assert source.read is not None
    assert source.read(target) == COUNTERS  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"filesystem": b"{"}, "filesystem:1: Input data was truncated"),
        ({"filesystem": b"\xff"}, "filesystem:1: JSON is malformed: invalid character (byte 0)"),
        (
            {"filesystem": slot(VDA), "/proc/diskstats": b"254 0 vda 1\n"},
            "/proc/diskstats:1: '254 0 vda 1' has no device and eleven counters",
        ),
    ],
)
def test_malformed_contents_are_named(files: dict[str, bytes], message: str) -> None:
    assert complaint("disk", 2, files) == message
