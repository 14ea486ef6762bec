"""Real cgroups for tests: groups of our own under /sys/fs/cgroup, in each hierarchy, gone again afterwards.

Needs root and a writable tree. On v1 and hybrid machines a group is made under each mounted controller; on v2 the
controllers are handed down first. Names begin with ``/cadvcli-test-PID``, so that runs don't meet.
"""

import os
import select
import signal
import subprocess
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

from cadvcli.errors import HostError
from cadvcli.host import Host
from cadvcli.kernel.cgroup import Hierarchies, read_hierarchies

#: Busy forever, and asleep forever: what to run in a group.
BUSY = ("sh", "-c", "while :; do :; done")
ASLEEP = ("sleep", "infinity")


class Group:
    """One group of ours; ``name`` is its cgroup path, as our commands show it."""

    def __init__(self, name: str, trees: Sequence[str]) -> None:
        self.name = name
        self.dirs = [Path(tree + name) for tree in trees]

    def path(self, file: str) -> Path:
        """Where a file of this group lies."""
        return next(path / file for path in self.dirs if (path / file).exists())

    def write(self, file: str, value: object) -> None:
        """Write a limit: ``group.write("pids.max", 20)``."""
        self.path(file).write_text(str(value))

    def run(self, *command: str) -> subprocess.Popen[bytes]:
        """Start a command in this group: it moves itself in before it becomes the command."""
        files = [str(path / "cgroup.procs") for path in self.dirs]
        script = 'for file in $1; do echo $$ >"$file" || exit 126; done; shift; exec "$@"'
        argv = ["sh", "-c", script, "sh", " ".join(files), *command]
        return subprocess.Popen(argv, stdin=subprocess.DEVNULL, start_new_session=True)

    def pids(self) -> set[int]:
        """The processes in it now, whichever tree says so."""
        found: set[int] = set()
        for path in self.dirs:
            try:
                found.update(int(pid) for pid in (path / "cgroup.procs").read_text().split())
            except OSError:
                continue
        return found

    def remove(self) -> None:
        """End what runs in it and take it away, in each tree."""
        for pid in self.pids():
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        for path in self.dirs:
            _rmdir(path)


class Cgroups:
    """The groups of one test, below one group of its own. Use it as a context."""

    def __init__(self, name: str = f"/cadvcli-test-{os.getpid()}") -> None:
        self.hierarchies = read_hierarchies(Host())
        self.trees = trees(self.hierarchies)
        self.name = name
        self._made: list[Group] = []
        self._running: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> "Cgroups":
        if self.hierarchies.version == 2:
            self._hand_down(Path(self.trees[0]))
        self._made.append(self._mkdir(self.name))
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for group in reversed(self._made):
            group.remove()
        for process in self._running:
            process.wait()

    def make(self, name: str, *command: str) -> Group:
        """A new group below ours (``a/b`` makes both); with a command, that runs in it."""
        at = self.name
        for part in name.split("/"):
            if self.hierarchies.version == 2:
                self._hand_down(Path(self.trees[0] + at))
            at += "/" + part
            known = next((group for group in self._made if group.name == at), None)
            group = known or self._mkdir(at)
            if known is None:
                self._made.append(group)
        if command:
            self._running.append(group.run(*command))
        return group

    def remove(self, group: Group) -> None:
        """Take one group away again while the test runs."""
        group.remove()
        self._made.remove(group)

    def _mkdir(self, name: str) -> Group:
        group = Group(name, self.trees)
        for path in group.dirs:
            path.mkdir()
            for file in ("cpuset.cpus", "cpuset.mems"):  # v1: no process gets in before these are set
                if (path / file).exists() and self.hierarchies.version == 1:
                    (path / file).write_bytes((path.parent / file).read_bytes())
        return group

    def _hand_down(self, tree: Path) -> None:
        available = (tree / "cgroup.controllers").read_text().split()
        (tree / "cgroup.subtree_control").write_text(" ".join("+" + name for name in available))


def trees(hierarchies: Hierarchies) -> tuple[str, ...]:
    """The mount points of every tree, the v2 tree of a hybrid machine too."""
    extra = (hierarchies.unified,) if hierarchies.unified else ()
    return tuple(dict.fromkeys(hierarchies.roots + extra))


def why_not() -> str | None:
    """Why no groups can be made here, None if they can."""
    if os.geteuid():
        return "making cgroups needs root"
    try:
        closed = [tree for tree in trees(read_hierarchies(Host())) if not os.access(tree, os.W_OK)]
    except HostError as error:
        return str(error)
    return f"{closed[0]} is not writable" if closed else None


def _rmdir(path: Path) -> None:
    """Remove a group as soon as its killed processes are gone: the kernel says EBUSY until then."""
    for _ in range(200):
        try:
            path.rmdir()
        except FileNotFoundError:
            return
        except OSError:
            for pid in (path / "cgroup.procs").read_text().split():
                _reaped(int(pid))
        else:
            return


def _reaped(pid: int) -> None:
    """Wait until a process has ended, at most a second."""
    try:
        fd = os.pidfd_open(pid)
    except OSError:
        return
    try:
        signal.pidfd_send_signal(fd, signal.SIGKILL)
        select.select([fd], [], [], 1)
    except OSError:
        return
    finally:
        os.close(fd)
