"""``Request``: what an API request asks for, taken apart; and ``Refused``, the answer to a bad one."""

from msgspec import Struct

from cadvcli.errors import UnknownContainer
from cadvcli.manager.container import Container
from cadvcli.model.machine import MachineInfo
from cadvcli.web.go import clean_path, quoted
from cadvcli.web.query import Options
from cadvcli.web.site import Site

#: What cAdvisor says of a container that it knows and has no sample of.
NO_SAMPLE = "unable to find data in memory cache"


class Refused(Exception):
    """A request that gets no answer but this text."""

    def __init__(self, reason: str, status: int = 500) -> None:
        super().__init__(reason)
        self.status = status


class Request(Struct, kw_only=True):
    """One request to the API."""

    site: Site
    args: list[str]  #: the path's elements behind the request type
    body: bytes
    options: Options  #: v2's; v1 has the defaults
    machine: MachineInfo | None
    deadline_ns: int  #: on the boot clock, until when a sweep may go on

    @property
    def name(self) -> str:
        """The container's canonical name that the path gives: no elements are the root group."""
        return clean_path("/" + "/".join(self.args)).rstrip("/") or "/"

    @property
    def capacity_bytes(self) -> int:
        """The machine's memory, which stands for a limit of 0; 0 if it isn't known."""
        return self.machine.memory_capacity if self.machine else 0


def by_name(site: Site, name: str) -> Container:
    """The container with this canonical name; aliases and ids don't count."""
    found = site.manager.registry.get(name)
    if found is None:
        raise Refused(f"unknown container {quoted(name)}")
    return found


def by_alias(site: Site, namespace: str, alias: str) -> Container:
    """The container with this name or id, or unique beginning of one, in an engine's namespace."""
    try:
        return site.manager.by_alias(namespace, alias)
    except UnknownContainer as error:
        raise Refused(str(error).replace(f'"{alias}"', quoted(alias))) from None


def below(site: Site, name: str) -> list[Container]:
    """The container and all in it, by name.

    cAdvisor compares bare beginnings, so that /docker has /docker-other in it too.
    """
    inside = "/" if name == "/" else name + "/"
    return [one for one in site.manager.containers() if one.name == name or one.name.startswith(inside)]
