"""``Walker``: the directory walker as its parent sees it. It is one process of its own: see ``walk``."""

import os
import sys
from collections.abc import Sequence
from typing import NamedTuple

from cadvcli.manager import walk
from cadvcli.manager.walk import ANSWER, ASK, DONE, FAILED, LENGTH, WALKING

__all__ = ["DONE", "FAILED", "WALKING", "Answer", "Walker", "WalkerGone"]


class Answer(NamedTuple):
    """What was found so far below one folder, or all of it where ``state`` is DONE."""

    number: int
    state: int
    bytes: int
    inodes: int
    device: int  #: st_dev of the folder
    reason: str  #: why it failed


class WalkerGone(Exception):
    """The process has ended."""


class Walker:
    """One process. ``fd`` has something to read when there are answers."""

    def __init__(self, program: Sequence[str] = (walk.__file__,)) -> None:
        import subprocess

        # Isolated, without site packages: it starts in 30 ms and takes 11 MB. Ctrl-C is not for it.
        argv = [sys.executable, "-IS", *program, str(os.getpid())]
        self._process = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, process_group=0)
        self._ask, self.fd = (pipe.fileno() for pipe in (self._process.stdin, self._process.stdout) if pipe)
        self._pending = b""

    @property
    def pid(self) -> int:
        """The process."""
        return self._process.pid

    def ask(self, number: int, path: str, inodes_per_second: int = 0) -> None:
        """Let it walk through a folder once it is done with what was asked before. An empty path calls that off."""
        message = ASK.pack(number, inodes_per_second) + os.fsencode(path)
        try:
            os.write(self._ask, LENGTH.pack(len(message)) + message)
        except BrokenPipeError:
            raise WalkerGone from None

    def answers(self) -> list[Answer]:
        """What it said since; waits if there is nothing. WalkerGone at its end."""
        text = os.read(self.fd, 65536)
        if not text:
            raise WalkerGone
        self._pending += text
        found = []
        while len(self._pending) >= LENGTH.size:
            end = LENGTH.size + LENGTH.unpack_from(self._pending)[0]
            if len(self._pending) < end:
                break
            message, self._pending = self._pending[LENGTH.size : end], self._pending[end:]
            number, state, used, inodes, device = ANSWER.unpack_from(message)
            found.append(Answer(number, state, used, inodes, device, message[ANSWER.size :].decode("utf-8", "replace")))
        return found

    def close(self) -> None:
        """End it."""
        self._process.kill()
        with self._process:  # closes the pipes and waits
            pass
