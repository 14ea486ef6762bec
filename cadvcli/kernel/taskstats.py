"""Generic netlink family TASKSTATS: the tasks of one cgroup v1 directory by their states, without those below it.

The kernel refuses directories of cgroup v2. https://docs.kernel.org/accounting/cgroupstats.html,
https://docs.kernel.org/userspace-api/netlink/intro.html
"""

import os
import socket
import struct
import sys
import weakref
from typing import NamedTuple

from cadvcli.errors import ParseError

_NETLINK_GENERIC = 16
_CONTROL = 0x10  # the family that knows the numbers of all others
_GET_FAMILY, _FAMILY_NAME, _FAMILY_ID = 3, 2, 1
_CGROUPSTATS_GET, _CGROUP_FD, _CGROUP_STATS = 4, 1, 1
_REQUEST, _ERROR = 1, 2
_HEADER = struct.Struct("=IHHIIBBH")  # length, type, flags, number, port; command, version, nothing
_ATTRIBUTE = struct.Struct("=HH")
_STATES = struct.Struct("=5Q")
_PATH = "netlink TASKSTATS"


class TaskStates(NamedTuple):
    """How many tasks are in each state; ``io_wait`` is None where that can't be told."""

    sleeping: int
    running: int
    stopped: int
    uninterruptible: int
    io_wait: int | None


def request(family: int, command: int, attribute: int, value: bytes) -> bytes:
    """One message with one attribute."""
    body = _ATTRIBUTE.pack(_ATTRIBUTE.size + len(value), attribute) + value + bytes(-len(value) % 4)
    return _HEADER.pack(_HEADER.size + len(body), family, _REQUEST, 0, 0, command, 1, 0) + body


def parse_reply(message: bytes) -> dict[int, bytes] | None:
    """The attributes of one message by their numbers; None if it is the kernel's refusal."""
    if len(message) < _HEADER.size:
        raise ParseError(_PATH, 1, "a message without a header")
    length, kind = _HEADER.unpack_from(message)[:2]
    if kind == _ERROR:
        return None
    found = {}
    at, end = _HEADER.size, min(length, len(message))
    while at + _ATTRIBUTE.size <= end:
        size, number = _ATTRIBUTE.unpack_from(message, at)
        if size < _ATTRIBUTE.size or at + size > end:
            raise ParseError(_PATH, 1, "an attribute that is longer than its message")
        found[number] = message[at + _ATTRIBUTE.size : at + size]
        at += size + -size % 4
    return found


def parse_states(value: bytes) -> TaskStates:
    """A ``struct cgroupstats``; a later kernel may have more at its end."""
    if len(value) < _STATES.size:
        raise ParseError(_PATH, 1, "too short for a struct cgroupstats")
    return TaskStates(*_STATES.unpack_from(value))


class Taskstats:
    """A netlink socket that asks for one cgroup after the other."""

    def __init__(self, fd: int, family: int) -> None:
        self._fd = fd
        self._family = family
        weakref.finalize(self, os.close, fd)

    @classmethod
    def open(cls) -> "Taskstats | None":
        """Ready to be asked, None where the kernel has no such family or this process may use no netlink."""
        try:
            sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW | socket.SOCK_NONBLOCK, _NETLINK_GENERIC)
        except OSError:
            return None
        with sock:
            try:
                sock.bind((0, 0))
                attributes = _ask(sock.fileno(), request(_CONTROL, _GET_FAMILY, _FAMILY_NAME, b"TASKSTATS\0"))
            except (OSError, ParseError):
                return None
            family = (attributes or {}).get(_FAMILY_ID, b"")
            return cls(sock.detach(), int.from_bytes(family, sys.byteorder)) if len(family) == 2 else None

    def states(self, directory: int) -> TaskStates | None:
        """The tasks in the cgroup of an open v1 directory, None if the kernel doesn't tell."""
        wanted = struct.pack("=I", directory)
        try:
            attributes = _ask(self._fd, request(self._family, _CGROUPSTATS_GET, _CGROUP_FD, wanted))
        except OSError:
            return None
        value = (attributes or {}).get(_CGROUP_STATS)
        return None if value is None else parse_states(value)


def _ask(fd: int, message: bytes) -> dict[int, bytes] | None:
    """The kernel answers while the request is sent, so the answer is there to be read."""
    os.write(fd, message)
    return parse_reply(os.read(fd, 65536))
