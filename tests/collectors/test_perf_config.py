"""The configuration file of kind ``perf_event``."""

from pathlib import Path

import pytest

from cadvcli.collectors.perf_config import core_event, read_config, shown, uncore_events
from cadvcli.errors import HostError, UsageError
from cadvcli.kernel.perf import Attr
from cadvcli.kernel.pmu import DEVICES
from tests.perf_events import config_file

UPSTREAM = """
{
  "core": {
    "events": ["INSTRUCTIONS_RETIRED", ["cycles", "LLC-load-misses"], []],
    "custom_events": [{"type": 4, "config": ["0x5300c0", "010"], "name": "INSTRUCTIONS_RETIRED"}]
  },
  "uncore": {
    "events": ["uncore_imc/cas_count_read", "cas"],
    "custom_events": [{"type": 15, "config": ["0x304"], "name": "cas"}]
  }
}
"""
PMUS = {
    **{f"{DEVICES}/uncore_imc_{number}/type": f"{14 + number}\n" for number in (0, 1)},
    **{f"{DEVICES}/uncore_imc_{number}/cpumask": "0,2\n" for number in (0, 1)},
    **{f"{DEVICES}/uncore_imc_{number}/events/cas_count_read": "config=0x304\n" for number in (0, 1)},
    f"{DEVICES}/msr/type": "9\n",
    f"{DEVICES}/msr/events/tsc": "event=0x00\n",
    f"{DEVICES}/msr/format/event": "config:0-63\n",
}


def test_groups_and_events_by_number(tmp_path: Path, host) -> None:
    path = tmp_path / "perf.json"
    path.write_text(UPSTREAM)
    config = read_config(str(path))
    assert config.core.groups == [("INSTRUCTIONS_RETIRED",), ("cycles", "LLC-load-misses")]
    assert core_event(host({}), config.core, "INSTRUCTIONS_RETIRED") == Attr(4, 0x5300C0, 8)
    assert core_event(host({}), config.core, "cycles") == Attr(0, 0)


def test_a_pmu_knows_events_of_its_own(tmp_path: Path, host) -> None:
    config = read_config(config_file(tmp_path, ["msr/tsc/"]))
    assert core_event(host(PMUS), config.core, "msr/tsc/") == Attr(9, 0)
    with pytest.raises(HostError, match="perf event msr/nothing/: nobody knows such an event here"):
        core_event(host(PMUS), config.core, "msr/nothing/")


def test_uncore_events_are_those_of_all_pmus_whose_name_begins_so(tmp_path: Path, host) -> None:
    path = tmp_path / "perf.json"
    path.write_text(UPSTREAM)
    uncore = read_config(str(path)).uncore
    found = uncore_events(host(PMUS), uncore, "uncore_imc/cas_count_read")
    assert [(pmu.name, pmu.cpus, attr) for pmu, attr in found] == [
        ("uncore_imc_0", [0, 2], Attr(14, 0x304)),
        ("uncore_imc_1", [0, 2], Attr(15, 0x304)),
    ]
    assert [pmu.name for pmu, _ in uncore_events(host(PMUS), uncore, "cas")] == ["uncore_imc_1"]
    assert shown(uncore, "uncore_imc/cas_count_read") == "cas_count_read"
    assert shown(uncore, "cas") == "cas"
    for name in ("cas_count_read", "uncore_cha/clockticks", "msr/tsc"):
        with pytest.raises(HostError, match="this machine has no PMU for it"):
            uncore_events(host(PMUS), uncore, name)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "perf.json: "),
        ("[]", "perf.json: Expected `object`, got `array`"),
        ("{}", "no events in 'core' or 'uncore'"),
        ('{"core": {"events": [1]}}', "Expected `str | array`"),
        ('{"core": {"events": ["a"], "custom_events": [{"type": 1, "config": [], "name": "a"}]}}', "event 'a': one to"),
        ('{"core": {"events": ["a"], "custom_events": [{"type": 1, "config": ["x"], "name": "a"}]}}', "no number"),
    ],
)
def test_a_file_that_is_wrong_ends_the_start(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "perf.json"
    path.write_text(text)
    with pytest.raises(UsageError, match="--perf-events-config: ") as caught:
        read_config(str(path))
    assert reason in str(caught.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"--perf-events-config: .*/nothing: No such file or directory"):
        read_config(f"{tmp_path}/nothing")
