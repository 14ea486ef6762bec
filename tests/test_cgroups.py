"""Groups of our own appear in every tree of this machine, and are gone afterwards."""

from pathlib import Path

import pytest

from tests.cgroups import ASLEEP, BUSY, Cgroups, why_not

pytestmark = [pytest.mark.real, pytest.mark.skipif(why_not() is not None, reason=str(why_not()))]


def test_what_runs_in_a_group_is_in_it_in_every_tree():
    with Cgroups() as cgroups:
        group = cgroups.make("a/b", *ASLEEP)
        process = cgroups._running[-1]
        while process.pid not in group.pids() or "sleep" not in Path(f"/proc/{process.pid}/comm").read_text():
            assert process.poll() is None
        lists = [(path / "cgroup.procs").read_text().split() for path in group.dirs]
        assert all(pids == [str(process.pid)] for pids in lists)
        assert {Path(tree + "/" + cgroups.name).is_dir() for tree in cgroups.trees} == {True}
    assert not any(Path(tree + cgroups.name).exists() for tree in cgroups.trees)
    assert process.returncode


def test_a_busy_group_can_be_taken_away_before_the_test_ends(cgroups):
    group = cgroups.make("busy", *BUSY)
    cgroups.remove(group)
    assert not any(path.exists() for path in group.dirs)
