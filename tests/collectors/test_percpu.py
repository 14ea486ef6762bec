"""Kind ``percpu``."""

from cadvcli.collectors.percpu import PerCpu
from tests.decoding import complaint, decoded

FILE = "cpuacct.usage_percpu"


def test_nanoseconds_of_each_possible_cpu() -> None:
    stats = decoded("percpu", 1, {FILE: b"14162452 11560806 0 \n"})
    assert stats.cpu.usage.per_cpu_usage == [14162452, 11560806, 0]


def test_the_total_stays_absent_without_kind_cpu() -> None:
    assert decoded("percpu", 1, {FILE: b"1 2\n"}).cpu.usage.total is None


def test_v2_does_not_count_it() -> None:
    assert PerCpu.v2 == ()
    assert decoded("percpu", 2, {}).cpu.usage.per_cpu_usage == []


def test_a_malformed_file_is_named() -> None:
    assert complaint("percpu", 1, {FILE: b"1 x\n"}) == "cpuacct.usage_percpu:1: 'x' is no number"
