"""Kind ``oom_event``."""

from pathlib import Path

import pytest

from cadvcli.manager.manager import Manager
from cadvcli.manager.settings import Settings
from tests.decoding import decoded
from tests.machines import Machine
from tests.manager.test_manager import Plain

V1 = b"oom_kill_disable 0\nunder_oom 0\noom_kill 2\n"
V2 = b"low 0\nhigh 0\nmax 129\noom 5\noom_kill 4\noom_group_kill 0\n"


@pytest.mark.parametrize(
    ("version", "text", "kills"),
    [(1, V1, 2), (2, V2, 4), (1, b"oom_kill_disable 0\nunder_oom 0\n", None), (2, None, None)],
)
def test_kills_are_the_kernels_own_count(version: int, text: bytes | None, kills: int | None) -> None:
    file = "memory.oom_control" if version == 1 else "memory.events"
    files = {} if text is None else {file: text}
    assert decoded("oom_event", 2 if version == 2 else 1, files).oom_events == kills


def test_the_root_group_has_those_of_the_whole_machine() -> None:
    files = {"memory.oom_control": V1, "/proc/vmstat": b"oom_kill 9\n"}
    assert decoded("oom_event", 1, files).oom_events == 9


@pytest.mark.parametrize(("text", "kills"), [("nr_free 1\noom_kill 7\nswap_ra 2\n", 7), ("nr_free 1\n", None)])
def test_of_vmstat_one_line_is_kept(tmp_path: Path, text: str, kills: int | None) -> None:
    machine = Machine(tmp_path)
    machine.write("/proc/vmstat", text)
    machine.group("/a", {"cpu.stat": "", "memory.events": "oom_kill 0\n"})
    manager = Manager(machine.host, Settings(kinds=frozenset({"oom_event"})), (Plain(),))
    manager.discover()
    manager.sample()
    root, group = (manager.latest(container) for container in manager.containers())
    assert root is not None
    assert root.stats.oom_events == kills
    assert group is not None
    assert group.stats.oom_events == 0
