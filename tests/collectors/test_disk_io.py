"""Kind ``diskIO``."""

import pytest

from cadvcli.kernel.cgroup import Version
from cadvcli.model.stats import PerDiskStats
from tests.decoding import complaint, decoded, rows, sources

LINE = b"254:0 rbytes=1000 wbytes=2000 rios=10 wios=20 dbytes=3000 dios=30\n"
BYTES = b"8:0 Read 4096\n8:0 Write 8192\n8:0 Sync 12288\n8:0 Async 0\n8:0 Total 12288\nTotal 12288\n"
COUNTS = b"8:0 Read 1\n8:0 Write 2\n8:0 Sync 3\n8:0 Async 0\n8:0 Total 3\nTotal 3\n"


def names(major: int, minor: int) -> str:
    return {(254, 0): "/dev/vda", (8, 0): "/dev/sda"}.get((major, minor), "")


def disk(device: str, numbers: tuple[int, int], **stats: int) -> PerDiskStats:
    return PerDiskStats(device=device, major=numbers[0], minor=numbers[1], stats=stats)


def test_v2_bytes_and_operations_by_device() -> None:
    io = decoded("diskIO", 2, {"io.stat": LINE + b"8:16 rbytes=7 rios=1\n"}, names).diskio
    assert io is not None
    assert io.io_service_bytes == [
        disk("/dev/vda", (254, 0), Read=1000, Write=2000, Discard=3000),
        disk("", (8, 16), Read=7),
    ]
    assert io.io_serviced == [disk("/dev/vda", (254, 0), Read=10, Write=20, Discard=30), disk("", (8, 16), Read=1)]
    assert (io.sectors, io.io_queued, io.io_cost_usage) == ([], [], [])


def test_v2_cost_in_microseconds() -> None:
    text = b"254:0 rbytes=1 cost.vrate=100.00 cost.usage=2500000 cost.wait=1 cost.indebt=2 cost.indelay=3\n"
    stats = decoded("diskIO", 2, {"io.stat": text}, names)
    assert stats.diskio is not None
    assert stats.diskio.io_cost_usage == [disk("/dev/vda", (254, 0), Count=2500000)]
    assert stats.diskio.io_cost_indelay == [disk("/dev/vda", (254, 0), Count=3)]
    assert rows("container_fs_io_cost_usage_seconds_total", stats) == {"/dev/vda": 2.5}
    assert rows("container_fs_io_cost_wait_seconds_total", stats) == {"/dev/vda": 0.000001}


def test_a_group_that_did_no_io_has_an_empty_section() -> None:
    for files in ({}, {"io.stat": b""}, {"io.stat": b"254:0 \n"}):
        io = decoded("diskIO", 2, files).diskio
        assert io is not None
        assert (io.io_service_bytes, io.io_serviced) == ([], [])


THROTTLE = {"blkio.throttle.io_serviced_recursive": COUNTS, "blkio.throttle.io_service_bytes_recursive": BYTES}
PLAIN = {"blkio.throttle.io_serviced": COUNTS, "blkio.throttle.io_service_bytes": BYTES}
BFQ = {"blkio.bfq.io_serviced_recursive": COUNTS, "blkio.bfq.io_service_bytes_recursive": BYTES}
CFQ = {
    "blkio.sectors_recursive": b"8:0 24\n",
    "blkio.io_service_time_recursive": b"8:0 Read 1500000000\n8:0 Write 500000000\n8:0 Total 2000000000\n",
    "blkio.io_wait_time_recursive": b"8:0 Read 9\n",
    "blkio.io_merged_recursive": b"8:0 Read 4\n8:0 Write 5\n",
    "blkio.io_queued_recursive": b"8:0 Read 1\n8:0 Total 2\n",
    "blkio.time_recursive": b"8:0 77\n",
    "blkio.io_serviced_recursive": COUNTS,
    "blkio.io_service_bytes_recursive": BYTES,
}


@pytest.mark.parametrize("files", [THROTTLE, PLAIN, BFQ, CFQ])
def test_v1_takes_the_set_of_tables_that_the_scheduler_fills(files: dict[str, bytes]) -> None:
    io = decoded("diskIO", 1, files, names).diskio
    assert io is not None
    assert io.io_service_bytes == [disk("/dev/sda", (8, 0), Read=4096, Write=8192, Sync=12288, Async=0, Total=12288)]
    assert io.io_serviced == [disk("/dev/sda", (8, 0), Read=1, Write=2, Sync=3, Async=0, Total=3)]


