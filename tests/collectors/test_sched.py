"""Kind ``sched``."""

import os
import threading

import pytest

from cadvcli.collectors.sched import Ended, Sched
from cadvcli.host import Host
from cadvcli.manager.manager import Manager
from cadvcli.manager.plan import Plan
from cadvcli.manager.settings import Settings
from cadvcli.runtimes import runtimes_for
from tests.cgroups import Cgroups


def test_what_a_thread_had_stays_when_it_has_ended() -> None:
    ended = Ended()
    assert ended(b"7 100 10 1\n8 200 20 2\n", 0) == b"300 30 3"
    assert ended(b"8 250 20 3\n", 0) == b"350 30 4"
    assert ended(None, 0) == b"350 30 4"


def test_a_number_given_again_is_another_thread() -> None:
    ended = Ended()
    assert ended(b"7 100 10 1\n", 0) == b"100 10 1"
    assert ended(b"7 5 1 1\n", 0) == b"105 11 2"


def test_a_group_that_never_had_a_thread_has_no_figures() -> None:
    assert Ended()(None, 0) is None
    assert Plan({"sched"}, 2).decode((None,), "/a").cpu.schedstat.run_time is None


def test_nanoseconds_become_seconds() -> None:
    stats = Plan({"sched"}, 1).decode((b"1500000000 500000000 9",), "/a")
    assert [family.value(stats) for family in Sched.families if family.value] == [1.5, 0.5, 9]


@pytest.mark.real
def test_every_thread_counts(cgroups: Cgroups) -> None:
    group = cgroups.make("threads")
    host = Host()
    manager = Manager(host, Settings(kinds=frozenset({"sched"})), runtimes_for(host))
    manager.discover()
    container = manager.container(group.name)
    ready, done = threading.Event(), threading.Event()
    child = os.fork()
    if not child:
        for folder in group.dirs:
            (folder / "cgroup.procs").write_text(str(os.getpid()))
        for _ in range(3):
            threading.Thread(target=done.wait, daemon=True).start()
        os.kill(os.getpid(), 19)  # stopped, so that nothing moves
        os._exit(0)
    os.waitpid(child, os.WUNTRACED)
    ready.set()
    try:
        manager.sample({group.name})
        sample = manager.latest(container)
        assert sample is not None
        tasks = [host.read(f"/proc/{child}/task/{tid}/schedstat") for tid in os.listdir(f"/proc/{child}/task")]
        assert len(tasks) == 4
        assert sample.stats.cpu.schedstat.run_time == sum(int(task.split()[0]) for task in tasks if task)
    finally:
        os.kill(child, 9)
        os.waitpid(child, 0)
        manager.close()
