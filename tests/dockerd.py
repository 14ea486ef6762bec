"""A real dockerd of the test run's own: its socket, data, bridge and containerd lie in one folder and end with it.

Fixture ``dockerd`` starts it once a session; fixture ``docker`` gives the same and removes what the test made. By hand:

    sudo python -m tests.dockerd start      # stays in the foreground, prints how to use it, ends with Ctrl-C

Containers are in the cgroups /docker/<id>, whatever the machine's own Docker does.
"""

import contextlib
import ctypes
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine import Engine, Refused

NEEDED = ("dockerd", "containerd", "containerd-shim-runc-v2", "runc", "busybox")
PATH = os.pathsep.join((os.environ.get("PATH", ""), "/usr/local/sbin", "/usr/sbin", "/sbin"))
FOLDER = "cadvcli-dockerd-"
START_SECONDS = 60

CONTAINERD = """
version = 2
root = "{folder}/containerd"
state = "{folder}/run/containerd"
disabled_plugins = ["io.containerd.grpc.v1.cri", "io.containerd.internal.v1.opt"]
[grpc]
  address = "{folder}/containerd.sock"
"""


def why_not() -> str | None:
    """Why there can be no dockerd of ours here, in one line; None if there can."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return "dockerd: needs root on Linux"
    missing = [name for name in NEEDED if shutil.which(name, path=PATH) is None]
    return f"dockerd: missing {', '.join(missing)} (apt install docker.io busybox-static)" if missing else None


class Dockerd(Engine):
    """A running daemon, its containerd, its bridge and its folder."""

    def __init__(self, path: str = PATH) -> None:
        self.path = path  #: where its programs are looked for
        self.folder = Path(tempfile.mkdtemp(prefix=f"{FOLDER}{os.getpid()}-", dir="/tmp"))
        self.folder.chmod(0o755)
        super().__init__(f"{self.folder}/docker.sock")
        self.endpoint = f"unix://{self.socket}"
        self.root = f"{self.folder}/data"  #: its data root: <root>/containers/<id>/config.v2.json
        self.bridge = ""  #: empty where no bridge can be made: containers have no network then
        self.containerd: subprocess.Popen[bytes] | None = None
        self.daemon: subprocess.Popen[bytes] | None = None

    def begin(self) -> None:
        """Start everything and make the image. OSError with the daemon's own last words if that fails."""
        (self.folder / "containerd.toml").write_text(CONTAINERD.format(folder=self.folder))
        (self.folder / "daemon.json").write_text("{}")  # not the machine's own
        self.bridge = make_bridge()
        self.containerd = self._spawn("containerd", "--config", f"{self.folder}/containerd.toml")
        self._await(self.containerd, f"{self.folder}/containerd.sock")
        self.start_daemon()
        self.import_busybox()

    def start_daemon(self) -> None:
        """Start dockerd alone. Containers that lived on without it are its own again."""
        self.daemon = self._spawn(
            "dockerd",
            f"--config-file={self.folder}/daemon.json",
            f"--host={self.endpoint}",
            f"--data-root={self.root}",
            f"--exec-root={self.folder}/run/docker",
            f"--pidfile={self.folder}/docker.pid",
            f"--containerd={self.folder}/containerd.sock",
            f"--bridge={self.bridge or 'none'}",
            "--exec-opt=native.cgroupdriver=cgroupfs",
            "--live-restore",
            "--iptables=false",
            "--ip6tables=false",
            "--ip-forward=false",
            "--ip-masq=false",
            "--log-level=warn",
        )
        self._await(self.daemon, self.socket)

    def stop_daemon(self) -> None:
        """End dockerd alone; the containers live on."""
        if self.daemon is not None:
            end(self.daemon)
            self.daemon = None

    @contextlib.contextmanager
    def hung(self) -> Iterator[None]:
        """Within: a daemon that takes connections and never answers."""
        assert self.daemon is not None
        self.daemon.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self.daemon.send_signal(signal.SIGCONT)

    def log(self, name: str = "dockerd") -> str:
        """What one of the daemons has written."""
        return (self.folder / f"{name}.log").read_text(errors="replace")

    def close(self) -> None:
        """Remove the containers, end all processes by their ids, and leave nothing behind."""
        ids = []
        with contextlib.suppress(Exception):
            ids = [one["Id"] for one in self.containers()]
            for container in ids:
                with contextlib.suppress(Refused):
                    self.rm(container)
        self.stop_daemon()
        if self.containerd is not None:
            end(self.containerd)
        remove_cgroups(ids)
        clean(self.folder)
        if self.bridge:
            ip("link", "del", self.bridge)

    def _spawn(self, name: str, *arguments: str) -> subprocess.Popen[bytes]:
        binary = shutil.which(name, path=self.path)
        assert binary is not None
        with open(self.folder / f"{name}.log", "ab") as log:
            return subprocess.Popen(
                [binary, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={**os.environ, "PATH": self.path},
                start_new_session=True,
            )

    def _await(self, process: subprocess.Popen[bytes], path: str) -> None:
        """Return as soon as the process takes connections at its socket."""
        end_at = time.monotonic() + START_SECONDS
        while not takes_connections(path):
            if process.poll() is not None or time.monotonic() > end_at:
                name = Path(str(process.args[0])).name  # type: ignore[index]
                words = self.log(name).strip().splitlines()
                raise OSError(f"{name} doesn't start: {words[-1] if words else 'it says nothing'}")
            time.sleep(0.02)


def takes_connections(path: str) -> bool:
    """Whether somebody listens at a unix socket."""
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(path) == 0


def end(process: subprocess.Popen[bytes]) -> None:
    """End one process of ours, by force if it takes longer than ten seconds."""
    process.send_signal(signal.SIGCONT)
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def ip(*arguments: str) -> bool:
    """Whether `ip` did as it was told."""
    binary = shutil.which("ip", path=PATH)
    return binary is not None and subprocess.run([binary, *arguments], capture_output=True, check=False).returncode == 0


def make_bridge() -> str:
    """The name of a new bridge with a network that nobody here uses, empty if none can be made."""
    name = f"cadv{os.getpid()}"
    if not ip("link", "add", name, "type", "bridge"):
        return ""
    routes = Path("/proc/net/route").read_text()  # destinations as little-endian hex
    free = [third for third in range(256) if f"\t00{third:02X}E70A\t" not in routes]
    third = free[os.getpid() % len(free)]
    if ip("addr", "add", f"10.231.{third}.1/24", "dev", name) and ip("link", "set", name, "up"):
        return name
    ip("link", "del", name)
    return ""


def clean(folder: Path) -> None:
    """End what still runs below the folder (shims), take down its mounts and remove it."""
    for process in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            if process.name.isdigit() and str(folder).encode() in (process / "cmdline").read_bytes():
                os.kill(int(process.name), signal.SIGKILL)
    mounts = [line.split()[4] for line in Path("/proc/self/mountinfo").read_text().splitlines()]
    libc = ctypes.CDLL(None)
    for mount in sorted((mount for mount in mounts if mount.startswith(f"{folder}/")), reverse=True):
        libc.umount2(mount.encode(), 2)  # MNT_DETACH
    shutil.rmtree(folder, ignore_errors=True)


def remove_cgroups(ids: list[str]) -> None:
    """End what still runs in the groups of these containers and remove them; /docker too once it is empty."""
    trees = ["/sys/fs/cgroup", *map(str, Path("/sys/fs/cgroup").iterdir())]
    groups = [f"{tree}/docker/{container}" for tree in trees for container in ids]
    end_at = time.monotonic() + 10
    while any(kill_all(group) for group in groups) and time.monotonic() < end_at:
        time.sleep(0.01)
    for group in (*groups, *(f"{tree}/docker" for tree in trees)):
        with contextlib.suppress(OSError):
            os.rmdir(group)


def kill_all(group: str) -> bool:
    """Kill every process of a group; whether there was any."""
    try:
        pids = Path(group, "cgroup.procs").read_text().split()
    except OSError:
        return False
    for pid in pids:
        with contextlib.suppress(OSError):
            os.kill(int(pid), signal.SIGKILL)
    return bool(pids)


def clean_leftovers() -> None:
    """Remove what test runs that were killed have left."""
    for folder in Path("/tmp").glob(f"{FOLDER}*-*"):
        pid = folder.name.removeprefix(FOLDER).partition("-")[0]
        if not os.path.exists(f"/proc/{pid}"):
            containers = folder / "data/containers"
            ids = [one.name for one in containers.iterdir()] if containers.exists() else []
            clean(folder)
            remove_cgroups(ids)
            ip("link", "del", f"cadv{pid}")


@contextlib.contextmanager
def running(path: str = PATH) -> Iterator[Dockerd]:
    """A daemon from start to end. OSError if it doesn't start."""
    clean_leftovers()
    daemon = Dockerd(path)
    try:
        daemon.begin()
        yield daemon
    finally:
        daemon.close()


@pytest.fixture(scope="session")
def dockerd() -> Iterator[Dockerd]:
    """A real daemon for the whole session: ``dockerd.run("web", memory="64m", cmd=[…])``. Remove what you make."""
    if reason := why_not():
        pytest.skip(reason)
    with contextlib.ExitStack() as stack:
        try:
            daemon = stack.enter_context(running())
        except OSError as error:
            pytest.skip(f"dockerd: {error}")
        yield daemon


@pytest.fixture
def docker(dockerd: Dockerd) -> Iterator[Dockerd]:
    """The real daemon, without the containers of other tests: what a test makes is removed after it."""
    yield dockerd
    for container in dockerd.containers():
        dockerd.rm(container["Id"])


def main() -> None:
    """``python -m tests.dockerd start [NAME…]``: a daemon to try things on, with a sleeping container per name."""
    if sys.argv[1:2] != ["start"]:
        sys.exit(main.__doc__)
    if reason := why_not():
        sys.exit(reason)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with running() as daemon, contextlib.suppress(KeyboardInterrupt):
        for name in sys.argv[2:]:
            print(name, daemon.run(name))
        print(f"export DOCKER_HOST={daemon.endpoint}")
        print(f"cadvcli stats --docker={daemon.endpoint} --docker-root={daemon.root}")
        print("Ctrl-C ends it and removes everything", flush=True)
        signal.pause()


if __name__ == "__main__":
    main()
