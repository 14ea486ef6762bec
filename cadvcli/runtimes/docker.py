"""Runtime `docker`: containers of the Docker daemon.

The cgroup's path tells the id, the daemon tells who that is. Where it doesn't answer, its files do, if they can be
read, else the path alone: trouble with the engine never costs a container its usage.
"""

import re
import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from cadvcli.errors import CadvcliError, HostError, RuntimeUnavailable
from cadvcli.host import Host
from cadvcli.model.identity import Identity
from cadvcli.runtimes.docker_daemon import Daemon, sockets_for
from cadvcli.runtimes.runtime import Identities, RuntimeSettings, Used

if TYPE_CHECKING:
    from cadvcli.runtimes.docker_wire import Inspected

T = TypeVar("T")

STANDARD = "unix:///var/run/docker.sock"

#: `<id>` by cgroupfs, `docker-<id>.scope` by systemd, `<slice>:docker:<id>` by a runc that took one for the other.
_CONTAINER = re.compile(r"(?:docker-([0-9a-f]{64})\.scope|(?:[^:]+:docker:)?([0-9a-f]{64}))")
#: Of these the forms that Docker alone uses. A bare id below another parent may be a containerd's.
_SURELY = re.compile(r".*/docker/[0-9a-f]{64}|.*/docker-[0-9a-f]{64}\.scope|.*:docker:[0-9a-f]{64}", re.DOTALL)

#: What can stand for a container in a question: an id, a part of it or a name.
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")


