"""Kind ``pressure``."""

import pytest

from cadvcli.collectors.pressure import Pressure
from cadvcli.kernel.cgroup import UNIFIED, Version
from cadvcli.model.stats import PSIData, PSIStats
from tests.decoding import Files, complaint, decoded, sources, value


def pressure(some: int, full: int | None = None) -> bytes:
    """A pressure file with these totals and averages of its own."""
    text = f"some avg10=1.50 avg60=0.25 avg300=33.59 total={some}\n"
    return (text + (f"full avg10=0.50 avg60=0.00 avg300=9.99 total={full}\n" if full is not None else "")).encode()


def files(version: Version, cpu: bytes, memory: bytes, io: bytes) -> Files:
    prefix = UNIFIED if version == 1 else ""
    return {prefix + "cpu.pressure": cpu, prefix + "memory.pressure": memory, prefix + "io.pressure": io}


ALL = (pressure(2500000, 1000000), pressure(30, 20), pressure(3000001, 2000002))


@pytest.mark.parametrize("version", [1, 2])
def test_totals_in_microseconds_and_averages_in_percent(version: Version) -> None:
    stats = decoded("cpu memory diskIO pressure", version, files(version, *ALL))
    assert stats.cpu.psi == PSIStats(
        some=PSIData(total=2500000, avg10=1.5, avg60=0.25, avg300=33.59),
        full=PSIData(total=1000000, avg10=0.5, avg60=0.0, avg300=9.99),
    )
    assert stats.diskio is not None
    assert (stats.memory.psi.some.total, stats.memory.psi.full.total) == (30, 20)
    assert (stats.diskio.psi.some.total, stats.diskio.psi.full.total) == (3000001, 2000002)


def test_metrics_are_in_seconds() -> None:
    stats = decoded("diskIO pressure", 2, files(2, *ALL))
    told = {
        "cpu_waiting": 2.5,
        "cpu_stalled": 1.0,
        "memory_waiting": 0.00003,
        "memory_stalled": 0.00002,
        "io_waiting": 3.000001,
        "io_stalled": 2.000002,
    }
    assert len(told) == len(Pressure.families)
    for name, number in told.items():
        assert value(f"container_pressure_{name}_seconds_total", stats) == number, name


def test_kernel_without_psi_reports_nothing() -> None:
    stats = decoded("diskIO pressure", 2, {})
    assert stats.cpu.psi == PSIStats(full=PSIData(), some=PSIData())
    assert value("container_pressure_cpu_waiting_seconds_total", stats) is None


def test_kernel_before_5_13_has_no_full_line_for_cpu() -> None:
    stats = decoded("pressure", 2, {"cpu.pressure": pressure(7)})
    assert value("container_pressure_cpu_waiting_seconds_total", stats) == 0.000007
    assert value("container_pressure_cpu_stalled_seconds_total", stats) is None


def test_io_has_its_place_in_the_section_of_disk_io() -> None:
    stats = decoded("pressure", 2, files(2, *ALL))
    assert stats.diskio is None
    assert value("container_pressure_io_waiting_seconds_total", stats) is None


@pytest.mark.parametrize("version", [1, 2])
def test_a_malformed_file_is_named(version: Version) -> None:
    contents = files(version, pressure(1), b"some total=many\n", pressure(1))
    message = "memory.pressure:1: 'some total=many' is no line of a pressure file"
    assert complaint("pressure", version, contents, "diskIO") == (UNIFIED if version == 1 else "") + message


def test_averages_alone_are_no_change() -> None:
    for source in sources("pressure", 2):
        assert source.weighs is not None
        assert source.weighs(pressure(5, 6)) == source.weighs(pressure(5, 6).replace(b"1.50", b"0.00"))
        assert source.weighs(pressure(5, 6)) != source.weighs(pressure(5, 7))
