"""``Runtime``: what a container engine is to us, and the settings of all of them."""

from typing import Protocol

from msgspec import Struct

from cadvcli.model.identity import Identity

#: A name for the type where a method called ``list`` hides the builtin.
Identities = list[Identity]


class RuntimeSettings(Struct, frozen=True, kw_only=True):
    """What a person can say about the engines."""

    #: Docker's endpoint. The default is looked for below the host root, others are taken as given; empty: none.
    docker: str = "unix:///var/run/docker.sock"
    docker_root: str = "/var/lib/docker"  #: Docker's data root, as the machine itself names it
    #: Environment variables to record as metadata: every KEY that starts with one of these.
    env_prefixes: tuple[str, ...] = ()
    timeout_seconds: float = 2.0  #: of one question to an engine, connecting included


class Used(Struct, frozen=True, kw_only=True):
    """What an engine has on disk besides its containers."""

    image_bytes: int
    build_cache_bytes: int


class Runtime(Protocol):
    """One engine. Its own trouble is told once in the log and never raised into sampling."""

    @property
    def name(self) -> str:
        """``docker``, ``podman``, … or ``raw``."""

    def claims(self, cgroup: str) -> str | None:
        """The container id if this cgroup path has this engine's form, else None. Looks at the path alone."""

    def list(self) -> Identities:
        """All containers, running or not, by one question; empty where the engine isn't installed.

        An identity from here has no start time, pid, restart count or environment: it is not ``complete``,
        ``describe`` has the rest. RuntimeUnavailable if neither the engine nor its files tell.
        """

    def describe(self, container_id: str, cgroup: str = "") -> Identity | None:
        """Who this is, or None if this engine doesn't know the id. Never raises: see ``Identity.complete``.

        ``cgroup`` is the path that was claimed, if one was; it decides where nothing else can tell.
        """

    def available(self) -> str | None:
        """None if the engine answers, else why not and what to do about it, in one line."""

    def used(self) -> "Used | None":
        """What the engine's images and build cache take; None where it keeps none or doesn't tell."""

    def close(self) -> None:
        """Give back the connection. The next question opens another."""
