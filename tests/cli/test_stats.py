"""``cadvcli stats`` on recorded machines, on one whose files a test writes, and against a real Docker."""

import json
import re
import signal
import subprocess
from itertools import pairwise

import pytest

from cadvcli.cli.stats import HELP
from cadvcli.model.row import COLUMNS
from tests.conftest import command, environment
from tests.fakes.docker import FakeDocker
from tests.machines import Machine
from tests.terminal import Terminal
from tests.terminal import why_not as why_no_terminal

#: Columns that don't depend on when the test runs.
LASTING = "name,cpu,thr,mem,limit,mem_ratio,swap,net,net_rate,block,block_rate,pids,pids_limit,psi"
FAST = ("--window", "10ms")


@pytest.fixture
def on(recording, cadvcli):
    """Gives the run of the command on a recorded machine with its daemon."""

    def run(name, *arguments):
        with FakeDocker.of(recording(name)) as daemon:
            options = ("--host-root", str(recording(name).root), "--docker", daemon.endpoint)
            return cadvcli("stats", *options, *FAST, *arguments)

    return run


@pytest.fixture
def machine(tmp_path):
    """A small machine with two groups."""
    made = Machine(tmp_path)
    made.group("/web")
    made.group("/db", {"cpu.stat": "usage_usec 5\nuser_usec 5\nsystem_usec 0\n", "memory.current": "1048576\n"})
    return made


@pytest.mark.parametrize("name", ["docker-v1", "mixed-v2"])
def test_the_table_of_a_recorded_machine(on, golden, name):
    run = on(name, "--columns", LASTING)
    assert (run.rc, run.err) == (0, "")
    golden(f"stats-{name}.table", run.out)


@pytest.mark.parametrize("name", ["docker-v1", "mixed-v2"])
def test_json_of_a_recorded_machine(on, golden, name):
    run = on(name, "-o", "json", "web", "writer")
    assert (run.rc, run.err) == (0, "")
    rows = json.loads(run.out)
    for row in rows:
        assert row.pop("window_seconds") > 0
        assert row.pop("timestamp").endswith("Z")
    golden(f"stats-{name}.json", json.dumps(rows, indent=1) + "\n")


@pytest.mark.parametrize("name", ["docker-v1", "mixed-v2"])
def test_the_numbers_are_those_of_cadvisor(on, answer, name):
    (theirs,) = answer(name, "cadvisor/v1.3-docker-web.json").values()
    newest = theirs["stats"][-1]
    (ours,) = json.loads(on(name, "-o", "json", "web").out)
    assert ours["memory_working_set_bytes"] == newest["memory"]["working_set"]
    assert ours["memory_usage_bytes"] == newest["memory"]["usage"]
    assert ours["cpu_usage_seconds_total"] == newest["cpu"]["usage"]["total"] / 1e9
    assert ours["network_receive_bytes_total"] == newest["network"]["rx_bytes"]
    assert ours["memory_limit_bytes"] == theirs["spec"]["memory"]["limit"]


def test_every_key_is_there_in_one_order(on):
    for row in json.loads(on("docker-v1", "-o", "json", "--raw").out):
        assert list(row) == [column.key for column in COLUMNS]


def test_wide_tells_more(on):
    title = on("docker-v1", "-o", "wide").out.splitlines()[0]
    assert re.split(r"  +", title) == [
        "NAME", "CPU%", "THR%", "CPUS", "MEM", "LIMIT", "MEM%", "SWAP", "NET I/O", "NET I/O RATE", "BLOCK I/O",
        "BLOCK I/O RATE", "PIDS", "PIDS LIMIT", "PSI", "ID", "PATH"]  # fmt: skip


@pytest.mark.parametrize(("form", "separator"), [("csv", ","), ("tsv", "\t")])
def test_columns_mean_their_keys_in_csv_and_tsv(on, form, separator):
    lines = on("docker-v1", "-o", form, "--columns", "name,net,mem", "netpeer", "web").out.splitlines()
    keys = ["name", "network_receive_bytes_total", "network_transmit_bytes_total", "memory_working_set_bytes"]
    assert lines[0].split(separator) == keys
    assert {line.split(separator)[0] for line in lines[1:]} == {"netpeer", "web"}


