"""The six commands as an ordinary user: cgroups and /proc/PID/net still show, and what needs more is null.

A group of our own with a busy process is what they look at, and a container of a real Docker whose socket and folder
this user may not open.
"""

import http.client
import json
import os
import re
import select
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from tests.cgroups import BUSY, Cgroups
from tests.conftest import environment
from tests.nobody import NOBODY

pytestmark = pytest.mark.real

DEADLINE = 30


@pytest.fixture
def busy(cgroups):
    """The name of a group in which a process is busy."""
    group = cgroups.make("busy", *BUSY)
    until(group.pids)
    return group.name


def until(answer: Callable[[], object]) -> None:
    """Wait until there is an answer."""
    end = time.monotonic() + DEADLINE
    while not answer():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.01)


@contextmanager
def running(argv: list[str]) -> Iterator[subprocess.Popen[bytes]]:
    """The command while the context lasts, ended by SIGTERM."""
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "stdin": subprocess.DEVNULL}
    with subprocess.Popen(argv, env=environment({"HOME": "/nonexistent"}), cwd="/", **pipes) as process:
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=DEADLINE)


def line_of(stream) -> str:
    """The next line, which must come in time. Unbuffered, so that select tells the truth."""
    text = b""
    while not text.endswith(b"\n"):
        assert select.select([stream], [], [], DEADLINE)[0], f"no line but {text!r}"
        char = os.read(stream.fileno(), 1)
        assert char, f"it ended after {text!r}"
        text += char
    return text.decode("utf-8", "surrogateescape")


def no_traceback(err: str) -> bool:
    return "Traceback" not in err and all(len(line) < 400 for line in err.splitlines())


def test_the_user_is_nobody(nobody):
    argv = nobody("--version")
    if os.geteuid() == 0:
        assert f"--reuid={NOBODY}" in argv[-1]
    done = subprocess.run(argv, capture_output=True, check=False, cwd="/")
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.startswith(b"cadvcli ")


def test_machine_tells_all_but_what_only_root_may_read(cadvcli_as_nobody, cadvcli):
    run = cadvcli_as_nobody("machine", "-o", "json")
    assert (run.rc, run.err) == (0, "")
    seen, roots = json.loads(run.out), json.loads(cadvcli("machine", "-o", "json").out)
    assert seen["num_cores"] == roots["num_cores"] > 0
    assert seen["memory_capacity"] == roots["memory_capacity"] > 0


def test_containers_shows_plain_groups(cadvcli_as_nobody, busy):
    run = cadvcli_as_nobody("containers", "--raw", "-o", "jsonl", busy)
    assert run.rc == 0
    assert no_traceback(run.err)
    (group,) = map(json.loads, run.out.splitlines())
    assert group["cgroup"] == busy
    assert group["id"] is None


def test_stats_shows_what_a_group_uses(cadvcli_as_nobody, busy):
    run = cadvcli_as_nobody("stats", "--raw", "-o", "json", busy)
    assert run.rc == 0
    assert no_traceback(run.err)
    (group,) = json.loads(run.out)
    assert group["cpu_usage_ratio"] > 0
    assert group["memory_usage_bytes"] is not None
    table = cadvcli_as_nobody("stats", "--raw", busy)
    assert table.rc == 0
    assert table.out.splitlines()[1].startswith(busy)


def test_an_unknown_name_is_status_3(cadvcli_as_nobody, busy):
    run = cadvcli_as_nobody("stats", "--raw", "-o", "json", busy, "no-such-thing")
    assert run.rc == 3
    assert no_traceback(run.err)
    assert "no-such-thing" in run.err
    assert [group["cgroup"] for group in json.loads(run.out)] == [busy]


def test_watch_streams_events(nobody, cgroups: Cgroups):
    with running(nobody("watch", "--events", "--raw", "-o", "jsonl")) as process:
        fresh = iter(range(1000))
        # Until it has begun to watch it tells of nothing: make groups until it tells of one.
        until(lambda: cgroups.make(f"new{next(fresh)}") and select.select([process.stdout], [], [], 0.2)[0])
        event = json.loads(line_of(process.stdout))
        assert event["event_type"] == "containerCreation"
        assert event["cgroup"].startswith("/")


def test_serve_answers_and_ends_with_status_0(nobody, busy):
    with running(nobody("serve", "--port", "0")) as process:
        said = line_of(process.stderr)
        address = re.search(r"http://127\.0\.0\.1:(\d+)", said)
        while not address:
            address = re.search(r"http://127\.0\.0\.1:(\d+)", line_of(process.stderr))
        answers = {}
        for path in ("/healthz", "/metrics", "/api/v1.3/machine", f"/api/v1.3/containers{busy}"):
            connection = http.client.HTTPConnection("127.0.0.1", int(address[1]), timeout=DEADLINE)
            connection.request("GET", path)
            answer = connection.getresponse()
            answers[path] = answer.read().decode()
            connection.close()
            assert answer.status == 200, f"{path}: {answers[path]}"
        process.send_signal(signal.SIGTERM)
        assert process.wait(DEADLINE) == 0
    assert re.search(rf'^container_cpu_usage_seconds_total{{[^}}]*id="{busy}"[^}}]*}} ', answers["/metrics"], re.M)
    assert json.loads(answers[f"/api/v1.3/containers{busy}"])["name"] == busy


def test_export_writes_a_sample_of_each(cadvcli_as_nobody, busy):
    run = cadvcli_as_nobody("export", "--once", "--driver", "stdout", "-o", "jsonl")
    assert run.rc == 0
    assert no_traceback(run.err)
    rows = [json.loads(line) for line in run.out.splitlines()]
    assert busy in {row.get("cgroup") or row.get("name") for row in rows}


def test_a_docker_that_may_not_be_asked_costs_names_and_no_figures(cadvcli_as_nobody, docker):
    container = docker.run("secret", cmd=["sh", "-c", "while :; do :; done"])
    shared = docker.run("shared", cmd=["sleep", "1000"], network="host")
    os.chmod(docker.socket, 0o660)
    run = cadvcli_as_nobody("stats", f"--docker={docker.endpoint}", "-o", "json")
    assert run.rc == 0
    assert "ermission denied" in run.err
    assert run.err.count("\n") == 1, run.err
    rows = {row["id"]: row for row in json.loads(run.out)}
    row = rows[container]
    assert row["runtime"] == "docker"
    assert row["image"] is None
    assert row["cpu_usage_ratio"] > 0
    assert row["memory_usage_bytes"] > 0
    # /proc/PID/net is open to all; that a namespace is the machine's own is seen without its link.
    if docker.bridge:
        assert row["network_receive_bytes_total"] is not None
    assert rows[shared]["network_receive_bytes_total"] is None


@pytest.mark.parametrize("command", ["machine", "containers", "stats", "watch", "serve", "export"])
def test_help_is_for_everybody(cadvcli_as_nobody, command):
    run = cadvcli_as_nobody(command, "--help")
    assert (run.rc, run.err) == (0, "")
    assert command in run.out
