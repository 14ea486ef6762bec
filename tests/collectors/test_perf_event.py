"""Kind ``perf_event``."""

from pathlib import Path
from typing import Any

import pytest

from cadvcli.collectors import enabled
from cadvcli.collectors.source import Knobs
from cadvcli.errors import UsageError
from cadvcli.manager.plan import Plan
from cadvcli.model.stats import ContainerStats
from tests.perf_events import config_file, why_not

SLOT = (
    b'{"core":[{"scaling_ratio":1.0,"value":70,"name":"cycles","cpu":0},'
    b'{"scaling_ratio":0.25,"value":8,"name":"cycles","cpu":1}],'
    b'"uncore":[{"scaling_ratio":1.0,"value":5,"name":"cas","socket":0,"pmu":"imc_0"},'
    b'{"scaling_ratio":0.5,"value":6,"name":"cas","socket":0,"pmu":"imc_0"}]}'
)


def rows(stats: ContainerStats, knobs: Knobs) -> dict[str, Any]:
    (collector,) = enabled(["perf_event"], knobs=knobs)
    return {family.name: dict(family.rows(stats)) for family in collector.families if family.rows}


@pytest.fixture
def knobs(tmp_path: Path) -> Knobs:
    return Knobs(perf_events_config=config_file(tmp_path, ["cycles"]))


def test_events_are_summed_unless_they_are_wanted_by_cpu(knobs: Knobs) -> None:
    stats = Plan({"perf_event"}, 2, knobs=knobs).decode((SLOT,), "/")
    found = rows(stats, knobs)
    assert found["container_perf_events_total"] == {("", "cycles"): 78}
    assert found["container_perf_events_scaling_ratio"] == {("", "cycles"): 0.25}
    by_cpu = rows(stats, Knobs(by_cpu=True))
    assert by_cpu["container_perf_events_total"] == {("0", "cycles"): 70, ("1", "cycles"): 8}
    assert by_cpu["container_perf_events_scaling_ratio"] == {("0", "cycles"): 1.0, ("1", "cycles"): 0.25}


def test_cpus_of_one_socket_are_one_series(knobs: Knobs) -> None:
    stats = Plan({"perf_event"}, 1, knobs=knobs).decode((SLOT,), "/")
    found = rows(stats, knobs)
    assert found["container_perf_uncore_events_total"] == {("0", "cas", "imc_0"): 11}
    assert found["container_perf_uncore_events_scaling_ratio"] == {("0", "cas", "imc_0"): 0.5}


def test_without_a_file_nothing_is_read() -> None:
    assert Plan({"perf_event"}, 2).sources == ()
    assert rows(Plan({"perf_event"}, 2).decode((), "/"), Knobs())["container_perf_events_total"] == {}


def test_a_slot_that_is_no_json_costs_the_kind_alone(knobs: Knobs, caplog: pytest.LogCaptureFixture) -> None:
    stats = Plan({"perf_event"}, 2, knobs=knobs).decode((b"\xff{",), "/a")
    assert stats.perf_stats == []
    assert "perf_event figures are incomplete" in caplog.text


def test_counting_does_not_keep_a_container_from_being_idle(knobs: Knobs) -> None:
    plan = Plan({"perf_event"}, 2, knobs=knobs)
    assert not plan.changed((SLOT,), (SLOT.replace(b"70", b"71"),))


def test_the_command_says_what_is_wrong_with_the_file(cadvcli, tmp_path: Path) -> None:
    run = cadvcli("export", "--once", "--perf-events-config", f"{tmp_path}/nothing")
    assert run.rc == UsageError.exit_code
    assert "--perf-events-config" in run.err
    assert "No such file" in run.err


@pytest.mark.skipif(bool(why_not()), reason=str(why_not()))
def test_one_sample_has_no_trouble_with_it(cadvcli, tmp_path: Path) -> None:
    run = cadvcli("export", "--once", "--perf-events-config", config_file(tmp_path, ["cpu-clock"]))
    assert run.rc == 0, run.err
    assert "perf event" not in run.err
