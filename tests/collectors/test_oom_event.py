"""Kind ``oom_event``."""

import pytest

from cadvcli.manager.plan import Plan

V1 = b"oom_kill_disable 0\nunder_oom 0\noom_kill 2\n"
V2 = b"low 0\nhigh 0\nmax 129\noom 5\noom_kill 4\noom_group_kill 0\n"


@pytest.mark.parametrize(
    ("version", "text", "kills"),
    [(1, V1, 2), (2, V2, 4), (1, b"oom_kill_disable 0\nunder_oom 0\n", None), (2, None, None)],
)
def test_kills_are_the_kernels_own_count(version: int, text: bytes | None, kills: int | None) -> None:
    assert Plan({"oom_event"}, 2 if version == 2 else 1).decode((text,), "/a").oom_events == kills
