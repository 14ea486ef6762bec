"""``Identity``: who a container is, as its owner names it. Made by ``runtimes``, ours alone (not cAdvisor's wire)."""

from msgspec import Struct


class Port(Struct, frozen=True, kw_only=True):
    """A port of a container, published on the host where ``host_port`` is not 0."""

    container_port: int
    protocol: str = "tcp"
    host_ip: str = ""
    host_port: int = 0


class Identity(Struct, frozen=True, kw_only=True):
    """What a runtime knows of one container. Times are wall-clock nanoseconds; None is unknown.

    ``runtime`` is docker, podman, containerd, crio or raw; ``namespace`` is cAdvisor's word for it, empty for raw.
    ``name`` is what its owner calls it; a raw group's name is its cgroup path and it has no id. ``state`` is one of
    created, running, paused, restarting, removing, exited, dead; ``status`` is the engine's own wording of it and of
    its age at the moment it was asked. ``pid`` is the main process, None when it has none. ``host_paths`` are folders
    of the machine that belong to this container alone: its layers, its volumes. ``layer`` is the one of them that takes
    up what it writes, ``log_dir`` where the engine keeps its log and its settings; empty where there is no such folder.
    ``complete`` is false when only the cgroup's path or a file told who it is and the engine should be asked again.
    """

    runtime: str
    name: str
    id: str | None = None
    namespace: str = ""
    aliases: tuple[str, ...] = ()
    image: str | None = None
    image_id: str | None = None
    labels: dict[str, str] = {}
    envs: dict[str, str] = {}
    command: str | None = None
    created_ns: int | None = None
    started_ns: int | None = None
    finished_ns: int | None = None
    state: str | None = None
    status: str | None = None
    exit_code: int | None = None
    oom_killed: bool | None = None
    health: str | None = None
    restart_count: int | None = None
    pid: int | None = None
    network_mode: str = ""
    ip_address: str = ""
    ports: tuple[Port, ...] = ()
    host_paths: tuple[str, ...] = ()
    layer: str = ""
    log_dir: str = ""
    complete: bool = True

    @property
    def service(self) -> str | None:
        """The Compose service, if it is one."""
        return self.labels.get("com.docker.compose.service")

    @property
    def project(self) -> str | None:
        """The Compose project, if it is of one."""
        return self.labels.get("com.docker.compose.project")


def raw(cgroup: str) -> Identity:
    """The identity of a plain cgroup: its path is its name."""
    return Identity(runtime="raw", name=cgroup, state="running")
