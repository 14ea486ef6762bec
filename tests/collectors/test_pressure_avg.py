"""Kind ``pressure_avg``."""

import pytest

from cadvcli.collectors import chosen_kinds, default_kinds
from cadvcli.collectors.pressure_avg import PressureAvg
from cadvcli.kernel.cgroup import Version
from tests.collectors.test_pressure import ALL, files
from tests.decoding import complaint, decoded, sources, value


@pytest.mark.parametrize("version", [1, 2])
def test_percents_become_shares(version: Version) -> None:
    stats = decoded("diskIO pressure_avg", version, files(version, *ALL))
    assert value("container_pressure_cpu_some_avg10_ratio", stats) == 0.015
    assert value("container_pressure_memory_full_avg300_ratio", stats) == 0.0999
    assert value("container_pressure_io_some_avg60_ratio", stats) == 0.0025
    assert len(PressureAvg.families) == 18


def test_kernel_without_pressure_files_leaves_nothing() -> None:
    stats = decoded("diskIO pressure_avg", 2, {})
    assert [family.value(stats) for family in PressureAvg.families if family.value] == [None] * 18


def test_the_files_are_read_once_for_both_kinds() -> None:
    for version in (1, 2):
        assert sources("pressure_avg", version) == sources("pressure", version)


def test_it_is_off_unless_it_is_asked_for() -> None:
    assert "pressure_avg" not in default_kinds() | chosen_kinds((), ())


def test_malformed_lines_are_named() -> None:
    assert complaint("pressure_avg", 2, {"cpu.pressure": b"some avg10=x\n"}).startswith("cpu.pressure:1: ")
