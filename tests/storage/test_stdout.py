import os

import msgspec
import pytest

from cadvcli.model.sample import Sample
from cadvcli.storage.stdout import Stdout, cadvisor_line, influx_lines, json_line, open_driver
from tests.storage.records import cpu, filesystem, memory, network, plain, record, stats

EVERYTHING = stats(
    cpu=cpu(load_average=0), memory=memory(), network=network(), referenced_memory=3,
    filesystem=[filesystem("/dev/sda1", 4096), filesystem("/dev/sdb1", 4)],
)


def test_golden_line_of_a_container_as_cadvisor_writes_it():
    assert cadvisor_line(record(EVERYTHING)) == (
        b"cName=web host=h1 timestamp=1700000000123456789 cpu_usage_total=42 cpu_cumulative_usage=42 "
        b"cpu_usage_system=12 cpu_usage_user=30 cpu_usage_per_cpu.0=20 cpu_usage_per_cpu.1=22 load_average=0 "
        b"rx_bytes=100 rx_errors=0 tx_bytes=200 tx_errors=1 referenced_memory=3 memory_usage=2097152 "
        b"memory_working_set=1048576 memory_failure.container.pgfault=12 memory_failure.container.pgmajfault=1 "
        b"memory_failure.hierarchical.pgfault=14 memory_failure.hierarchical.pgmajfault=2 "
        b"/dev/sda1.fs_usage=4096 /dev/sda1.fs_limit=1000 /dev/sdb1.fs_usage=4 /dev/sdb1.fs_limit=1000 "
        b"fs_summary.fs_limit=2000 fs_summary.fs_usage=4100\n"
    )


def test_a_plain_group_is_named_by_its_path():
    line = cadvisor_line(plain(stats(), "/system.slice"))
    assert line == b"cName=/system.slice host=h1 timestamp=1700000000123456789\n"


def test_a_hostile_name_ends_neither_word_nor_line():
    line = cadvisor_line(plain(stats(), "/a b\nhost=x\udcff"))
    assert line == b"cName=/a\\x20b\\nhost=x\\xff host=h1 timestamp=1700000000123456789\n"


def test_json_line_has_the_flat_names_rates_and_the_machine():
    after = stats(cpu=cpu())
    before = stats(cpu=cpu())
    before.cpu.usage.total = 0
    made = record(after)
    made = msgspec.structs.replace(made, previous=Sample(0, 0, before))
    row = msgspec.json.decode(json_line(made))
    assert (row["name"], row["image"], row["labels"], row["machine"]) == ("web", "nginx:1", {"tier": "front"}, "h1")
    assert row["timestamp"] == "2023-11-14T22:13:20.123456789Z"
    assert row["cpu_usage_seconds_total"] == 42e-9
    assert row["window_seconds"] == 1
    assert row["memory_limit_bytes"] is None
    assert json_line(made).count(b"\n") == 1


def test_influx_lines_are_what_the_influxdb_driver_sends():
    assert influx_lines(record(stats(cpu=cpu()))).startswith(
        b"cpu_usage_total,container_name=web,machine=h1 value=42i 1700000000123456789\n"
    )


@pytest.mark.parametrize("layout", ["cadvisor", "jsonl", "influx"])
def test_a_driver_opens_with_each_layout_and_writes_whole_lines(layout):
    reader, writer = os.pipe()
    driver = Stdout(open_driver({"format": layout, "host": None}, "h1").encode, writer)
    line = driver.encode(record(EVERYTHING))
    outcome = driver.send([line, line])
    os.close(writer)
    with open(reader, "rb") as pipe:
        assert pipe.read() == line + line
    assert not outcome.retry
    assert not outcome.rejected


def test_host_can_be_said_as_in_cadvisor():
    driver = open_driver({"format": "cadvisor", "host": "localhost:8086"}, "h1")
    assert driver.encode(plain(stats(), "/")).startswith(b"cName=/ host=localhost:8086 timestamp=")


def test_a_reader_that_left_is_a_broken_pipe():
    reader, writer = os.pipe()
    os.close(reader)
    with pytest.raises(BrokenPipeError):
        Stdout(cadvisor_line, writer).send([b"line\n"])
    os.close(writer)
