"""The real dockerd of the test run does what tests rely on, and leaves nothing behind."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.dockerd import PATH, Dockerd, clean_leftovers, running, why_not
from tests.engine import size

ROOT = Path(__file__).parents[1]


def left_of(folder: str, containers: tuple[str, ...] = ()) -> list[str]:
    """What there still is of a daemon: its folder, mounts, processes, its containers' groups."""
    mounts = [line.split()[4] for line in Path("/proc/self/mountinfo").read_text().splitlines()]
    groups = [group for one in containers for group in Path("/sys/fs/cgroup").glob(f"*/docker/{one}")]
    return [
        *([folder] if os.path.exists(folder) else []),
        *(mount for mount in mounts if mount.startswith(folder)),
        *(str(group) for group in groups),
    ]


@pytest.mark.parametrize(("text", "expected"), [("64m", 67108864), ("2g", 2147483648), ("1000", 1000), (5, 5)])
def test_sizes_are_bytes(text: str | int, expected: int) -> None:
    assert size(text) == expected


@pytest.mark.real
def test_a_container_runs_with_its_limits_in_its_own_group(docker: Dockerd) -> None:
    web = docker.run("web", memory="64m", cpus=0.5, pids=50)
    said = docker.inspect(web)["HostConfig"]
    assert (said["Memory"], said["NanoCpus"], said["PidsLimit"]) == (67108864, 500000000, 50)
    groups = Path(f"/proc/{docker.pid(web)}/cgroup").read_text().splitlines()
    assert all(group.endswith(f":/docker/{web}") for group in groups)


@pytest.mark.real
def test_commands_run_in_a_container_and_say_what_they_wrote(docker: Dockerd) -> None:
    web = docker.run("web", env={"COLOUR": "blue"})
    assert docker.exec(web, "sh", "-c", "echo $COLOUR") == "blue\n"
    assert docker.exec(web, "sh", "-c", "echo oops >&2") == "oops\n"


@pytest.mark.real
def test_a_container_ends_with_its_exit_code_and_starts_again(docker: Dockerd) -> None:
    job = docker.run("job", ["sh", "-c", "exit 3"])
    assert docker.wait(job) == 3
    again = docker.run("again", ["sh", "-c", "exit 4"], restart="on-failure:2")
    docker.wait(again)
    assert docker.inspect(again)["HostConfig"]["RestartPolicy"]["MaximumRetryCount"] == 2


@pytest.mark.real
def test_a_published_port_answers(docker: Dockerd) -> None:
    if not docker.bridge:
        pytest.skip("dockerd: no bridge can be made here")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    page = "mkdir /www; echo hello > /www/index.html; httpd -p 80 -h /www; touch /up; exec sleep 100000"
    web = docker.run("web", ["sh", "-c", page], ports={80: port})
    docker.exec(web, "sh", "-c", "while [ ! -e /up ]; do usleep 10000; done")
    with urlopen(f"http://127.0.0.1:{port}/", timeout=10) as answer:
        assert answer.read() == b"hello\n"


@pytest.mark.real
def test_nothing_is_left_of_a_daemon_that_ended() -> None:
    if reason := why_not():
        pytest.skip(reason)
    command = [sys.executable, "-m", "tests.dockerd", "start", "web"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        container, folder = started(process)
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
    assert left_of(folder, (container,)) == []


@pytest.mark.real
def test_what_a_killed_run_left_is_removed_by_the_next() -> None:
    if reason := why_not():
        pytest.skip(reason)
    command = [sys.executable, "-m", "tests.dockerd", "start", "web"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        container, folder = started(process)
        process.kill()
        process.wait()
    assert left_of(folder, (container,)) != []
    clean_leftovers()
    assert left_of(folder, (container,)) == []


@pytest.mark.real
def test_a_daemon_that_can_not_start_says_why_in_one_line(tmp_path: Path) -> None:
    if reason := why_not():
        pytest.skip(reason)
    broken = tmp_path / "containerd"
    broken.write_text("#!/bin/sh\necho no luck today >&2\nexit 1\n")
    broken.chmod(0o755)
    with pytest.raises(OSError, match="containerd doesn't start: no luck today"), running(f"{tmp_path}:{PATH}"):
        pass


def started(process: subprocess.Popen[str]) -> tuple[str, str]:
    """The container's id and the daemon's folder, once everything runs."""
    assert process.stdout is not None
    container = process.stdout.readline().split()[1]
    folder = process.stdout.readline().strip().partition("unix://")[2].removesuffix("/docker.sock")
    process.stdout.readline()
    process.stdout.readline()
    return container, folder
