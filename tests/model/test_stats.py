"""The wire of a sample: which fields Go always writes, and which it leaves out when empty."""

from msgspec import to_builtins

from cadvcli.collectors import kinds
from cadvcli.manager.plan import Plan
from cadvcli.model.network import NetworkStats
from cadvcli.model.stats import CpuUsage, DiskIoStats, ProcessStats, PSIData
from tests.decoding import decoded

ALWAYS = {"timestamp", "cpu", "memory", "task_stats", "resctrl", "cpuset", "health"}


def test_sections_of_kinds_that_are_off_are_not_written() -> None:
    assert set(to_builtins(decoded("cpu", 2, {}))) == ALWAYS


def test_sections_of_kinds_that_are_on_are_written_though_empty() -> None:
    assert set(to_builtins(decoded("cpu diskIO process", 2, {}))) == ALWAYS | {"diskio", "processes"}


def test_what_the_kernel_does_not_give_is_null_and_not_zero() -> None:
    wire = to_builtins(decoded("cpu memory pressure", 2, {}))
    assert wire["cpu"]["usage"] == {"total": None, "user": None, "system": None}
    assert wire["memory"]["usage"] is None
    assert wire["memory"]["psi"]["some"] == {"total": None, "avg10": None, "avg60": None, "avg300": None}


def test_a_zero_of_the_kernels_is_written() -> None:
    wire = to_builtins(decoded("cpu memory", 2, {"cpu.stat": b"usage_usec 0\n", "memory.current": b"0\n"}))
    assert (wire["cpu"]["usage"]["total"], wire["memory"]["usage"]) == (0, 0)


def test_empty_tables_are_left_out_as_go_does() -> None:
    assert set(to_builtins(decoded("diskIO", 2, {}))["diskio"]) == {"psi"}
    assert "per_cpu_usage" not in to_builtins(CpuUsage(total=1, user=2, system=3))


def test_the_defaults_are_not_shared_between_samples() -> None:
    one, other = (DiskIoStats(psi=decoded("cpu", 2, {}).cpu.psi) for _ in range(2))
    assert one.io_serviced is not other.io_serviced


def test_every_section_is_a_part_of_its_own_sample() -> None:
    plan = Plan(frozenset(kinds()), 2)
    one, other = (plan.decode((None,) * len(plan.sources), "/a") for _ in range(2))
    for name in one.__struct_fields__:
        part = getattr(one, name)
        if hasattr(part, "__struct_fields__") and part.__struct_fields__:
            assert part is not getattr(other, name), name


def test_unlimited_tasks_are_left_out_but_unknown_ones_are_null() -> None:
    none = ProcessStats(process_count=None, fd_count=None, socket_count=None, threads_max=None)
    assert "threads_max" in to_builtins(none)
    none.threads_max = 0
    assert "threads_max" not in to_builtins(none)


def test_all_fields_start_absent() -> None:
    assert to_builtins(PSIData()) == {"total": None, "avg10": None, "avg60": None, "avg300": None}
    assert NetworkStats.__struct_fields__[:9] == (
        "name", "rx_bytes", "rx_packets", "rx_errors", "rx_dropped", "tx_bytes", "tx_packets", "tx_errors", "tx_dropped"
    )  # fmt: skip
