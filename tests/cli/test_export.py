import re
import shlex
import signal
import subprocess
import time

import msgspec
import pytest

from cadvcli.model.container import ContainerInfo
from cadvcli.storage.line_protocol import tag
from cadvcli.storage.measurements import measurements
from tests.conftest import command, environment
from tests.fakes.docker import FakeDocker
from tests.influxd import Influxd


@pytest.fixture(scope="module")
def machine(recording):
    """The options that name a recorded machine and its Docker."""
    with FakeDocker.of(recording("docker-v1")) as docker:
        yield "--host-root", str(recording("docker-v1").root), "--docker", docker.endpoint


@pytest.fixture
def stream(tmp_path):
    """Starts ``export`` as a stream and ends it with the test, whatever happens."""
    started = []

    def start(*args, **options):
        options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
        process = subprocess.Popen([command(), "export", *args], env=environment(), cwd=tmp_path, **options)
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def numbers(line):
    """The keys and values of one of cAdvisor's lines."""
    return dict(pair.split("=", 1) for pair in line.split(" "))


@pytest.mark.parametrize(("host", "names"), [("docker-v1", "/,web,pinned"), ("mixed-v2", "/,/user.slice,04ab471af108")])
@pytest.mark.parametrize("layout", ["cadvisor", "jsonl", "influx"])
def test_golden_samples_of_a_recorded_machine(cadvcli, recording, golden, host, names, layout):
    with FakeDocker.of(recording(host)) as docker:
        machine = ("--host-root", str(recording(host).root), "--docker", docker.endpoint, "--machine-name", "h1")
        run = cadvcli("export", "--once", "-o", layout, *machine, "--window", "10ms", "--containers", names)
    assert run.rc == 0
    # Everything stood still but the clock.
    text = re.sub(r"(?<=timestamp=)\d+|(?<=i )\d{19}$", "0", run.out, flags=re.MULTILINE)
    text = re.sub(r'("timestamp":"|"window_seconds":)[^",]*', r"\g<1>0", text)
    golden(f"export-{host}-{layout}.txt", text)


def test_the_numbers_are_cadvisors_of_the_same_moment(cadvcli, machine, answer):
    run = cadvcli("export", "--once", *machine, "--containers", "web")
    theirs = msgspec.convert(answer("docker-v1", "cadvisor/v1.3-containers-web.json"), ContainerInfo).stats[-1]
    # Not collected here, so that cAdvisor's word for them is 0 and ours is none.
    missing = ("load_average", "referenced_memory")
    expected = {
        each.name: str(each.value) for each in measurements(theirs) if not each.labels and each.name not in missing
    }
    assert len(expected) > 12
    assert expected.items() <= numbers(run.out.rstrip()).items()


def test_one_line_a_sample_and_all_of_them(cadvcli, machine):
    run = cadvcli("export", "--once", "-o", "jsonl", *machine)
    rows = [msgspec.json.decode(line) for line in run.out.splitlines()]
    assert {"/", "web"} <= {row["name"] for row in rows}
    assert len({row["cgroup"] for row in rows}) == len(rows)


def test_dry_run_prints_what_influxdb_would_get(cadvcli, machine):
    run = cadvcli("export", "--once", "--dry-run", "--driver", "influxdb:host=nowhere.invalid", *machine)
    assert run.rc == 0
    assert re.search(r"^memory_usage,container_name=web,machine=\S+ value=\d+i \d{19}$", run.out, re.MULTILINE)


def test_a_container_that_is_not_there_is_said_and_costs_the_others_nothing(cadvcli, machine):
    run = cadvcli("export", "--once", *machine, "--containers", "wep,/")
    assert (run.rc, len(run.out.splitlines())) == (3, 1)
    assert run.err == "cadvcli: no such container 'wep': did you mean 'web'?\n"


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("--driver", "influx"), "unknown storage driver 'influx': did you mean 'influxdb'?"),
        (("--driver", "influxdb:bukket=x"), "unknown option of driver influxdb 'bukket': did you mean 'bucket'?"),
        (("--driver", "influxdb", "-o", "jsonl"), "-o is for driver stdout, and this is influxdb"),
        (("--driver", "influxdb:url=h"), "influxdb: 'h' is no URL: write http://HOST:8086"),
        (("--driver", "stdout:format=xml"), "driver stdout: format: unknown format 'xml': known: cadvisor, influx,"),
        (("--interval", "0"), "--interval: '0' is less than 10ms"),
    ],
)
def test_a_mistake_is_one_line_and_status_2(cadvcli, machine, args, message):
    run = cadvcli("export", "--once", *machine, *args)
    assert (run.rc, run.out) == (2, "")
    assert message in run.err
    assert run.err.count("\n") == 1


def test_a_server_that_is_down_is_one_line_and_status_1(cadvcli, machine):
    run = cadvcli("export", "--once", *machine, "--driver", "influxdb:url=http://127.0.0.1:1,timeout=5s")
    assert run.rc == 1
    assert re.fullmatch(
        r"cadvcli: influxdb http://127\.0\.0\.1:1, database cadvisor: connection refused: nothing listens there; "
        r"(\d+) of \1 samples not sent\n",
        run.err,
    )


def test_every_driver_is_listed_with_its_options(cadvcli):
    run = cadvcli("export", "--list-drivers")
    assert run.rc == 0
    assert run.out.startswith("influxdb: ")
    assert "    format=cadvisor|jsonl|influx  Layout [cadvisor]\n" in run.out


