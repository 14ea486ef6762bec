"""Whose is it? The container that a process, a port, a network interface or a folder belongs to.

``pid:4312`` /proc/PID/cgroup. ``port:8080`` and ``port:53/udp`` the ports that engines publish; without those, who
listens there in the machine's own network: /proc/1/net/{tcp,udp}{,6} and /proc/PID/fd. ``if:veth1a2b``
/sys/class/net/*/{ifindex,iflink}, inside of containers by /proc/PID/root. ``path:/…`` the folders that engines name,
else /proc/PID/mountinfo. Other processes' fd and root are for root alone; without it that is what the error says.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Protocol, TypeVar

from cadvcli.errors import CadvcliError, HostError, PermissionDenied
from cadvcli.host import Host
from cadvcli.kernel.cgroup import parse_proc_cgroup
from cadvcli.kernel.mountinfo import Mount, parse_mountinfo, read_mountinfo
from cadvcli.model.identity import Identity

#: TCP's state LISTEN and UDP's only state for a socket without a peer, as /proc/net has them.
_LISTENING = {"tcp": b"0A", "udp": b"07"}


class Owner(Protocol):
    """A container, alive or not, that may own the thing; ``name`` is its cgroup path, empty if it has none."""

    @property
    def identity(self) -> Identity: ...

    @property
    def name(self) -> str: ...

    def main_pid(self) -> int | None:
        """The process that speaks for it now."""


O = TypeVar("O", bound=Owner)  # noqa: E741  # an owner


def of_pid(text: str, owners: Sequence[O], host: Host) -> Sequence[O]:
    """The innermost container that the process is in, else the innermost plain group."""
    if not re.fullmatch("[0-9]{1,10}", text):
        raise CadvcliError(f"'{text}' is no process id: write pid:4312")
    path = f"/proc/{int(text)}/cgroup"
    raw = host.read(path)
    if raw is None:
        raise CadvcliError(f"there is no process {text}")
    groups = set(parse_proc_cgroup(raw, path).values())
    around = [one for one in owners if one.name and any(_inside(group, one.name) for group in groups)]
    found = max(around, key=lambda one: (one.identity.runtime != "raw", len(one.name)), default=None)
    if found is None:
        raise CadvcliError(f"process {text} is in no container")
    return [found]


def of_port(text: str, owners: Sequence[O], host: Host) -> Sequence[O]:
    """Those that publish the port on the machine, else the one that listens on it in the machine's own network."""
    match = re.fullmatch(r"([0-9]{1,5})(?:/(tcp|udp|sctp))?", text)
    if match is None or not 0 < int(match[1]) < 65536:
        raise CadvcliError(f"'{text}' is no port: write port:8080 or port:53/udp")
    number, protocols = int(match[1]), (match[2],) if match[2] else ("tcp", "udp", "sctp")
    found = [
        one
        for one in owners
        if any(port.host_port == number and port.protocol in protocols for port in one.identity.ports)
    ]
    if found:
        return found
    inodes = {inode for protocol in protocols for inode in _listening(host, protocol, number)}
    if not inodes:
        raise CadvcliError(f"no container publishes port {text}, and nothing listens on it")
    pid, denied = _holder(host, inodes)
    if pid is not None:
        return of_pid(str(pid), owners, host)
    reason = "; only root may see who listens on it" if denied else ""
    raise CadvcliError(f"no container publishes port {text}{reason}")


def of_interface(text: str, owners: Sequence[O], host: Host) -> Sequence[O]:
    """Those whose network is at the other end of an interface of the machine."""
    index, link = _link(host, f"/sys/class/net/{text}") if "/" not in text else (None, None)
    if index is None:
        raise CadvcliError(f"this machine has no network interface '{text}'")
    if link in (None, index):
        raise CadvcliError(f"interface '{text}' has no other end in a container")
    found, denied = [], False
    for one in owners:
        pid = None if one.identity.runtime == "raw" else one.main_pid()
        if pid is None:
            continue
        folder = f"/proc/{pid}/root/sys/class/net"
        try:
            if any(_link(host, f"{folder}/{name}") == (link, index) for name in host.listdir(folder) or ()):
                found.append(one)
        except PermissionDenied:
            denied = True
        except HostError:
            continue
    if found:
        return found
    if denied:
        raise CadvcliError(f"whose '{text}' is can't be told: only root may look into containers' networks")
    raise CadvcliError(f"no container is at the other end of interface '{text}'")


