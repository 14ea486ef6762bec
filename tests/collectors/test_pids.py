"""Kind ``pids``."""

import pytest

from cadvcli.collectors.pids import Pids
from cadvcli.kernel.cgroup import Version
from cadvcli.model.stats import ProcessStats
from tests.decoding import complaint, decoded


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize(
    ("files", "current", "most"),
    [
        ({"pids.current": b"3\n", "pids.max": b"50\n"}, 3, 50),
        ({"pids.current": b"3\n", "pids.max": b"max\n"}, 3, 0),
        ({"pids.current": b"0\n"}, 0, None),
        ({}, None, None),
    ],
)
def test_tasks_now_and_at_most(
    version: Version, files: dict[str, bytes], current: int | None, most: int | None
) -> None:
    assert decoded("pids", version, files).processes == ProcessStats(
        process_count=None, fd_count=None, socket_count=None, threads_current=current, threads_max=most
    )


def test_it_is_ours_alone_and_off_unless_asked_for() -> None:
    assert Pids.ours
    assert not Pids.default
    assert Pids.families == ()


def test_malformed_files_are_named() -> None:
    assert complaint("pids", 2, {"pids.current": b"x\n"}) == "pids.current:1: 'x' is no number"
    assert complaint("pids", 2, {"pids.max": b"x\n"}) == "pids.max:1: 'x' is no number"