@pytest.mark.parametrize("reader", ["head -1", "true"])
def test_a_reader_that_leaves_ends_the_stream_quietly(machine, tmp_path, reader):
    script = f"set -o pipefail; '{command()}' export --interval 10ms {shlex.join(machine)} | {reader}"
    done = subprocess.run(
        ["bash", "-c", script], env=environment(), cwd=tmp_path, capture_output=True, timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize(("number", "status"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_a_signal_ends_the_stream_after_whole_lines(stream, machine, number, status):
    # Unbuffered: what readline takes in beyond its line would be lost to communicate.
    process = stream("--interval", "10ms", *machine, "-o", "jsonl", "--containers", "web", bufsize=0)
    first = process.stdout.readline()
    process.send_signal(number)
    rest, _ = process.communicate(timeout=60)
    assert process.returncode == status
    assert msgspec.json.decode(first)["name"] == "web"
    assert all(msgspec.json.decode(line)["name"] == "web" for line in rest.splitlines())
    assert rest == b"" or rest.endswith(b"\n")


def test_a_stream_has_rates_from_the_second_sample_on(stream, machine):
    process = stream("--interval", "10ms", *machine, "-o", "jsonl", "--containers", "web")
    first, second = (msgspec.json.decode(process.stdout.readline()) for _ in range(2))
    assert (first["cpu_usage_ratio"], first["window_seconds"]) == (None, None)
    assert second["cpu_usage_ratio"] == 0
    assert second["window_seconds"] > 0


def test_what_could_not_be_sent_in_time_is_said(stream, machine):
    process = stream(
        "--interval", "10ms", "--drain-timeout", "10ms", *machine, "--containers", "web",
        "--driver", "influxdb:url=http://127.0.0.1:1",
    )
    for line in process.stderr:
        if b"samples wait until it takes them" in line:
            break
    process.terminate()
    _, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert re.search(rb"database cadvisor: connection refused: nothing listens there; \d+ samples not sent\n$", err)


def test_an_ordinary_user_can_export(cadvcli_as_nobody):
    run = cadvcli_as_nobody("export", "--once", "-o", "jsonl", "--containers", "/")
    assert run.rc == 0
    assert msgspec.json.decode(run.out)["memory_usage_bytes"] is not None


@pytest.mark.real
def test_a_real_container_is_exported_under_its_name(cadvcli, docker):
    web = docker.run("web", labels={"tier": "front"}, memory="64m")
    run = cadvcli("export", "--once", "-o", "jsonl", "--docker", docker.endpoint, "--containers", "web")
    row = msgspec.json.decode(run.out)
    assert (row["name"], row["id"], row["labels"]) == ("web", web, {"tier": "front"})
    assert row["memory_limit_bytes"] == 64 << 20
    assert row["cpu_usage_ratio"] is not None
    line = cadvcli("export", "--once", "--docker", docker.endpoint, "--containers", web[:12]).out
    assert line.startswith("cName=web host=")


@pytest.mark.real
def test_once_a_real_server_has_every_point(cadvcli, machine, tmp_path):
    with Influxd(tmp_path / "influxd") as server:
        once = ("export", "--once", *machine, "--driver", f"influxdb:url={server.url},db=containers")
        assert cadvcli(*once).err == (
            f"cadvcli: influxdb {server.url}, database containers: 404 database not found: \"containers\": create "
            "'containers' or name another with db=; 9 of 9 samples not sent\n"
        )
        server.query("CREATE DATABASE containers")
        assert cadvcli(*once).rc == 0
        stored = {
            "".join([name, *(f",{key}={tag(text)}" for key, text in tags)]): value
            for (name, tags, _), value in server.points("containers").items()
        }
        printed = re.findall(r"^(.*) value=(\d+)i \d{19}$", cadvcli(*once, "--dry-run").out, re.MULTILINE)
    assert stored == {series: int(value) for series, value in printed}
    assert len(stored) > 150


@pytest.mark.real
def test_a_stream_loses_nothing_while_the_server_is_killed_and_restarted(stream, machine, tmp_path):
    def count(at_least):
        """Waits until so many samples of web are stored."""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            found = server.query("SELECT count(value) FROM memory_usage WHERE container_name = 'web'", "cadvisor")
            if found and found[0]["values"][0][1] >= at_least:
                return found[0]["values"][0][1]
            time.sleep(0.02)
        raise AssertionError("the stream stopped")

    with Influxd(tmp_path / "influxd") as server:
        server.query("CREATE DATABASE cadvisor")
        with open(tmp_path / "err", "wb") as err:
            process = stream(
                "-v", "--interval", "20ms", *machine, "--containers", "web",
                "--driver", f"influxdb:url={server.url}", stderr=err,
            )
        before = count(5)
        server.stop(kill=True)
        wait_for(tmp_path / "err", b"samples wait until it takes them")
        killed_ns = time.time_ns()
        server.start()
        wait_for(tmp_path / "err", b"takes samples again")
        back_ns = time.time_ns()
        count(before + 20)
        process.terminate()
        assert process.wait(60) == 0
        during = server.query(
            f"SELECT count(value) FROM memory_usage WHERE time > {killed_ns} AND time < {back_ns}", "cadvisor"
        )
        stored = server.query("SELECT count(value) FROM memory_usage", "cadvisor")[0]["values"][0][1]
    assert during[0]["values"][0][1] > 0
    accepted = re.search(rb"(\d+) samples accepted, 0 refused, 0 dropped, 0 left", (tmp_path / "err").read_bytes())
    assert int(accepted[1]) == stored


def wait_for(path, text):
    """Waits until a file has this text."""
    deadline = time.monotonic() + 60
    while text not in path.read_bytes():
        assert time.monotonic() < deadline, path.read_bytes()
        time.sleep(0.01)
