"""Which containers a command is about, and what is known of them without a sample."""

from contextlib import ExitStack, closing

import pytest

from cadvcli.cli.listing import completed, memory_bytes, pick, pick_any, spec_of, unsampled, without_group
from cadvcli.manager.container import Container
from cadvcli.model.identity import Identity
from tests.cli.viewing import SECOND, manager_at
from tests.fakes.docker import FakeDocker


@pytest.fixture
def machine(recording):
    """A recorded machine's manager, which has looked, and its daemon."""
    with ExitStack() as stack:
        daemon = stack.enter_context(FakeDocker.of(recording("docker-v1")))
        manager = stack.enter_context(closing(manager_at(recording("docker-v1").host(), daemon.endpoint, SECOND)))
        manager.discover()
        yield manager, daemon


ALIVE = {"web", "burner", "writer", "netpeer", "hostnet", "pinned", "paused"}


def names(found):
    return {one.identity.name for one in found}


def test_without_words_all_containers_are_meant_and_groups_on_demand(machine):
    manager, _ = machine
    assert names(pick((), manager, raw=False).found) == ALIVE
    assert names(pick((), manager, raw=True).found) == ALIVE | {"/", "/docker"}


def test_a_stopped_container_is_not_running_and_an_unknown_one_is_nothing(machine):
    manager, _ = machine
    assert pick(("web", "done", "wbe"), manager, raw=False).missing == [
        "container 'done' is not running: exited",
        "no such container 'wbe': did you mean 'web'?",
    ]


def test_stopped_ones_are_listed_on_demand_and_when_named(machine):
    manager, _ = machine
    assert names(pick_any((), manager, raw=False, stopped=False)[0].found) == ALIVE
    assert names(pick_any((), manager, raw=False, stopped=True)[0].found) == ALIVE | {"done", "sleepy"}
    assert names(pick_any(("done", "web"), manager, raw=False, stopped=False)[0].found) == {"done", "web"}
    assert names(pick_any(("sl*",), manager, raw=False, stopped=False)[0].found) == {"sleepy"}
    assert names(pick_any(("*",), manager, raw=False, stopped=False)[0].found) == ALIVE


def test_one_between_two_starts_is_shown_as_docker_ps_does(recording):
    listed = [{"Id": "ab" * 32, "Names": ["/loop"], "State": "restarting", "Status": "Restarting (1) 3 seconds ago"}]
    with FakeDocker(listed, []) as daemon:
        manager = manager_at(recording("docker-v1").host(), daemon.endpoint, SECOND)
        with closing(manager):
            selection, _ = pick_any((), manager, raw=False, stopped=False)
            assert names(selection.found) == {"loop"}


def test_an_engine_that_does_not_answer_is_said_and_costs_the_stopped_ones_alone(machine):
    manager, daemon = machine
    daemon.stop()
    found, trouble = without_group(manager)
    assert found == []
    assert len(trouble) == 1
    assert names(pick_any((), manager, raw=False, stopped=True)[0].found) == ALIVE


def test_the_list_is_completed_by_a_question_about_one(machine):
    manager, _ = machine
    web = next(one for one in manager.containers() if one.identity.name == "web")
    assert web.identity.restart_count is None
    whole = completed(web.identity, manager, web.name)
    assert whole.restart_count == 0
    assert completed(whole, manager) is whole


def test_what_nobody_can_complete_stays_as_it_is(machine):
    manager, daemon = machine
    web = next(one for one in manager.containers() if one.identity.name == "web")
    daemon.stop()
    assert completed(web.identity, manager, web.name) is web.identity
    unknown = Identity(runtime="elsewhere", name="x", id="y", complete=False)
    assert completed(unknown, manager) is unknown


def test_only_what_the_keys_need_is_read(machine):
    manager, daemon = machine
    web = next(one for one in manager.containers() if one.identity.name == "web")
    before = len(daemon.asked)
    little = unsampled(web, manager, {"name"})
    assert (little.spec, little.pids, len(daemon.asked)) == (None, None, before)
    much = unsampled(web, manager, {"name", "pids", "memory_limit_bytes", "restarts"})
    assert (much.spec.memory.limit, much.pids, much.identity.restart_count) == (64 << 20, 1, 0)
    assert much.newest is None


def test_a_stopped_container_has_no_group_to_read(machine):
    manager, _ = machine
    (done,) = pick_any(("done",), manager, raw=False, stopped=False)[0].found
    assert not isinstance(done, Container)
    assert done.main_pid() is None
    subject = unsampled(done, manager, {"pids", "memory_limit_bytes", "finished"})
    assert (subject.cgroup, subject.pids, subject.spec) == (None, None, None)
    assert subject.identity.finished_ns is not None


def test_limits_and_memory_that_cannot_be_read_are_unknown(host, machine):
    manager, _ = machine
    web = manager.containers()[0]
    assert spec_of(web, manager) is not None
    assert memory_bytes(manager.host) > 1 << 30
    assert memory_bytes(host({})) is None
    assert memory_bytes(host({"/proc/meminfo": "MemTotal lots\n"})) is None
