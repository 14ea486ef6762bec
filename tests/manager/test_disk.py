"""What measures file systems beside everything else."""

import os
import signal
import threading
import time
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import pytest

from cadvcli.collectors.disk import SOURCE
from cadvcli.filesystems import Mounted, partitions
from cadvcli.kernel.mountinfo import parse_mountinfo
from cadvcli.kernel.statvfs import Usage
from cadvcli.manager.container import Container
from cadvcli.manager.daemon import Daemon
from cadvcli.manager.disk import MACHINE_NS, holder, machine_found
from cadvcli.manager.settings import Settings
from cadvcli.manager.walker import Walker
from cadvcli.model.clock import SECOND
from cadvcli.model.identity import Identity, raw
from cadvcli.model.stats import FsStats
from cadvcli.runtimes.runtime import Identities, Used
from tests.fakes import walker as fake
from tests.machines import MOUNTINFO_V2, Machine
from tests.manager.test_manager import Plain

MOUNTS = b"""\
22 1 254:1 / / rw - ext4 /dev/vda1 rw
23 22 0:31 / /var/lib/docker rw - btrfs /dev/vdb rw
24 22 0:32 / /mnt/nas rw - nfs4 nas:/x rw
"""
SIZE = Usage(capacity_bytes=1000, free_bytes=300, available_bytes=200, inodes=50, inodes_free=20)


def mounted(usage: Usage | None = SIZE) -> list[Mounted]:
    return [Mounted(partition, usage) for partition in partitions(parse_mountinfo(MOUNTS))]


def test_used_is_what_is_not_free_and_available_is_for_everybody() -> None:
    found = machine_found(mounted(), 5)
    assert (found.wall_ns, found.whole) == (5, True)
    use = found.uses[0]
    assert (use.device, use.major, use.minor) == ("/dev/vda1", 254, 1)
    assert (use.capacity, use.usage, use.available, use.inodes, use.inodes_free) == (1000, 700, 200, 50, 20)


def test_a_file_system_that_does_not_answer_is_left_out() -> None:
    assert machine_found(mounted(None), 5).uses == []


@pytest.mark.parametrize(
    ("path", "device", "source"),
    [
        ("/somewhere", os.makedev(254, 1), "/dev/vda1"),
        ("/var/lib/docker/overlay2/x/diff", os.makedev(0, 99), "/dev/vdb"),
        ("/var/lib/dockerfiles", os.makedev(0, 99), "/dev/vda1"),
    ],
)
def test_a_folder_lies_in_the_file_system_of_its_number_else_of_its_path(path: str, device: int, source: str) -> None:
    one = holder(mounted(), path, device)
    assert one is not None
    assert one.partition.device == source


class Engine:
    """An engine whose containers are the groups below /docker; their folders are ``folder/<name>``."""

    name = "docker"

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def claims(self, cgroup: str) -> str | None:
        return cgroup.removeprefix("/docker/") if cgroup.startswith("/docker/") else None

    def list(self) -> Identities:
        return []

    def describe(self, container_id: str, cgroup: str = "") -> Identity | None:
        return Identity(
            runtime="docker",
            name=container_id,
            id=container_id,
            namespace="docker",
            layer=f"{self.folder}/{container_id}/diff",
            log_dir=f"{self.folder}/{container_id}/logs",
        )

    def available(self) -> None:
        return None

    def used(self) -> Used | None:
        return None

    def close(self) -> None:
        pass


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    machine = Machine(tmp_path)
    machine.group("/docker/web")
    # Below another root than / a mount is asked only if it is the one that shows there.
    device = os.stat(machine.host.root).st_dev
    line = f"22 1 {os.major(device)}:{os.minor(device)} / / rw - ext4 /dev/vda1 rw\n"
    (machine.root / "proc/1/mountinfo").write_text(MOUNTINFO_V2 + line)
    for folder in ("diff", "logs"):
        (Path(machine.host.root) / "layers/web" / folder).mkdir(parents=True)
    return machine


@pytest.fixture
def daemon(machine: Machine) -> Iterator[Daemon]:
    settings = Settings(
        kinds=frozenset({"cpu", "disk"}), housekeeping_interval_ns=SECOND // 20, allow_dynamic_housekeeping=False
    )
    daemon = Daemon(machine.host, settings, (Engine(Path("/layers")), Plain()))
    yield daemon
    daemon.stop()


def until(daemon: Daemon, true: Callable[[], object]) -> None:
    """Wait until the work thread finds it so."""

    def job() -> Generator[None, None, object]:
        yield
        return true()

    end = time.monotonic() + 60
    while not daemon.run(job()).result(30):
        assert time.monotonic() < end
        time.sleep(0.005)


def web_of(daemon: Daemon) -> Container:
    """The container, as soon as its engine has told who it is."""
    until(daemon, lambda: "/docker/web" in daemon.registry)
    return daemon.container("/docker/web")


def filesystem(daemon: Daemon, container: Container) -> list[FsStats]:
    sample = daemon.latest(container)
    return sample.stats.filesystem if sample else []


