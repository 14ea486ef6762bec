"""resctrl: how much of the last-level cache groups of tasks hold, and what they move to and from memory. Bytes.

Groups lie flat below the mount point: control groups, and monitoring groups in ``mon_groups`` of each and of the root.
``tasks`` has the threads of a group, ``mon_data/mon_L3_NN`` the figures of each cache: ``llc_occupancy``,
``mbm_total_bytes``, ``mbm_local_bytes``. Since 4.14 (Intel), 5.1 (AMD). https://docs.kernel.org/filesystems/resctrl.html
"""

import errno
import os
from collections.abc import Iterator
from contextlib import suppress

from msgspec import Struct

from cadvcli.errors import HostError, PermissionDenied
from cadvcli.host import Host
from cadvcli.kernel.keyed import parse_number, parse_numbers
from cadvcli.kernel.mountinfo import parse_mountinfo

USUAL = "/sys/fs/resctrl"
#: What lies in the root and is no control group.
_RESERVED = frozenset({"info", "mon_data", "mon_groups"})


class Domain(Struct, frozen=True, kw_only=True):
    """What one cache says of a group. None: this CPU doesn't count it, or can't tell at the moment."""

    llc_occupancy_bytes: int | None
    mbm_total_bytes: int | None
    mbm_local_bytes: int | None


def read_root(host: Host) -> str | None:
    """Where resctrl is mounted, None if it isn't or this CPU monitors nothing."""
    point = USUAL
    if not host.exists(f"{USUAL}/info"):
        path = "/proc/self/mountinfo" if host.root == "/" else "/proc/1/mountinfo"
        lines = [line for line in (host.read(path) or b"").split(b"\n") if b" - resctrl " in line]
        mounts = list(parse_mountinfo(b"\n".join(lines), path))
        if not mounts:
            return None
        point = mounts[0].mount_point
    return point if host.exists(f"{point}/info/L3_MON/mon_features") else None


def read_domains(host: Host, group: str) -> list[Domain]:
    """The figures of a group, for each cache in the order of their names."""
    found = []
    for name in sorted(host.subdirs(f"{group}/mon_data") or ()):
        if name.startswith("mon_L3_"):
            llc, total, local = (
                _figure(host, f"{group}/mon_data/{name}/{file}")
                for file in ("llc_occupancy", "mbm_total_bytes", "mbm_local_bytes")
            )
            found.append(Domain(llc_occupancy_bytes=llc, mbm_total_bytes=total, mbm_local_bytes=local))
    return found


def _figure(host: Host, path: str) -> int | None:
    text = host.read(path)
    # "Unavailable", "Error", "Unassigned": the hardware has no answer at this moment.
    return None if text is None or text.strip().isalpha() else parse_number(text, path)


def read_tasks(host: Host, group: str) -> set[int]:
    """The threads in a group."""
    path = f"{group}/tasks"
    return set(parse_numbers(host.read(path) or b"", path))


def control_groups(host: Host, root: str) -> Iterator[str]:
    """The control groups, the root as the last one."""
    for name in sorted(host.subdirs(root) or ()):
        if name not in _RESERVED:
            yield f"{root}/{name}"
    yield root


def group_of(host: Host, root: str, tids: set[int]) -> str | None:
    """The group, control or monitoring, that has all of these threads and no others; None if there is none."""
    for control in control_groups(host, root):
        names = sorted(host.subdirs(f"{control}/mon_groups") or ())
        for group in (*(f"{control}/mon_groups/{name}" for name in names), control):
            if group != root and read_tasks(host, group) == tids:
                return group
    return None


def control_of(host: Host, root: str, tids: set[int]) -> str:
    """The control group that these threads are in; the root's where they are in several."""
    return next((group for group in control_groups(host, root) if tids <= read_tasks(host, group)), root)


def make_group(host: Host, group: str) -> None:
    """Make a monitoring group; one that is there already stays."""
    try:
        os.mkdir(host.path(group))
    except FileExistsError:
        return
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise HostError(group, "the CPU can monitor no more groups (RMIDs)") from error
        raise _refused(group, error) from error


def add_tasks(host: Host, group: str, tids: set[int]) -> None:
    """Put threads in a group; one that has ended is passed over."""
    path = f"{group}/tasks"
    for tid in sorted(tids):
        try:
            with open(host.path(path), "ab", buffering=0) as file:
                file.write(b"%d\n" % tid)
        except ProcessLookupError:
            continue
        except OSError as error:
            raise _refused(path, error) from error


def remove_group(host: Host, group: str) -> None:
    """Take a group away; its threads go back to its control group."""
    with suppress(OSError):
        os.rmdir(host.path(group))


def _refused(path: str, error: OSError) -> HostError:
    kind = PermissionDenied if isinstance(error, PermissionError) else HostError
    return kind(path, error.strerror or str(error))
