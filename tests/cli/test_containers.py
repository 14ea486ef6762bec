"""``cadvcli containers`` on recorded machines, and against a real Docker."""

import json
from contextlib import closing

import pytest

from cadvcli.cli.containers import HELP, show
from cadvcli.cli.local import complain
from cadvcli.model.clock import parse_rfc3339
from cadvcli.model.row import UNSAMPLED
from tests.cli.viewing import manager_at, settings
from tests.fakes.docker import FakeDocker

#: When the recorded daemons were asked.
ASKED = {"docker-v1": "2026-11-23T18:28:41.2Z", "mixed-v2": "2026-11-23T18:53:08Z"}


@pytest.fixture
def at(recording, capsys):
    """Gives what the command prints of a recorded machine at the moment it was recorded."""

    def printed(name, **given):
        with FakeDocker.of(recording(name)) as daemon:
            manager = manager_at(recording(name).host(), daemon.endpoint, parse_rfc3339(ASKED[name]))
            with closing(manager):
                assert show(settings(**given), manager) is None
        said = capsys.readouterr()
        assert said.err == ""
        return said.out

    return printed


@pytest.fixture
def docker_v1(recording):
    """The daemon of the recorded machine, and the options that lead to both."""
    with FakeDocker.of(recording("docker-v1")) as daemon:
        daemon.options = ("--host-root", str(recording("docker-v1").root), "--docker", daemon.endpoint)
        yield daemon


@pytest.mark.parametrize("name", ["docker-v1", "mixed-v2"])
@pytest.mark.parametrize("form", ["table", "wide", "json", "jsonl", "csv", "tsv"])
def test_everything_on_a_recorded_machine(at, golden, name, form):
    given = {"all": True} if form in ("table", "json") else {}
    golden(f"containers-{name}.{form}", at(name, format=form, no_trunc=form == "csv", **given))


@pytest.mark.parametrize("name", ["docker-v1", "mixed-v2"])
def test_the_tree_of_a_recorded_machine(at, golden, name):
    golden(f"containers-{name}-tree.txt", at(name, tree=True, raw=name == "docker-v1"))


@pytest.mark.parametrize("name", ["docker-v1", "mixed-v2"])
def test_status_is_word_for_word_what_docker_says(at, answer, name):
    ours = json.loads(at(name, all=True, format="json", columns=("id",)))
    table = at(name, all=True, columns=("id", "status"), no_trunc=True).splitlines()[1:]
    theirs = {one["Id"]: one["Status"] for one in answer(name, "docker/containers.json")}
    assert dict(line.split("  ", 1) for line in table) == theirs
    assert {one["id"] for one in ours} == set(theirs)


def test_the_newest_is_first(at, answer):
    ids = at("docker-v1", all=True, quiet=True, no_trunc=True).split()
    assert ids == [one["Id"] for one in sorted(answer("docker-v1", "docker/containers.json"), key=lambda one: (
        -one["Created"], one["Names"]))]  # fmt: skip


def test_json_has_the_keys_of_stats_that_take_no_sample(at):
    for one in json.loads(at("docker-v1", format="json", all=True, raw=True)):
        assert list(one) == [column.key for column in UNSAMPLED]


def test_json_lines_and_json_say_the_same(at):
    lines = [json.loads(line) for line in at("docker-v1", format="jsonl").splitlines()]
    assert lines == json.loads(at("docker-v1", format="json"))


def test_one_container_is_an_array_too(at):
    one = at("mixed-v2", format="json", names=("/user.slice",), columns=("name", "id"))
    assert json.loads(one) == [{"name": "/user.slice", "id": None}]


def test_a_stopped_one_is_shown_when_it_is_named(at):
    assert at("docker-v1", names=("done", "web"), columns=("name",)).split() == ["NAME", "done", "web"]
    alive = {"paused", "pinned", "hostnet", "netpeer", "writer", "burner", "web"}
    assert set(at("docker-v1", names=("*",), columns=("name",)).split()[1:]) == alive


def test_a_plain_group_is_shown_when_it_is_named(at):
    shown = at("docker-v1", names=("/docker",), columns=("name", "runtime"))
    assert shown.split() == ["NAME", "RUNTIME", "/docker", "raw"]


def test_the_command_prints_what_the_golden_has(docker_v1, cadvcli):
    run = cadvcli("containers", *docker_v1.options, "--columns", "name,image,restarts,pids,limits")
    assert (run.rc, run.err) == (0, "")
    assert run.out.splitlines()[0].split() == ["NAME", "IMAGE", "RESTARTS", "PIDS", "LIMITS"]
    assert "web      busybox:latest         0     1  0.5 CPU, 64MiB" in run.out


