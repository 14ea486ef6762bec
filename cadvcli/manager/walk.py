"""The directory walker: a process that adds up what lies below folders, one after the other, and holds up nobody.

``walker`` runs this file as a plain script, so nothing of ours is imported here and little else. The process has the
idle I/O class and the lowest priority, ends with its parent, and keeps to a number of inodes a second. What it adds up
is what ``du`` does: blocks of 512 bytes, a file with several links once, other devices not entered.

Messages on stdin and stdout are their length in 4 bytes, then
- asked: number (u32), inodes a second (u32; 0: as many as it can), the folder's path; without a path it is called off
- answered: number (u32), state (u8), bytes, inodes, device (u64 each), and the reason if it failed
all in network order. https://docs.kernel.org/block/ioprio.html
"""

import errno
import os
import platform
import select
import signal
import stat
import struct
import sys
import time
from collections.abc import Iterator

ASK = struct.Struct("!II")
ANSWER = struct.Struct("!IBQQQ")
LENGTH = struct.Struct("!I")

#: States of an answer.
WALKING, DONE, FAILED = 0, 1, 2

#: After so many entries no descriptor of a folder is open, and somebody else may have a turn.
STEP = 256
#: Longest path given to the kernel at once, which takes 4095 bytes; deeper folders are opened in several hops.
HOP = 2000
PROGRESS_SECONDS = 0.2

_PR_SET_PDEATHSIG = 1
_IDLE = 3 << 13
#: The number of ioprio_set, which no libc has a function for.
_IOPRIO_SET = {"x86_64": 251, "i686": 289, "s390x": 282, "ppc64le": 273, "armv7l": 314}

#: What a file or folder that went away in the meantime ends in, or one that became something else.
_VANISHED = (FileNotFoundError, NotADirectoryError)


class Walk:
    """The sum of one folder.

    Whoever owns the tree may change it while we walk: a folder is entered only if it is the one that was seen, so that
    no link leads us out of the tree.
    """

    def __init__(self, top: str) -> None:
        self.top = top
        self.bytes = self.inodes = self.device = 0
        self._linked: set[int] = set()

    def steps(self) -> Iterator[int]:
        """Walk; each step is the number of entries looked at. OSError if the top or a folder in it can't be read."""
        top = os.lstat(self.top)
        self.device = top.st_dev
        self._count(top)
        yield 1
        # By parent, so that a path is kept once for all folders in it.
        rest = [("", [(self.top, top.st_ino)])] if stat.S_ISDIR(top.st_mode) else []
        while rest:
            parent, folders = rest[-1]
            if not folders:
                rest.pop()
                continue
            name, inode = folders.pop()
            path = f"{parent}/{name}" if parent else name
            found: list[tuple[str, int]] = []
            yield from self._folder(path, inode, found)
            if found:
                rest.append((path, found))

    def _folder(self, path: str, inode: int, found: list[tuple[str, int]]) -> Iterator[int]:
        """Look at everything in one folder, and note the folders among it; nothing is open while others have a turn."""
        fd = self._opened(path, inode)
        if fd is None:
            return
        try:
            names = os.listdir(fd)
            self._look(fd, names[:STEP], found)
        finally:
            os.close(fd)
        yield min(len(names), STEP)
        for start in range(STEP, len(names), STEP):
            fd = self._opened(path, inode)
            if fd is None:
                return
            try:
                self._look(fd, names[start : start + STEP], found)
            finally:
                os.close(fd)
            yield STEP

    def _look(self, fd: int, names: list[str], found: list[tuple[str, int]]) -> None:
        for name in names:
            try:
                entry = os.stat(name, dir_fd=fd, follow_symlinks=False)
            except _VANISHED:
                continue
            # A file may be on another device too: what is bind-mounted there. cAdvisor: skips all behind such a file.
            if entry.st_dev != self.device:
                continue
            self._count(entry)
            if stat.S_ISDIR(entry.st_mode):
                found.append((name, entry.st_ino))

    def _count(self, entry: os.stat_result) -> None:
        if entry.st_nlink > 1 and not stat.S_ISDIR(entry.st_mode):
            if entry.st_ino in self._linked:
                return
            self._linked.add(entry.st_ino)
        self.bytes += entry.st_blocks * 512
        self.inodes += 1

    def _opened(self, path: str, inode: int) -> int | None:
        """The folder, or None if it is gone or another one has taken its place."""
        flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
        fd: int | None = None
        try:
            while len(path) > HOP:
                hop = path.rfind("/", 1, HOP)
                fd = _reopened(path[:hop], flags, fd)
                path = path[hop + 1 :]
            fd = _reopened(path, flags, fd)
        except _VANISHED:
            return None
        except OSError as error:
            if error.errno == errno.ELOOP:  # it has become a link
                return None
            raise
        there = os.fstat(fd)
        if (there.st_dev, there.st_ino) != (self.device, inode):
            os.close(fd)
            return None
        return fd


