"""``cadvcli serve`` as a person runs it: the installed command on a free port, asked over HTTP, ended by a signal."""

import re
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

import cadvcli
from tests.conftest import Run, command, environment
from tests.machines import Machine
from tests.web.served import Reply, ask

START = re.compile(
    r"cadvcli (\S+) serves http://127\.0\.0\.1:(\d+) from cgroup v2: cpu memory; no docker \(.*\)\n"
)


class Serving(NamedTuple):
    """A running ``serve``, and the port that its first line names."""

    process: "subprocess.Popen[str]"
    port: int
    version: str

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
def serving(machine: Machine, *options: str) -> Iterator[Serving]:
    """``serve`` on this machine."""
    words = [command(), "serve", "--host-root", str(machine.root), "--port", "0", "--enable-metrics", "cpu,memory"]
    process = subprocess.Popen(
        [*words, *options], stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment()
    )
    try:
        assert process.stderr is not None
        lines = iter(process.stderr.readline, "")
        found = next(filter(None, map(START.fullmatch, lines)))
        yield Serving(process, int(found[2]), found[1])
    finally:
        process.kill()
        process.communicate()


def test_the_first_line_names_version_address_cgroups_kinds_and_engines(machine: Machine):
    with serving(machine) as server:
        assert server.version == cadvcli.__version__
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