def test_what_a_container_wrote_is_measured_without_being_asked_for(machine: Machine, daemon: Daemon) -> None:
    layers = Path(machine.host.root) / "layers/web"
    (layers / "diff/file").write_bytes(b"x" * 10_000)
    (layers / "logs/x-json.log").write_bytes(b"x" * 5_000)
    daemon.start()
    web = web_of(daemon)
    until(daemon, lambda: filesystem(daemon, web))
    (only,) = filesystem(daemon, web)
    files = [layers / "diff", layers / "diff/file", layers / "logs", layers / "logs/x-json.log"]
    used = [file.stat().st_blocks * 512 for file in files]
    assert (only.base_usage, only.usage, only.inodes) == (sum(used[:2]), sum(used), 2)
    assert only.device == "/dev/vda1"
    assert not only.has_inodes


def test_the_root_group_gets_the_machines_file_systems(daemon: Daemon) -> None:
    daemon.start()
    until(daemon, lambda: filesystem(daemon, daemon.container("/")))
    assert filesystem(daemon, daemon.container("/"))[0].device == "/dev/vda1"


def test_sweeps_go_on_while_a_walk_takes_for_ever(daemon: Daemon) -> None:
    daemon.disk.start_walker = lambda: Walker((fake.__file__, ""))
    daemon.start()
    web = web_of(daemon)
    until(daemon, lambda: daemon.disk._current is not None)
    before = len(web.history)
    until(daemon, lambda: len(web.history) > before + 5)
    assert daemon.disk._current is not None
    assert SOURCE not in web.findings


@pytest.mark.real
def test_sweeps_go_on_beside_ten_thousand_files(machine: Machine, daemon: Daemon) -> None:
    layer = Path(machine.host.root) / "layers/web/diff"
    for number in range(10_000):
        (layer / str(number // 500)).mkdir(exist_ok=True)
        (layer / str(number // 500) / str(number)).touch()
    daemon.start()
    web = web_of(daemon)
    until(daemon, lambda: daemon.disk._current is not None)
    before = len(web.history)
    until(daemon, lambda: filesystem(daemon, web))
    assert filesystem(daemon, web)[0].inodes == 10_021
    assert len(web.history) > before + 5


def test_a_walker_that_dies_is_replaced(daemon: Daemon, caplog: pytest.LogCaptureFixture) -> None:
    made: list[Walker] = []

    def start() -> Walker:
        made.append(Walker((fake.__file__, "")))
        return made[-1]

    daemon.disk.start_walker = start
    daemon.start()
    until(daemon, lambda: daemon.disk._current is not None)
    os.kill(made[0].pid, signal.SIGKILL)
    until(daemon, lambda: daemon.disk._current is None)
    assert "the directory walker ended before its time" in caplog.text
    assert daemon.disk._walker is None
    ((due_ns, _, _),) = daemon.disk._due
    assert due_ns > daemon.clock.boot_ns() + 60 * SECOND


def test_folders_that_are_missing_are_tried_again_ever_later(machine: Machine, daemon: Daemon) -> None:
    (Path(machine.host.root) / "layers/web/diff").rmdir()
    daemon.start()
    web = web_of(daemon)
    until(daemon, lambda: daemon.disk._pauses)
    assert SOURCE not in web.findings
    assert daemon.disk._pauses == {"/docker/web": 120 * SECOND}


def test_without_logs_the_layer_alone_is_told(machine: Machine, daemon: Daemon) -> None:
    (Path(machine.host.root) / "layers/web/logs").rmdir()
    daemon.start()
    web = web_of(daemon)
    until(daemon, lambda: filesystem(daemon, web))
    (only,) = filesystem(daemon, web)
    assert only.usage == only.base_usage


def test_a_container_that_went_is_forgotten(machine: Machine, daemon: Daemon) -> None:
    daemon.start()
    web = web_of(daemon)
    until(daemon, lambda: filesystem(daemon, web))

    machine.remove("/docker/web")
    until(daemon, lambda: daemon.registry.get("/docker/web") is None)

    def later() -> Generator[None, None, None]:
        yield
        daemon.disk._walk_next(daemon.clock.boot_ns() + 3600 * SECOND)

    daemon.run(later()).result(10)
    assert "/docker/web" not in daemon.disk._known


def test_nothing_is_measured_that_nobody_wants(machine: Machine) -> None:
    daemon = Daemon(machine.host, Settings(kinds=frozenset({"cpu"})), (Engine(Path("/layers")), Plain()))
    daemon.start()
    now = daemon.clock.boot_ns()
    assert daemon.disk.tick(now) == now + MACHINE_NS
    assert daemon.disk.mounted is None
    daemon.stop()
    assert "walk" not in {thread.name for thread in threading.enumerate()}


def test_a_plain_group_has_nothing_to_walk_through(daemon: Daemon) -> None:
    daemon.start()
    root = daemon.container("/")
    assert raw("/").layer == root.identity.layer == ""
    until(daemon, lambda: daemon.disk.mounted is not None)
    assert "/" not in daemon.disk._known
