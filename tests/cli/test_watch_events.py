"""``watch --events``: a line for each thing that happens."""

import json
import subprocess

import pytest

from cadvcli.cli.watch_events import Happening, as_json, as_line
from cadvcli.model.events import (
    CREATION,
    DELETION,
    OOM_KILL,
    ContainerDeletionEventData,
    Event,
    EventData,
    OomKillEventData,
)
from cadvcli.model.identity import Identity
from tests.conftest import command, environment
from tests.machines import Machine

HEARD = 1_795_458_517_823_772_151
WEB = Identity(runtime="docker", name="web", id="3f2a", image="nginx", labels={"a": "b"})


def happening(event_type, identity=WEB, **data):
    event = Event(container_name="/docker/3f2a", wall_ns=5, event_type=event_type, data=EventData(**data))
    return Happening(event, HEARD, identity)


def test_an_event_is_one_flat_object_with_the_keys_of_a_row():
    assert json.loads(as_json(happening(CREATION))) == {
        "timestamp": "2026-11-23T18:28:37.823772151Z",
        "event_type": "containerCreation",
        "name": "web",
        "id": "3f2a",
        "cgroup": "/docker/3f2a",
        "runtime": "docker",
        "image": "nginx",
        "labels": {"a": "b"},
        "exit_code": None,
        "oom_pid": None,
        "oom_process": None,
        "oom_constraint": None,
    }


@pytest.mark.parametrize(("code", "said"), [(-1, None), (0, 0), (137, 137)])
def test_an_exit_code_that_nobody_knows_is_null(code, said):
    ended = happening(DELETION, container_deletion=ContainerDeletionEventData(exit_code=code))
    assert json.loads(as_json(ended))["exit_code"] == said


def test_a_person_gets_aligned_words():
    killed = happening(OOM_KILL, oom=OomKillEventData(pid=7, process_name="java", constraint="CONSTRAINT_MEMCG"))
    ended = happening(DELETION, container_deletion=ContainerDeletionEventData(exit_code=3))
    for one, words in ((killed, "docker  nginx  java (7)"), (ended, "docker  nginx  exit code 3")):
        line = as_line(one)
        assert line.startswith("2026-11-2")
        assert line.endswith(f"  {one.event.event_type:<17}  web                       {words}\n")


def test_hostile_names_stay_on_their_line():
    evil = Identity(runtime="docker", name="a\nb\x1b[2J", image="i\x07")
    for text in (as_line(happening(CREATION, evil)), as_json(happening(CREATION, evil))):
        assert text.count("\n") == 1
        assert not {"\x1b", "\x07"} & set(text)


@pytest.fixture
def machine(tmp_path):
    """A machine with one group that was there before."""
    made = Machine(tmp_path)
    made.group("/old")
    return made


def listens(process):
    """Wait until it listens: what it says of a name that means nothing comes after that."""
    while b"not-there" not in (line := process.stderr.readline()):
        assert line, f"ended with status {process.wait()}"


@pytest.fixture
def watching(machine):
    """Starts the command on the machine and waits until it listens; it is ended with the test."""
    started = []

    def start(*arguments):
        argv = [command(), "watch", "--host-root", machine.host.root, *arguments, "/not-there"]
        process = subprocess.Popen(
            argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, env=environment()
        )
        started.append(process)
        listens(process)
        return process

    yield start
    for process in started:
        process.kill()
        with process:
            pass


def said(process):
    line = process.stdout.readline()
    return json.loads(line) if line.startswith(b"{") else line.decode().split()[2:4]


def test_what_comes_and_goes_is_told_as_it_happens(machine, watching):
    process = watching("--events", "/**")
    machine.group("/new")
    assert (found := said(process))["event_type"] == "containerCreation"
    assert (found["name"], found["cgroup"], found["runtime"], found["id"]) == ("/new", "/new", "raw", None)
    machine.remove("/new")
    assert (said(process)["event_type"]) == "containerDeletion"


def test_what_was_there_before_is_told_of_only_when_it_goes_and_comes_back(machine, watching):
    process = watching("--events", "/**")
    machine.remove("/old")
    assert said(process)["event_type"] == "containerDeletion"
    machine.group("/old")
    assert said(process)["event_type"] == "containerCreation"


def test_names_choose_among_those_that_come_later(machine, watching):
    process = watching("--events", "/want*")
    machine.group("/other")
    machine.group("/wanted")
    assert said(process)["name"] == "/wanted"


def test_a_terminal_s_lines_can_be_had_in_a_pipe(machine, watching):
    process = watching("-o", "table", "/**")
    machine.group("/new")
    assert said(process) == ["containerCreation", "/new"]


def test_the_stream_is_implied_without_a_terminal_and_that_is_said(machine, cadvcli):
    run = cadvcli("watch", "--host-root", machine.host.root, "--timeout", "10ms")
    assert run.out == ""
    assert run.err.splitlines() == [
        "cadvcli: standard output is no terminal: streaming events, as --events does",
        "cadvcli: 0 events came within 10ms",
    ]
    assert run.rc == 124


def test_it_ends_after_as_many_events_as_were_asked_for(machine, watching):
    process = watching("--events", "--count", "1", "--timeout", "1m", "/**")
    machine.group("/new")
    assert said(process)["name"] == "/new"
    assert process.wait(timeout=10) == 0


@pytest.mark.real
def test_a_real_container_is_told_of_by_its_name(docker, cadvcli):
    docker.run("old")
    argv = [command(), "watch", "--events", "--docker", docker.endpoint, "--count", "2", "web", "not-there"]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()) as process:
        listens(process)
        container = docker.run("web", labels={"a": "b"})
        docker.kill("web")
        first, second = (json.loads(line) for line in process.stdout)
    assert (first["event_type"], second["event_type"]) == ("containerCreation", "containerDeletion")
    assert {first["name"], second["name"]} == {"web"}
    assert (second["id"], second["labels"]) == (container, {"a": "b"})
    assert process.returncode == 0


@pytest.mark.real
def test_an_ordinary_user_hears_of_groups_too(docker, nobody):
    argv = nobody("watch", "--events", "--docker", docker.endpoint, "/docker/*", "not-there")
    with subprocess.Popen(
        argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment({"HOME": "/nonexistent"})
    ) as process:
        listens(process)
        container = docker.run("web")
        found = next(one for one in map(json.loads, process.stdout) if one["id"] == container)
        process.kill()
    assert (found["event_type"], found["image"]) == ("containerCreation", None)
