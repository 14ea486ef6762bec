"""The directory walker as a process."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cadvcli.manager import walk
from cadvcli.manager.walker import DONE, FAILED, WALKING, Answer, Walker, WalkerGone


@pytest.fixture
def walker() -> Iterator[Walker]:
    made = Walker()
    yield made
    made.close()


def finished(walker: Walker, count: int = 1) -> list[Answer]:
    """The first answers that are no progress."""
    found: list[Answer] = []
    while len(found) < count:
        found += [answer for answer in walker.answers() if answer.state != WALKING]
    return found


def files(top: Path, count: int) -> Path:
    for number in range(count):
        (top / f"{number % 100}").mkdir(parents=True, exist_ok=True)
        (top / f"{number % 100}" / str(number)).touch()
    return top


def test_it_answers_each_question_in_turn(walker: Walker, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"x" * 5000)
    walker.ask(7, str(tmp_path))
    walker.ask(8, str(tmp_path / "nothing"))
    walker.ask(9, str(tmp_path / "file"))
    first, second, third = finished(walker, 3)
    used = (tmp_path / "file").stat().st_blocks * 512
    assert third == Answer(9, DONE, used, 1, tmp_path.stat().st_dev, "")
    assert first == Answer(7, DONE, used + tmp_path.stat().st_blocks * 512, 2, tmp_path.stat().st_dev, "")
    assert (second.number, second.state, second.reason) == (8, FAILED, "No such file or directory")


def test_it_yields_the_disk_and_the_processor_to_everybody(walker: Walker) -> None:
    walker.ask(1, "/")
    pid = walker.pid
    walker.answers()
    assert os.getpriority(os.PRIO_PROCESS, pid) == 19
    done = subprocess.run(["ionice", "-p", str(pid)], capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "idle"


def test_it_keeps_to_its_pace_tells_how_far_it_is_and_can_be_called_off(walker: Walker, tmp_path: Path) -> None:
    files(tmp_path, 2000)
    walker.ask(1, str(tmp_path), 10)
    (progress, *_) = walker.answers()
    assert progress.state == WALKING
    assert 0 < progress.inodes < 2000
    walker.ask(1, "")
    walker.ask(2, str(tmp_path / "0"))
    assert finished(walker)[0].number == 2


def test_it_holds_no_descriptor_of_the_tree_while_it_waits(walker: Walker, tmp_path: Path) -> None:
    files(tmp_path, 2000)
    walker.ask(1, str(tmp_path), 10)
    walker.answers()
    links = [os.readlink(f"/proc/{walker.pid}/fd/{fd}") for fd in os.listdir(f"/proc/{walker.pid}/fd")]
    assert not [link for link in links if link.startswith(str(tmp_path))]


def test_a_walker_that_was_killed_is_noticed(walker: Walker, tmp_path: Path) -> None:
    os.kill(walker.pid, signal.SIGKILL)
    os.waitid(os.P_PID, walker.pid, os.WEXITED | os.WNOWAIT)  # by then the kernel has closed both of its pipes
    with pytest.raises(WalkerGone):
        walker.answers()
    with pytest.raises(WalkerGone):
        walker.ask(1, str(tmp_path))


def test_it_ends_with_its_parent() -> None:
    script = (
        "import os, sys; from cadvcli.manager.walker import Walker; walker = Walker(); walker.ask(1, '/', 10); "
        "walker.answers(); print(walker.pid, flush=True); os.kill(os.getpid(), 9)"
    )
    root = Path(walk.__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, cwd=root)
    assert done.returncode == -signal.SIGKILL
    try:
        ended = os.pidfd_open(int(done.stdout))
    except ProcessLookupError:
        return
    try:
        signal.pidfd_send_signal(ended, 0)
        import select

        assert select.select([ended], [], [], 10)[0]
    except ProcessLookupError:
        pass
    finally:
        os.close(ended)


def test_it_imports_nothing_of_ours() -> None:
    script = "import sys, runpy; runpy.run_path(sys.argv[1]); print(any('cadvcli' in name for name in sys.modules))"
    argv = [sys.executable, "-IS", "-c", script, walk.__file__]
    assert subprocess.run(argv, capture_output=True, text=True, check=True).stdout == "False\n"