def test_raw_shows_plain_groups_too(machine, cadvcli):
    options = ("stats", "--host-root", machine.host.root, *FAST, "--columns", "name,mem")
    assert cadvcli(*options).out.split() == ["NAME", "MEM"]
    assert cadvcli(*options, "--raw").out.split()[::2] == ["NAME", "/", "/db", "/web"]


def test_what_the_kernel_does_not_give_is_a_dash_and_null(machine, cadvcli):
    options = ("stats", "--host-root", machine.host.root, *FAST, "/db")
    assert cadvcli(*options, "--columns", "name,thr,limit,swap,net,block,pids").out.splitlines()[1].split() == [
        "/db", "-", "-", "-", "-", "-", "-"]  # fmt: skip
    (row,) = json.loads(cadvcli(*options, "-o", "json").out)
    assert row["id"] is None
    assert row["memory_swap_bytes"] is None
    assert row["network_receive_bytes_total"] is None
    assert row["psi_cpu_some_avg10_ratio"] is None
    assert row["io_read_bytes_total"] is None


def test_no_block_io_yet_is_zero_where_it_is_counted(machine, cadvcli):
    machine.group("/db", {"io.stat": ""})
    run = cadvcli("stats", "--host-root", machine.host.root, *FAST, "/db", "--columns", "name,block")
    assert run.out.splitlines()[1].split() == ["/db", "0B", "/", "0B"]


def test_a_malformed_file_costs_its_own_figures_alone(machine, cadvcli):
    machine.group("/web", {"memory.stat": "anon lots\n"})
    run = cadvcli("stats", "--host-root", machine.host.root, *FAST, "--raw", "--columns", "name,mem,cpu_time")
    assert run.rc == 0
    assert "/web" in run.out
    assert "0.001" in next(line for line in run.out.splitlines() if line.startswith("/web"))
    assert "memory.stat:1" in run.err
    assert "Traceback" not in run.err


def test_a_stream_has_a_block_a_round(machine, cadvcli):
    options = ("stats", "--host-root", machine.host.root, *FAST, "/db", "/web", "--interval", "10ms", "--count", "3")
    blocks = cadvcli(*options, "--columns", "name,mem").out.split("\n\n")
    assert [block.split()[0] for block in blocks] == ["NAME"] * 3
    lines = cadvcli(*options, "-o", "jsonl", "--columns", "name").out.splitlines()
    assert [json.loads(line) for line in lines] == [{"name": "/db"}, {"name": "/web"}] * 3
    assert len(json.loads(cadvcli(*options, "-o", "json", "--columns", "name").out)) == 6
    assert cadvcli(*options, "-o", "csv", "--columns", "name").out.split() == ["name", *["/db", "/web"] * 3]


@pytest.fixture
def stream(machine):
    """Starts a stream of the machine's groups that goes on for ever; it is ended with the test."""
    started = []

    def start(*arguments):
        options = ("--host-root", machine.host.root, *FAST, "--interval", "20ms", "--columns", "name")
        argv = [command(), "stats", *options, *arguments]
        started.append(subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        with process:
            pass


def test_groups_come_into_a_stream_and_leave_it(machine, stream):
    process = stream("/web", "/n*", "-o", "jsonl")
    assert process.stdout.readline() == b'{"name":"/web"}\n'
    machine.group("/new")
    assert next(line for line in process.stdout if b"new" in line) == b'{"name":"/new"}\n'
    machine.remove("/web")
    rest = iter(process.stdout.readline, b"")
    assert any(one == two == b'{"name":"/new"}\n' for one, two in pairwise(rest))


def test_an_interrupted_stream_is_whole_json_and_status_130(stream):
    process = stream("/web", "-o", "json")
    lines = [process.stdout.readline() for _ in range(2)]
    process.send_signal(signal.SIGINT)
    out, err = process.stdout.read(), process.stderr.read()
    assert {one["name"] for one in json.loads(b"".join(lines) + out)} == {"/web"}
    assert (process.wait(), err) == (130, b"")


def test_a_reader_that_leaves_ends_a_stream_silently(stream):
    process = stream("/web", "-o", "jsonl")
    process.stdout.readline()
    process.stdout.close()
    assert process.wait(timeout=10) == 0
    assert process.stderr.read() == b""


def test_one_unknown_name_is_one_line_in_all_rounds_and_status_3(machine, cadvcli):
    options = ("--host-root", machine.host.root, *FAST, "--interval", "10ms", "--count", "2", "--columns", "name")
    run = cadvcli("stats", "/wbe", "/db", *options)
    assert run.out == "NAME\n/db\n\nNAME\n/db\n"
    assert run.err == "cadvcli: no such container '/wbe': did you mean '/web'?\n"
    assert run.rc == 3


def test_a_stopped_container_is_called_that(on):
    run = on("docker-v1", "done", "web", "--columns", "name")
    assert (run.rc, run.out) == (3, "NAME\nweb\n")
    assert run.err == "cadvcli: container 'done' is not running: exited\n"


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("--columns", "name,cpuu"), "unknown column 'cpuu': did you mean 'cpu'?"),
        (("-o", "jsn"), "--format: unknown format 'jsn': did you mean 'json'?"),
    ],
)
def test_a_wrong_option_is_one_line(machine, cadvcli, arguments, line):
    run = cadvcli("stats", "--host-root", machine.host.root, *arguments)
    assert (run.rc, run.out, run.err) == (2, "", f"cadvcli: {line}\n")


