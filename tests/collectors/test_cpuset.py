"""Kind ``cpuset``."""

import pytest

from cadvcli.manager.plan import Plan


@pytest.mark.parametrize(("text", "value"), [(b"1\n", 1), (b"0\n", 0), (None, None)])
def test_memory_migrate_is_v1s_alone(text: bytes | None, value: int | None) -> None:
    assert Plan({"cpuset"}, 1).decode((text,), "/a").cpuset.memory_migrate == value


def test_v2_reads_nothing() -> None:
    assert Plan({"cpuset"}, 2).sources == ()
