"""``/proc/PID/mountinfo``: what is mounted where, in one mount namespace. Since Linux 2.6.26.

One line a mount: ``ID PARENT MAJOR:MINOR ROOT MOUNT_POINT OPTIONS [TAG…] - FSTYPE SOURCE SUPER_OPTIONS``. Space, tab,
newline and backslash in a path are written as three octal digits. https://docs.kernel.org/filesystems/proc.html#proc-pid-mountinfo
"""

import re
from contextlib import suppress

from msgspec import Struct
from msgspec.structs import replace

from cadvcli.errors import ParseError, PermissionDenied
from cadvcli.host import Host
from cadvcli.kernel.keyed import show

_ESCAPE = re.compile(rb"\\([0-3][0-7]{2})")


class Mount(Struct, frozen=True, kw_only=True):
    """One mount. ``root`` is the part of the file system that shows at ``mount_point``: not ``/`` for a bind mount."""

    mount_id: int
    parent_id: int
    major: int
    minor: int
    root: str
    mount_point: str
    options: tuple[str, ...]  #: of this mount: rw, relatime, …
    fstype: str
    source: str  #: a device, or whatever was given to mount(8); may be empty
    super_options: tuple[str, ...]  #: of the file system: rw, lowerdir=…, or a v1 cgroup controller


def parse_mountinfo(text: bytes, path: str = "/proc/self/mountinfo") -> list[Mount]:
    """The mounts in the kernel's order: of two at one mount point the later one hides the earlier."""
    mounts = []
    for number, line in enumerate(text.split(b"\n"), 1):
        if line:
            try:
                mounts.append(_mount(line))
            except ValueError:
                raise ParseError(path, number, f"{show(line)} is no mount") from None
    return mounts


def read_mountinfo(host: Host) -> list[Mount] | None:
    """The mounts of the machine, or None without /proc.

    Below another root ``/proc/self`` is our own container, which has the machine's mounts below that root: init has
    them as they are, but may be hidden from us (hidepid=2).
    """
    if host.root != "/":
        with suppress(PermissionDenied):
            if text := host.read("/proc/1/mountinfo"):
                return parse_mountinfo(text, "/proc/1/mountinfo")
    text = host.read("/proc/self/mountinfo")
    return None if text is None else _below(host.root, parse_mountinfo(text))


def _below(root: str, mounts: list[Mount]) -> list[Mount]:
    """The mounts below ``root``, as seen from there; all of them if there are none, which is no container's view."""
    found = []
    for mount in mounts if root != "/" else ():
        if mount.mount_point == root or mount.mount_point.startswith(root + "/"):
            found.append(replace(mount, mount_point=mount.mount_point[len(root) :] or "/"))
    return found or mounts


def visible(mounts: list[Mount]) -> list[Mount]:
    """The mounts that a path can reach: not those below or behind another mount. Parents come before children."""
    at: dict[str, list[Mount]] = {}
    known = set()
    for mount in mounts:
        at.setdefault(mount.mount_point, []).append(mount)
        known.add(mount.mount_id)
    tops: dict[str, Mount] = {}
    for point in sorted(at, key=len):
        over = _covering(point, tops)
        for mount in at[point]:
            # A parent outside of our root is not listed; a mount on top of another has that one as its parent.
            if over is None or mount.parent_id == over.mount_id or mount.parent_id not in known:
                tops[point] = over = mount
    return list(tops.values())


def _covering(point: str, tops: dict[str, Mount]) -> Mount | None:
    """The mount that the directory above ``point`` belongs to."""
    while point not in ("/", ""):
        point = point.rpartition("/")[0] or "/"
        if point in tops:
            return tops[point]
    return None


def _mount(line: bytes) -> Mount:
    """One line's mount; ValueError if it is none."""
    # Some file systems don't escape spaces in their own options (9p of WSL), so the tail is split twice only.
    head, _, tail = line.partition(b" - ")
    mount_id, parent_id, device, root, point, options, *_ = head.split(b" ")
    fstype, source, super_options = tail.split(b" ", 2)
    major, minor = device.split(b":")
    return Mount(
        mount_id=int(mount_id),
        parent_id=int(parent_id),
        major=int(major),
        minor=int(minor),
        root=_plain(root),
        mount_point=_plain(point),
        options=tuple(_plain(options).split(",")),
        fstype=_plain(fstype),
        source=_plain(source),
        super_options=tuple(_plain(super_options).split(",")),
    )


def _plain(word: bytes) -> str:
    """The word with its octal escapes decoded; ValueError for what no path has."""
    if b"\\" in word:
        word = _ESCAPE.sub(lambda match: bytes((int(match[1], 8),)), word)
    if b"\0" in word:
        raise ValueError(word)
    return word.decode("utf-8", "surrogateescape")
