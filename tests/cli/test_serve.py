"""``cadvcli serve`` as a person runs it: the installed command on a free port, asked over HTTP, ended by a signal."""

import re
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import takewhile
from pathlib import Path
from typing import NamedTuple

import pytest

import cadvcli
from tests.conftest import Run, command, environment
from tests.dockerd import Dockerd
from tests.exposition import Page
from tests.machines import Machine
from tests.web.served import Reply, ask

START = re.compile(
    r"cadvcli (\S+) serves http://127\.0\.0\.1:(\d+) from cgroup (v1|v2|hybrid): ([\w ]+); (docker|no docker \(.*\))\n"
)


class Serving(NamedTuple):
    """A running ``serve``, and the port that its first line names."""

    process: "subprocess.Popen[str]"
    port: int
    said: tuple[str, ...]  #: version, cgroups, kinds and engines, as the line has them

    def ask(self, path: str) -> Reply:
        """One request."""
        return ask(self.port, path)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A small machine with a group."""
    machine = Machine(tmp_path)
    machine.group("/a")
    return machine


@contextmanager
def started(*options: str) -> Iterator[Serving]:
    """``serve`` with these options on a free port, once it has said its line."""
    words = [command(), "serve", "--port", "0", *options]
    process = subprocess.Popen(words, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment())
    try:
        assert process.stderr is not None
        found = next(filter(None, map(START.fullmatch, iter(process.stderr.readline, ""))))
        yield Serving(process, int(found[2]), (found[1], *found.groups()[2:]))
    finally:
        process.kill()
        process.communicate()


def serving(machine: Machine, *options: str) -> AbstractContextManager[Serving]:
    """``serve`` on a small machine."""
    return started("--host-root", str(machine.root), "--enable-metrics", "cpu,memory", *options)


def test_the_first_line_names_version_address_cgroups_kinds_and_engines(machine: Machine):
    with serving(machine) as server:
        version, cgroups, kinds, engines = server.said
        assert (version, cgroups, kinds) == (cadvcli.__version__, "v2", "cpu memory")
        assert engines.startswith("no docker (")
        assert server.ask("/healthz").body == b"ok"


def test_metrics_and_api_show_the_machine(machine: Machine):
    with serving(machine, "--prometheus-endpoint", "/m/x") as server:
        page = server.ask("/m/x").page
        assert {dict(labels)["id"] for labels in page.samples["container_last_seen"]} == {"/", "/a"}
        assert list(server.ask("/api/v2.1/stats/?recursive=true").json) == ["/a"]
        assert server.ask("/metrics").status == 404


@pytest.mark.parametrize(("number", "status"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_a_signal_ends_it_within_two_seconds(machine: Machine, number: signal.Signals, status: int):
    with serving(machine) as server, socket.create_connection(("127.0.0.1", server.port)):
        server.ask("/metrics")
        server.process.send_signal(number)
        out, err = server.process.communicate(timeout=2)
        assert (server.process.returncode, out, err) == (status, "", "")


def test_a_taken_port_is_one_line(machine: Machine, cadvcli: Callable[..., Run]):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        run = cadvcli("serve", "--host-root", str(machine.root), "--port", str(port))
    assert (run.rc, run.out) == (1, "")
    assert run.err == (
        f"cadvcli: port {port} of 127.0.0.1 is taken: end what listens there, or choose another with --port\n"
    )


@pytest.mark.parametrize(
    ("options", "line"),
    [
        (("--prometheus-endpoint", "metrics"), "--prometheus-endpoint: 'metrics' does not begin with a slash"),
        (("--port", "65536"), "65536"),
        (("--listen-ip", "no.such.host.invalid"), "can't listen on 'no.such.host.invalid': "),
    ],
)
def test_a_bad_option_is_one_line(
    machine: Machine, cadvcli: Callable[..., Run], options: tuple[str, ...], line: str
):
    run = cadvcli("serve", "--host-root", str(machine.root), *options)
    assert run.rc in (1, 2)
    assert line in run.err
    assert run.err.count("\n") == 1


def test_a_folder_that_is_no_machine_is_one_line(tmp_path: Path, cadvcli: Callable[..., Run]):
    run = cadvcli("serve", "--host-root", str(tmp_path), "--port", "0")
    assert run.rc == 1
    assert run.err.count("\n") == 1


def named(page: Page) -> dict[str, dict[str, str]]:
    """The labels of the containers of a page that have a name, by it."""
    found = [dict(labels) for labels in page.samples["container_last_seen"]]
    return {labels["name"]: labels for labels in found if labels.get("name")}


@pytest.mark.real
def test_a_real_container_is_on_every_page_while_it_runs(docker: Dockerd):
    docker.run("web", labels={"com.docker.compose.service": "shop"}, memory="64m")
    web = docker.inspect("web")
    with started("--docker", docker.endpoint) as server:
        assert server.said[-1] == "docker"
        page = server.ask("/metrics").page
        labels = named(page)["web"]
        assert labels["container_label_com_docker_compose_service"] == "shop"
        assert (labels["image"], labels["id"]) == (web["Config"]["Image"], f"/docker/{web['Id']}")
        limits = page.samples["container_spec_memory_limit_bytes"]
        assert [limit for found, limit in limits.items() if ("name", "web") in found] == [64 << 20]
        assert list(server.ask("/api/v1.3/docker/web").json) == [labels["id"]]
        stats = server.ask("/api/v2.1/stats/web?type=docker&count=1").json[labels["id"]]["stats"]
        assert 0 < stats[0]["memory"]["usage"] < 64 << 20

        docker.run("later")
        seen = takewhile(lambda page: "later" not in named(page), (server.ask("/metrics").page for _ in range(2000)))
        assert sum(1 for _ in seen) < 2000
        docker.rm("later")
        gone = takewhile(lambda page: "later" in named(page), (server.ask("/metrics").page for _ in range(2000)))
        assert sum(1 for _ in gone) < 2000