def of_path(text: str, owners: Sequence[O], host: Host) -> Sequence[O]:
    """Those that have the folder or file as a layer, a volume or a mount, or whose id is a part of the path."""
    path = re.sub("/+", "/", text).rstrip("/") or "/"
    if not path.startswith("/"):
        raise CadvcliError(f"'{text}' is no path: write path:/var/lib/docker/overlay2/…")
    parts = set(path.split("/"))
    tests: tuple[Callable[[O], bool], ...] = (
        lambda one: one.identity.id is not None and one.identity.id in parts,
        lambda one: any(_inside(path, folder) for folder in one.identity.host_paths),
    )
    for test in tests:
        if found := [one for one in owners if test(one)]:
            return found
    machine = read_mountinfo(host) or []
    depths = {id(one): _mounted_depth(host, one, path, machine) for one in owners if one.identity.runtime != "raw"}
    deepest = max(depths.values(), default=0)
    if not deepest:
        raise CadvcliError(f"no container has '{text}' as a layer, a volume or a mount")
    return [one for one in owners if depths.get(id(one)) == deepest]


class Finder(Protocol):
    """Finds the owners of a thing by its text; a CadvcliError that says why there is none."""

    def __call__(self, text: str, owners: Sequence[O], host: Host) -> Sequence[O]: ...


BELONGS: Mapping[str, Finder] = {
    "pid": of_pid,
    "port": of_port,
    "if": of_interface,
    "path": of_path,
}


def _inside(path: str, folder: str) -> bool:
    return folder == "/" or path == folder or path.startswith(folder.rstrip("/") + "/")


def _link(host: Host, folder: str) -> tuple[int | None, int | None]:
    """A network interface's own number, and that of its other end or of what it lies on."""
    return _whole(host.text(folder + "/ifindex")), _whole(host.text(folder + "/iflink"))


def _whole(text: str | None) -> int | None:
    return int(text) if text and text.isdigit() else None


def _listening(host: Host, protocol: str, port: int) -> Iterator[str]:
    """The inodes of the sockets that listen on a port in the machine's own network."""
    state, address = _LISTENING.get(protocol), b":%04X" % port
    for file in (protocol, protocol + "6") if state else ():
        for line in (host.read(f"/proc/1/net/{file}") or b"").split(b"\n")[1:]:
            words = line.split()
            if len(words) > 9 and words[3] == state and words[1].endswith(address):
                yield words[9].decode("ascii", "replace")


def _holder(host: Host, inodes: Iterable[str]) -> tuple[int | None, bool]:
    """A process that has one of these sockets open, and whether some could not be looked at."""
    sockets, denied = {f"socket:[{inode}]" for inode in inodes}, False
    for pid in host.listdir("/proc") or ():
        if not pid.isdigit():
            continue
        try:
            if any(host.readlink(f"/proc/{pid}/fd/{fd}") in sockets for fd in host.listdir(f"/proc/{pid}/fd") or ()):
                return int(pid), denied
        except HostError as error:
            denied = denied or isinstance(error, PermissionDenied)
    return None, denied


def _mounted_depth(host: Host, one: Owner, path: str, machine: Iterable[Mount]) -> int:
    """How long the innermost folder of the machine is that the container has mounted and ``path`` is in; 0 if none."""
    raw, pid = None, one.main_pid()
    with suppress(HostError):
        raw = None if pid is None else host.read(f"/proc/{pid}/mountinfo")
    if raw is None:
        return 0
    mounts = parse_mountinfo(raw, f"/proc/{pid}/mountinfo")
    folders = {folder for mount in mounts for folder in _sources(mount, machine)}
    return max((len(folder) for folder in folders if _inside(path, folder)), default=0)


def _sources(mount: Mount, machine: Iterable[Mount]) -> Iterator[str]:
    """The folders of the machine that a container's mount shows: its writable layer, or what was bound."""
    for option in mount.super_options if mount.fstype == "overlay" and mount.mount_point == "/" else ():
        if option.startswith("upperdir="):
            yield option.removeprefix("upperdir=").rpartition("/")[0]
    for other in machine:
        if (other.major, other.minor) == (mount.major, mount.minor) and _inside(mount.root, other.root):
            rest = mount.root.removeprefix(other.root.rstrip("/"))
            yield (other.mount_point.rstrip("/") + "/" + rest.strip("/")).rstrip("/") or "/"