def test_the_first_set_with_content_wins_and_sets_are_not_mixed() -> None:
    empty = dict.fromkeys(CFQ, b"")
    other = {"blkio.throttle.io_serviced_recursive": b"8:0 Read 99\n"}
    io = decoded("diskIO", 1, {**BFQ, **empty, **other}, names).diskio
    assert io is not None
    assert io.io_serviced[0].stats["Read"] == 1
    io = decoded("diskIO", 1, {**empty, **other}, names).diskio
    assert io is not None
    assert io.io_serviced[0].stats == {"Read": 99}
    assert io.io_service_bytes == []


def test_tables_after_a_missing_one_are_not_taken() -> None:
    files = {name: text for name, text in CFQ.items() if name != "blkio.io_merged_recursive"}
    io = decoded("diskIO", 1, files, names).diskio
    assert io is not None
    assert io.io_wait_time == [disk("/dev/sda", (8, 0), Read=9)]
    assert (io.io_merged, io.io_queued, io.io_service_bytes) == ([], [], [])


def test_v1_metrics_of_all_tables() -> None:
    stats = decoded("diskIO", 1, CFQ, names)
    assert stats.diskio is not None
    assert stats.diskio.sectors == [disk("/dev/sda", (8, 0), Count=24)]
    assert stats.diskio.io_time == [disk("/dev/sda", (8, 0), Count=77)]
    told = {
        "reads_bytes_total": 4096,
        "reads_total": 1,
        "reads_merged_total": 4,
        "read_seconds_total": 1.5,
        "writes_bytes_total": 8192,
        "writes_total": 2,
        "writes_merged_total": 5,
        "write_seconds_total": 0.5,
        "io_current": 2,
        "io_time_seconds_total": 2.0,
    }
    for name, number in told.items():
        assert rows("container_fs_" + name, stats) == {"/dev/sda": number}, name


def test_a_table_without_the_operation_gives_no_sample() -> None:
    assert rows("container_fs_sector_reads_total", decoded("diskIO", 1, CFQ, names)) == {}
    assert rows("container_fs_writes_total", decoded("diskIO", 2, {"io.stat": b"8:0 rios=1\n"}, names)) == {}


def test_bytes_by_device_and_operation() -> None:
    stats = decoded("diskIO", 2, {"io.stat": LINE}, names)
    assert rows("container_blkio_device_usage_total", stats) == {
        ("/dev/vda", "254", "0", "Read"): 1000,
        ("/dev/vda", "254", "0", "Write"): 2000,
        ("/dev/vda", "254", "0", "Discard"): 3000,
    }


def test_devices_without_a_name_stay_apart() -> None:
    stats = decoded("diskIO", 2, {"io.stat": b"7:0 rbytes=1\n7:1 rbytes=2\n"}, names)
    assert rows("container_fs_reads_bytes_total", stats) == {"7:0": 1, "7:1": 2}


@pytest.mark.parametrize(
    ("version", "files", "message"),
    [
        (2, {"io.stat": LINE + b"254:x rbytes=1\n"}, "io.stat:2: '254:x rbytes=1' is no 'major:minor key=number …'"),
        (
            1,
            {**THROTTLE, "blkio.throttle.io_service_bytes_recursive": b"8:0 Read 1\n8:0 Write\n"},
            "blkio.throttle.io_service_bytes_recursive:2: '8:0 Write' is no 'major:minor operation number'",
        ),
    ],
)
def test_malformed_files_are_named(version: Version, files: dict[str, bytes], message: str) -> None:
    assert complaint("diskIO", version, files) == message


def test_tables_of_the_group_alone_are_read_only_where_there_are_no_sums() -> None:
    needless = {source.name: source.unless for source in sources("diskIO", 1) if source.unless}
    assert needless == {
        "blkio.throttle.io_serviced": "blkio.throttle.io_serviced_recursive",
        "blkio.throttle.io_service_bytes": "blkio.throttle.io_service_bytes_recursive",
    }