def _reopened(path: str, flags: int, below: int | None) -> int:
    """Opens ``path`` below a descriptor, which it closes."""
    try:
        return os.open(path, flags, dir_fd=below)
    finally:
        if below is not None:
            os.close(below)


class Asked:
    """One folder that somebody wants to know of."""

    def __init__(self, number: int, pace: int, path: str) -> None:
        self.number = number
        self.pace = pace
        self.walk = Walk(path)
        self.steps = self.walk.steps()


class Service:
    """Questions from one descriptor, answers on another, until the questions end."""

    def __init__(self, questions: int, answers: int) -> None:
        self._questions = questions
        self._answers = answers
        self._pending = b""
        self._wanted: list[Asked] = []

    def run(self) -> None:
        """Answer until nobody asks any more."""
        try:
            while self._hear(None):
                while self._wanted:
                    if not self._walk(self._wanted[0]):
                        return
        except BrokenPipeError:
            return

    def _walk(self, asked: Asked) -> bool:
        """Walk to the end of one, unless it is called off; False if nobody wants anything any more."""
        told = began = time.monotonic()
        looked = 0
        try:
            for entries in asked.steps:
                looked += entries
                now = time.monotonic()
                if now - told > PROGRESS_SECONDS:
                    told = now
                    self._tell(asked, WALKING)
                ahead = began + looked / asked.pace - now if asked.pace else 0.0
                if not self._hear(max(0.0, ahead) if ahead > 0.01 else 0.0):
                    return False
                if asked not in self._wanted:
                    return True
        except OSError as error:
            self._tell(asked, FAILED, error.strerror or str(error))
        else:
            self._tell(asked, DONE)
        self._wanted.remove(asked)
        return True

    def _hear(self, seconds: float | None) -> bool:
        """Take in what is asked within that time (None: wait for something); False at the end."""
        until = None if seconds is None else time.monotonic() + seconds
        while self._asked_within(None if until is None else max(0.0, until - time.monotonic())):
            text = os.read(self._questions, 65536)
            if not text:
                return False
            self._pending += text
            while (message := self._message()) is not None:
                number, pace = ASK.unpack_from(message)
                path = os.fsdecode(message[ASK.size :])
                if path:
                    self._wanted.append(Asked(number, pace, path))
                else:
                    self._wanted = [one for one in self._wanted if one.number != number]
            if until is None:
                return True
        return True

    def _asked_within(self, seconds: float | None) -> bool:
        return bool(select.select([self._questions], [], [], seconds)[0])

    def _message(self) -> bytes | None:
        if len(self._pending) < LENGTH.size:
            return None
        end = LENGTH.size + LENGTH.unpack_from(self._pending)[0]
        if len(self._pending) < end:
            return None
        message, self._pending = self._pending[LENGTH.size : end], self._pending[end:]
        return message

    def _tell(self, asked: Asked, state: int, reason: str = "") -> None:
        walk = asked.walk
        answer = ANSWER.pack(asked.number, state, walk.bytes, walk.inodes, walk.device) + os.fsencode(reason)
        os.write(self._answers, LENGTH.pack(len(answer)) + answer)


def die_with(parent: int) -> None:
    """End when the parent does, also if it is gone already."""
    import ctypes

    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit()


def yield_to_others() -> None:
    """Take the disk and a CPU only when nobody else wants them."""
    import ctypes

    os.nice(19)
    ctypes.CDLL(None).syscall(_IOPRIO_SET.get(platform.machine(), 30), 1, 0, _IDLE)


if __name__ == "__main__":
    die_with(int(sys.argv[1]))
    yield_to_others()
    Service(0, 1).run()
