"""Runtime `docker`: containers of the Docker daemon."""

import re

from cadvcli.host import Host
from cadvcli.model.identity import Identity
from cadvcli.runtimes.runtime import Identities, RuntimeSettings

#: `<id>` by cgroupfs, `docker-<id>.scope` by systemd, `<slice>:docker:<id>` by a runc that took one for the other.
_CONTAINER = re.compile(r"(?:docker-([0-9a-f]{64})\.scope|(?:[^:]+:docker:)?([0-9a-f]{64}))")


class Docker:
    """The Docker daemon of one machine."""

    name = "docker"

    def __init__(self, host: Host, settings: RuntimeSettings) -> None:
        self._host = host
        self._settings = settings

    def claims(self, cgroup: str) -> str | None:
        """The id if the path's last element is one of Docker's forms of a 64-digit id."""
        found = _CONTAINER.fullmatch(cgroup.rpartition("/")[2])
        return (found[1] or found[2]) if found else None

    def list(self) -> Identities:
        """All containers by one question."""
        return []

    def describe(self, container_id: str, cgroup: str = "") -> Identity | None:
        """Who this is."""
        return Identity(runtime="docker", name=container_id, id=container_id, namespace="docker", complete=False)

    def available(self) -> str | None:
        """Why it doesn't answer."""
        return None

    def close(self) -> None:
        """Give back the connection."""
