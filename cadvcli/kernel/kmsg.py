"""/dev/kmsg: the kernel's log as records, and what its OOM killer writes there.

A read gives one record, ``priority,sequence,µs since boot,flags;message``, with lines after it that begin with a
blank; what is not printable is ``\\xNN``. From 5.0 on one line tells all of a kill, which the kernel leaves out when
kills come too fast; before, the group stands in one line and the process in another. Needs root or CAP_SYSLOG where
kernel.dmesg_restrict is 1. https://docs.kernel.org/admin-guide/abi-testing.html#abi-file-testing-dev-kmsg
"""

import errno
import os
import re

from msgspec import Struct

from cadvcli.errors import HostError
from cadvcli.host import Host

PATH = "/dev/kmsg"
#: The most that one record takes, and the most records that are read in one go: a flood must not hold up the rest.
_RECORD = 8192
_MOST = 200

_HEADER = re.compile(rb"\d+,\d+,\d+,[^;\n]*;")
_ESCAPE = re.compile(rb"\\x([0-9a-f]{2})")
_MODERN = re.compile(
    r"oom-kill:constraint=(?P<constraint>\w+),.*?(?:,global_oom|,oom_memcg=(?P<limit>.*?))"
    r",task_memcg=(?P<group>.*),task=(?P<process>.*),pid=(?P<pid>\d{1,10}),uid=\d+"
)
_GROUP = re.compile(r"Task in (?P<group>\S+) killed as a result of limit of (?P<limit>\S+)")
_KILLED = re.compile(r"Killed process (?P<pid>\d{1,10}) \((?P<process>.*?)\)")


class Kill(Struct, frozen=True, kw_only=True):
    """One process that the OOM killer ended; ``group`` is its cgroup on the machine."""

    group: str
    pid: int
    process: str
    constraint: str  #: CONSTRAINT_MEMCG, CONSTRAINT_NONE (the machine's memory), …


def parse_records(text: bytes) -> list[str]:
    """The messages of the records, each without its header and the lines that belong to it."""
    found = []
    for line in text.split(b"\n"):
        header = _HEADER.match(line)
        if header:
            message = _ESCAPE.sub(lambda match: bytes([int(match[1], 16)]), line[header.end() :])
            found.append(message.decode("utf-8", "replace"))
    return found


class Kills:
    """Finds kills in messages that come one after the other."""

    def __init__(self) -> None:
        self._group = ""  #: of the kill of which an old kernel has told only that yet

    def of(self, message: str) -> Kill | None:
        """The kill that this message makes complete, None if it makes none."""
        if whole := _MODERN.search(message):
            self._group = ""
            return _kill(whole["group"], whole["pid"], whole["process"], whole["constraint"])
        if group := _GROUP.search(message):
            self._group = group["group"]
        elif self._group and (killed := _KILLED.search(message)):
            group_name, self._group = self._group, ""
            return _kill(group_name, killed["pid"], killed["process"], "CONSTRAINT_MEMCG")
        return None


def _kill(group: str, pid: str, process: str, constraint: str) -> Kill:
    return Kill(group=group, pid=int(pid), process=process, constraint=constraint)


class KernelLog:
    """The records that come from now on. Not a thread: whoever polls ``fd`` calls ``kills``."""

    def __init__(self, fd: int) -> None:
        self.fd = fd
        self._kills = Kills()

    @classmethod
    def open(cls, host: Host) -> "KernelLog | None":
        """The log of this machine, None where there is none or this user may not read it."""
        try:
            fd = os.open(host.path(PATH), os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError:
            return None
        try:
            os.lseek(fd, 0, os.SEEK_END)
        except OSError as error:
            if error.errno != errno.ESPIPE:
                os.close(fd)
                return None
        return cls(fd)

    def kills(self) -> list[Kill]:
        """The kills among the records that have come. HostError when the log can't be read any more."""
        found = []
        for _ in range(_MOST):
            try:
                text = os.read(self.fd, _RECORD)
            except BlockingIOError:
                break
            except OSError as error:
                if error.errno == errno.EPIPE:  # records were overwritten before they were read
                    continue
                raise HostError(PATH, os.strerror(error.errno or 0)) from error
            if not text:
                break
            found += [kill for message in parse_records(text) if (kill := self._kills.of(message))]
        return found

    def close(self) -> None:
        """Give the descriptor back."""
        os.close(self.fd)