def test_one_unknown_name_is_one_line_and_status_3_and_the_others_are_printed(docker_v1, cadvcli):
    run = cadvcli("containers", *docker_v1.options, "--columns", "name", "wbe", "burner")
    assert run.out.split() == ["NAME", "burner"]
    assert run.err == "cadvcli: no such container 'wbe': did you mean 'web'?\n"
    assert run.rc == 3


def test_no_sample_is_taken_and_the_engine_is_asked_for_all_at_once(docker_v1, cadvcli):
    assert cadvcli("containers", *docker_v1.options, "--columns", "name,status,ports").rc == 0
    lists = [path for path in docker_v1.asked if path.endswith("?all=1")]
    assert len(lists) == 2
    assert not [path for path in docker_v1.asked if path.endswith("/stats")]


def test_a_dead_daemon_costs_names_and_nothing_else(recording, cadvcli):
    run = cadvcli("containers", "--host-root", str(recording("docker-v1").root), "-a", "--columns", "name,pids,runtime")
    assert run.rc == 0
    assert len(run.out.splitlines()) == 8
    assert "0bc2c5d212a9     1  docker" in run.out


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("--columns", "nmae"), "unknown column 'nmae': did you mean 'name'?"),
        (("--columns", "cpu"), "column 'cpu' takes a sample, and this command takes none: see 'cadvcli stats'"),
        (("--tree", "-o", "json"), "--tree draws a table: leave out --format json"),
    ],
)
def test_a_wrong_option_is_one_line(docker_v1, cadvcli, arguments, line):
    run = cadvcli("containers", *docker_v1.options, *arguments)
    assert (run.rc, run.out, run.err) == (2, "", f"cadvcli: {line}\n")


def test_columns_help_needs_no_machine(cadvcli):
    run = cadvcli("containers", "--columns", "help", "--host-root", "/nonexistent")
    assert run.rc == 0
    assert "memory_limit_bytes" in run.out


def test_hostile_names_and_labels_are_escaped_everywhere(recording, cadvcli):
    inspected = [recording("docker-v1").answer("docker/container-web.json")]
    inspected[0]["Name"] = "/we\nb\x1b[2J"
    inspected[0]["Config"]["Labels"] = {"k\x07": "v\x9b" + "x" * 4000}
    listed = [{"Id": inspected[0]["Id"], "Names": ["/we\nb\x1b[2J"], "State": "running", "Status": "Up\x1b[2J"}]
    with FakeDocker(listed, inspected) as daemon:
        options = ("--host-root", str(recording("docker-v1").root), "--docker", daemon.endpoint, "port:0", "we*")
        for form in ("table", "wide", "json", "jsonl", "csv", "tsv"):
            run = cadvcli("containers", *options, "-o", form, "--columns", "name,status,labels")
            assert run.rc == 3
            assert not set("\x1b\x07\x9b") & set(run.out + run.err)
            assert "Traceback" not in run.err


def test_lines_of_complaint_are_escaped(capsys):
    complain(["no such container 'a\nb\x1b'"])
    assert capsys.readouterr().err == "cadvcli: no such container 'a\\nb\\x1b'\n"


def test_help_begins_with_the_summary():
    assert HELP.startswith("List containers.\n\n")


@pytest.mark.real
def test_a_real_docker(docker, cadvcli):
    docker.run("web", memory="64m", cpus=0.5, labels={"com.docker.compose.project": "shop"}, ports={80: 0})
    docker.run("gone", cmd=["sh", "-c", "exit 7"])
    docker.wait("gone")
    run = cadvcli("containers", "-a", "-o", "wide", "--docker", docker.endpoint)
    assert (run.rc, run.err) == (0, "")
    assert "0.5 CPU, 64MiB" in run.out
    assert "Exited (7) " in run.out
    theirs = [one["Id"][:12] for one in docker.containers()]
    assert cadvcli("containers", "-aq", "--docker", docker.endpoint).out.split() == theirs


@pytest.mark.real
def test_an_ordinary_user_sees_the_groups_without_their_names(docker, cadvcli_as_nobody):
    container = docker.run("web", memory="64m")
    run = cadvcli_as_nobody("containers", "-o", "jsonl", "--docker", docker.endpoint)
    assert run.rc == 0
    found = {one["id"]: one for one in map(json.loads, run.out.splitlines())}
    assert found[container]["memory_limit_bytes"] == 64 << 20
    assert found[container]["pids"] == 1
    assert found[container]["image"] is None
