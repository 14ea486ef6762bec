"""``perf_event_open``: counters of the CPUs and of the kernel, for a cgroup or for all that a CPU runs.

An event is opened on each CPU by itself: the kernel counts a cgroup only so. Events of one group are on the CPU's
counters at the same times. With more events than counters the kernel lets them take turns, and tells for how long an
event was wanted and was counted; both are nanoseconds. https://man7.org/linux/man-pages/man2/perf_event_open.2.html
"""

import errno
import os
import resource
import struct
from typing import NamedTuple

from cadvcli.errors import HostError, ParseError, PermissionDenied

#: The number of the system call, by architecture.
_SYSCALL = {"x86_64": 298, "aarch64": 241, "riscv64": 241, "s390x": 331, "armv7l": 364, "i686": 336}

HARDWARE, SOFTWARE, HW_CACHE = 0, 1, 3

_GENERIC = {
    HARDWARE: (
        "cycles", "instructions", "cache-references", "cache-misses", "branch-instructions", "branch-misses",
        "bus-cycles", "stalled-cycles-frontend", "stalled-cycles-backend", "ref-cycles",
    ),
    SOFTWARE: (
        "cpu-clock", "task-clock", "page-faults", "context-switches", "cpu-migrations", "minor-faults", "major-faults",
        "alignment-faults", "emulation-faults", "dummy", "bpf-output", "cgroup-switches",
    ),
}  # fmt: skip
#: Other words for them: perf's short ones, and those of the kernel's header without PERF_COUNT_HW_ and _SW_.
_ALSO = {
    "cpu-cycles": "cycles", "branches": "branch-instructions", "idle-cycles-frontend": "stalled-cycles-frontend",
    "idle-cycles-backend": "stalled-cycles-backend", "ref-cpu-cycles": "ref-cycles", "faults": "page-faults",
    "cs": "context-switches", "migrations": "cpu-migrations", "page-faults-min": "minor-faults",
    "page-faults-maj": "major-faults",
}  # fmt: skip
_CACHES = ("L1-dcache", "L1-icache", "LLC", "dTLB", "iTLB", "branch", "node")
_OPERATIONS = ("load", "store", "prefetch")

# struct perf_event_attr up to config2 (72 bytes), which every kernel since 2.6.33 takes: type, size, config,
# sample_period, sample_type, read_format, flags, wakeup_events, bp_type, config1, config2.
_ATTR = struct.Struct("=IIQQQQQIIQQ")
_DISABLED = 1
#: TOTAL_TIME_ENABLED, TOTAL_TIME_RUNNING, GROUP.
_READ_FORMAT = 1 | 2 | 8
_CGROUP, _CLOEXEC = 4, 8
_ENABLE, _RESET = 0x2400, 0x2403
#: Descriptors that are left for everything else.
_SPARE = 512


class Attr(NamedTuple):
    """Which event: the PMU's type, and what that PMU takes it from."""

    type: int
    config: int
    config1: int = 0
    config2: int = 0


class Count(NamedTuple):
    """What a group says: since when, and for how long really, its events counted; nanoseconds."""

    enabled_ns: int
    running_ns: int
    values: tuple[int, ...]  #: in the order in which they were opened


def generic(name: str) -> Attr | None:
    """The event that every kernel calls so, in perf's words or its header's; None if there is no such word."""
    plain = name.removeprefix("PERF_COUNT_HW_").removeprefix("PERF_COUNT_SW_")
    word = plain.lower().replace("_", "-") if plain != name else name
    word = _ALSO.get(word, word)
    for kind, words in _GENERIC.items():
        if word in words:
            return Attr(kind, words.index(word))
    for cache, prefix in enumerate(_CACHES):
        for operation, verb in enumerate(_OPERATIONS):
            plural = verb + ("es" if verb.endswith("h") else "s")
            for result, word in enumerate((f"{prefix}-{plural}", f"{prefix}-{verb}-misses")):
                if name == word:
                    return Attr(HW_CACHE, cache | operation << 8 | result << 16)
    return None


def open_event(attr: Attr, cpu: int, cgroup: int = -1, leader: int = -1) -> int:
    """A descriptor that counts the event on that CPU, for the cgroup of that directory's descriptor or for all.

    The first of a group has no leader and stands still until ``start``. OSError says why there is none.
    """
    import ctypes

    number = _SYSCALL.get(os.uname().machine)
    if number is None:
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))
    raw = _ATTR.pack(
        attr.type, _ATTR.size, attr.config, 0, 0, _READ_FORMAT, _DISABLED if leader == -1 else 0, 0, 0,
        attr.config1, attr.config2,
    )  # fmt: skip
    flags = _CLOEXEC | (_CGROUP if cgroup != -1 else 0)
    long = ctypes.c_long
    libc = ctypes.CDLL(None, use_errno=True)
    fd: int = libc.syscall(long(number), ctypes.c_char_p(raw), long(cgroup), long(cpu), long(leader), long(flags))
    if fd < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    # The kernel gives the lowest number that is free, so this one tells how many are left.
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and fd >= soft - min(_SPARE, soft // 2):
        os.close(fd)
        raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))
    return fd


def start(leader: int) -> None:
    """Let a group count, from 0."""
    from fcntl import ioctl

    ioctl(leader, _RESET, 0)
    ioctl(leader, _ENABLE, 0)


def read_count(leader: int, events: int) -> Count | None:
    """What a group has counted; None where the kernel can't count it any more."""
    return parse_count(os.read(leader, 24 + 8 * events), "perf_event")


def parse_count(raw: bytes, path: str) -> Count | None:
    """The numbers in the bytes of a group; None of none at all."""
    if not raw:
        return None
    numbers = struct.unpack(f"={len(raw) // 8}Q", raw[: len(raw) // 8 * 8])
    if len(raw) < 24 or numbers[0] != len(numbers) - 3:
        raise ParseError(path, 1, f"{len(raw)} bytes are no group of events")
    return Count(numbers[1], numbers[2], numbers[3:])


def refusal(event: str, error: OSError) -> HostError:
    """Why an event can't be counted, and what helps."""
    name = f"perf event {event}"
    match error.errno:
        case errno.EACCES | errno.EPERM:
            return PermissionDenied(
                name, "not permitted; run as root or with CAP_PERFMON, or set kernel.perf_event_paranoid to -1"
            )
        case errno.ENOENT | errno.ENODEV | errno.EOPNOTSUPP | errno.ENXIO:
            return HostError(name, "this CPU or kernel doesn't count it; virtual machines often count software alone")
        case errno.EMFILE | errno.ENFILE:
            return HostError(name, "too many open files; each event needs one for each CPU and container: ulimit -n")
        case errno.EINVAL:
            return HostError(name, "the kernel refuses this event or this group; is the group too large?")
        case errno.ENOSYS:
            return HostError(name, "this kernel has no perf events, or this architecture's are not known here")
    return HostError(name, error.strerror or str(error))
