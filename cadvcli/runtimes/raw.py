"""Runtime `raw`: plain cgroups, which no engine claims. The last one asked.

A raw group's name is its cgroup path; it has no id, labels or image. Each mount into a container may make a
systemd `.mount` unit, whose group holds no process ever: these are nobody's.
"""

from cadvcli.host import Host
from cadvcli.model.identity import Identity, raw
from cadvcli.runtimes.runtime import Identities, RuntimeSettings, Used


class Raw:
    """Every cgroup but systemd's mounts."""

    name = "raw"

    def __init__(self, host: Host, settings: RuntimeSettings) -> None:
        """Plain groups need neither files nor settings to be told apart."""

    def claims(self, cgroup: str) -> str | None:
        """The path itself: a plain group has no other id. None for a mount unit."""
        return None if cgroup.endswith(".mount") else cgroup

    def list(self) -> Identities:
        """Nothing: nobody keeps a list of plain groups but the cgroup tree."""
        return []

    def describe(self, container_id: str, cgroup: str = "") -> Identity | None:
        """The identity of the group with this path."""
        return raw(container_id)

    def available(self) -> str | None:
        """None: there is always a cgroup tree."""
        return None

    def used(self) -> Used | None:
        """None: there are no images."""
        return None

    def close(self) -> None:
        """Nothing is open."""