def test_columns_help_needs_no_machine(cadvcli):
    run = cadvcli("stats", "--columns", "help", "--host-root", "/nonexistent")
    assert (run.rc, run.err) == (0, "")
    assert "psi_io_full_avg300_ratio" in run.out


def test_help_begins_with_the_summary():
    assert HELP.startswith("Show what containers use now.\n\n")


@pytest.fixture
def on_a_terminal(machine):
    """Gives what a person sees of the command on the machine."""
    if reason := why_no_terminal():
        pytest.skip(reason)

    def seen(*arguments):
        argv = [command(), "stats", "--host-root", machine.host.root, *FAST, *arguments]
        with Terminal(argv, environment(), width=100, height=30) as terminal:  # stty has a dozen lines to say
            return terminal.until("status 0")

    return seen


@pytest.mark.real
def test_a_terminal_gets_a_total_in_which_each_group_counts_once(on_a_terminal):
    lines = on_a_terminal("--columns", "name,usage", "/db", "/web").splitlines()
    assert [line.split() for line in lines[:4]] == [
        ["NAME", "USAGE"], ["/db", "1MiB"], ["/web", "4KiB"], ["TOTAL", "1.004MiB"]]  # fmt: skip


@pytest.mark.real
def test_a_person_without_containers_is_told_what_else_there_is(on_a_terminal):
    assert "no containers are running: --raw shows plain cgroups" in on_a_terminal()


@pytest.mark.real
def test_a_busy_real_container_is_first_with_its_limits(docker, cadvcli):
    docker.run("idle")
    docker.run("busy", cmd=["sh", "-c", "while :; do :; done"], cpus=0.2, memory="64m", pids=20)
    run = cadvcli("stats", "--docker", docker.endpoint, "-o", "json")
    assert (run.rc, run.err) == (0, "")
    busy, idle = json.loads(run.out)
    assert (busy["name"], idle["name"]) == ("busy", "idle")
    assert 0 < busy["cpu_usage_ratio"] < 1
    assert busy["cpu_throttled_ratio"] > 0
    assert idle["cpu_throttled_ratio"] is None
    assert (busy["cpu_limit_ratio"], busy["memory_limit_bytes"], busy["pids_limit"]) == (0.2, 64 << 20, 20)
    assert 0 < busy["memory_working_set_ratio"] < 1
    assert busy["pids"] == 1
    assert busy["restarts"] == 0


@pytest.mark.real
def test_an_ordinary_user_gets_the_same_figures(docker, cadvcli_as_nobody):
    container = docker.run("web", memory="64m")
    run = cadvcli_as_nobody("stats", "-o", "jsonl", "--docker", docker.endpoint)
    assert run.rc == 0
    found = {one["id"]: one for one in map(json.loads, run.out.splitlines())}
    assert found[container]["memory_limit_bytes"] == 64 << 20
    assert found[container]["memory_working_set_bytes"] > 0
    assert found[container]["cpu_usage_ratio"] is not None
    assert found[container]["image"] is None
