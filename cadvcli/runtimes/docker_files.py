"""What the Docker daemon wrote down of its containers: <data root>/containers/<id>/config.v2.json, hostconfig.json.

Read where the daemon itself doesn't answer. Root alone may; the daemon writes them at each change of state. After a
crash or a power cut they still say that a container runs, so its cgroup in /proc/PID/cgroup has the last word.
"""

from typing import TypeVar

import msgspec

from cadvcli.errors import HostError, ParseError
from cadvcli.host import Host
from cadvcli.runtimes.docker_wire import HostConfig, Inspected, State, decode

T = TypeVar("T")


def container_ids(host: Host, root: str) -> list[str] | None:
    """The ids of all containers, or None if there is no such folder. HostError if it may not be read."""
    names = host.subdirs(f"{root}/containers")
    return None if names is None else sorted(name for name in names if len(name) == 64)


def read_container(host: Host, root: str, container_id: str) -> Inspected | None:
    """What the files say of one container, or None if there are none. HostError or ParseError if they are no use."""
    folder = f"{root}/containers/{container_id}"
    body = host.read(f"{folder}/config.v2.json")
    if body is None:
        return None
    one = _parse(body, f"{folder}/config.v2.json", Inspected)
    host_config = host.read(f"{folder}/hostconfig.json")
    if host_config is not None:
        one.host_config = _parse(host_config, f"{folder}/hostconfig.json", HostConfig)
    if one.state is not None and one.state.running and not _lives(host, container_id, one.state.pid):
        one.state = State(started_at=one.state.started_at, exit_code=None)
    return one


def _parse(body: bytes, path: str, form: type[T]) -> T:
    try:
        return decode(body, form)
    except msgspec.DecodeError as error:
        raise ParseError(path, 1, str(error)) from error


def _lives(host: Host, container_id: str, pid: int | None) -> bool:
    """Whether the process is one of the container's. Where its cgroup may not be seen, it is taken for alive."""
    if not pid:
        return False
    try:
        groups = host.read(f"/proc/{pid}/cgroup")
    except HostError:
        return True
    return groups is not None and container_id.encode() in groups