class Docker:
    """The Docker daemon of one machine."""

    name = "docker"

    def __init__(self, host: Host, settings: RuntimeSettings, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._host = host
        self._root = settings.docker_root.rstrip("/")
        self._env_prefixes = settings.env_prefixes
        self._given = settings.docker != STANDARD
        self._wanted = settings.docker != ""
        sockets = sockets_for(host, settings.docker or STANDARD, STANDARD)
        self._daemon = Daemon(self.name, sockets, settings.timeout_seconds, monotonic)

    def claims(self, cgroup: str) -> str | None:
        """The id if the path's last element is one of Docker's forms of a 64-digit id."""
        parent, _, element = cgroup.rpartition("/")
        found = _CONTAINER.fullmatch(element)
        # A pod of Podman's: all its forms of a container's own group have a prefix.
        if found is None or not self._wanted or parent.endswith("/libpod_parent"):
            return None
        return found[1] or found[2]

    def list(self) -> Identities:
        """All containers, running or not, by one question; empty where Docker isn't installed."""
        if not self._installed():
            return []
        try:
            return self._listed()
        except RuntimeUnavailable as trouble:
            found = self._listed_in_files()
            if found is None:
                raise
            if found and self._daemon.socket():
                self._daemon.tell(trouble, f"names come from {self._root}")
            return found

    def describe(self, container_id: str, cgroup: str = "") -> Identity | None:
        """Who this is, or None if Docker doesn't know the id. Never raises for a daemon that doesn't answer."""
        sure = _SURELY.fullmatch(cgroup) is not None
        if not (self._wanted and _ID.fullmatch(container_id) and (sure or self._installed())):
            return None
        for ask in (self._inspected, self._listed_alone):
            try:
                return ask(container_id)
            except RuntimeUnavailable as error:
                trouble = error
        try:
            found = self._in_files(container_id)
        except CadvcliError:
            found = self._by_id(container_id)
        if found is None and sure and not self._host.exists(f"{self._root}/containers"):
            found = self._by_id(container_id)
        if found is not None:
            where = f"names come from {self._root}" if found.state else "containers go by their ids"
            self._daemon.tell(trouble, where)
        return found

    def available(self) -> str | None:
        """None if the daemon answers, else why not and what to do about it, in one line."""
        if not self._wanted:
            return "it is not to be asked: --docker is empty"
        try:
            self._daemon.ask("/version")
        except RuntimeUnavailable as trouble:
            return trouble.reason
        return None

    def used(self) -> Used | None:
        """What images and the build cache take, None if the daemon doesn't tell."""
        from cadvcli.runtimes.docker_wire import DiskUsage, decode

        if not self._installed():
            return None
        try:
            # Versions before 1.42 pass over the types, and take the time to walk through containers too.
            found = self._understood("/system/df?type=image&type=build-cache", partial(decode, form=DiskUsage))
        except RuntimeUnavailable:
            return None
        if found is None:
            return None
        cached = sum(one.size for one in found.build_cache or () if not one.shared)
        return Used(image_bytes=found.layers_size or 0, build_cache_bytes=cached)

    def close(self) -> None:
        """Give back the connection. The next question opens another."""
        self._daemon.close()

    def _installed(self) -> bool:
        there = self._given or self._daemon.socket() is not None or self._host.exists(self._root)
        return self._wanted and there

    def _listed(self, filters: str = "") -> Identities:
        from cadvcli.runtimes.docker_identity import identity_of_listed
        from cadvcli.runtimes.docker_wire import listed

        found = {one.id: one for one in self._understood(f"/containers/json?all=1{filters}", listed) or ()}
        return [identity_of_listed(one, self.name, found) for one in found.values()]

    def _listed_alone(self, container_id: str) -> Identity | None:
        """What the list says of one container; unlike an inspect it doesn't wait for what is being done to it."""
        found = self._listed(f"&filters=%7B%22id%22%3A%5B%22{container_id}%22%5D%7D")
        return found[0] if found else None

    def _inspected(self, container_id: str) -> Identity | None:
        from cadvcli.runtimes.docker_identity import identity_of_inspected, network_peer
        from cadvcli.runtimes.docker_wire import Inspected, decode

        inspect = partial(decode, form=Inspected)
        one = self._understood(f"/containers/{container_id}/json", inspect, container_id)
        if one is None:
            return None
        try:
            peer_id = network_peer(one)
            peer = self._understood(f"/containers/{peer_id}/json", inspect, peer_id) if peer_id else None
        except RuntimeUnavailable:
            peer = None  # it costs the address, no more
        return self._with_folders(identity_of_inspected(one, self.name, container_id, self._env_prefixes, peer), one)

    def _understood(self, path: str, decode: Callable[[bytes], T], about: str = "") -> T | None:
        """The decoded answer to GET ``path``, None if there is no such thing."""
        import msgspec

        body = self._daemon.ask(path, about)
        try:
            return None if body is None else decode(body)
        except msgspec.DecodeError as error:
            raise RuntimeUnavailable(self.name, f"the answer to {path} makes no sense: {error}") from error

    def _listed_in_files(self) -> Identities | None:
        """All containers that the daemon wrote down; None if that can't be read."""
        from cadvcli.runtimes.docker_files import container_ids

        try:
            ids = container_ids(self._host, self._root)
        except HostError:
            return None
        return None if ids is None else [found for one in ids if (found := self._readable(one)) is not None]

    def _readable(self, container_id: str) -> Identity | None:
        """What the files say of one of many containers: one with broken files goes by its id."""
        try:
            return self._in_files(container_id)
        except CadvcliError:
            return self._by_id(container_id)

    def _in_files(self, container_id: str) -> Identity | None:
        from msgspec.structs import replace

        from cadvcli.runtimes.docker_files import read_container
        from cadvcli.runtimes.docker_identity import identity_of_inspected

        one = read_container(self._host, self._root, container_id)
        if one is None:
            return None
        found = identity_of_inspected(one, self.name, container_id, self._env_prefixes)
        return replace(self._with_folders(found, one), complete=False)

    def _with_folders(self, identity: Identity, one: "Inspected") -> Identity:
        """The Identity with the folders that only the daemon's files tell."""
        from msgspec.structs import replace

        from cadvcli.runtimes.docker_layers import writable_layer

        log_dir = identity.log_dir or f"{self._root}/containers/{identity.id}"
        root = log_dir.removesuffix(f"/containers/{identity.id}")
        driver = one.driver or (one.graph_driver.name if one.graph_driver else None) or ""
        layer = identity.layer or writable_layer(self._host, root, driver, identity.id or "")
        return replace(identity, layer=layer, log_dir=log_dir)

    def _by_id(self, container_id: str) -> Identity:
        """What the path alone tells."""
        return Identity(
            runtime=self.name,
            name=container_id,
            id=container_id,
            namespace=self.name,
            aliases=(container_id,),
            complete=False,
        )
