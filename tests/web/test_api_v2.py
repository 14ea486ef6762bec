"""/api/v2: specs and samples as maps."""

from collections.abc import Callable

import pytest

from cadvcli.model.clock import SECOND
from tests.machines import Machine
from tests.web.served import Hand, Served


def test_v2_1_never_has_the_root_group_and_v2_0_does(site: Served):
    assert site.ask("/api/v2.1/stats/").json == {}
    assert list(site.ask("/api/v2.1/stats/?recursive=true").json) == ["/a", "/a/b", "/ab"]
    assert list(site.ask("/api/v2.0/stats/?recursive=true").json) == ["/", "/a", "/a/b", "/ab"]


def test_only_true_is_recursive(site: Served):
    assert list(site.ask("/api/v2.1/stats/a?recursive=True").json) == ["/a"]
    assert list(site.ask("/api/v2.1/stats/a?recursive=true").json) == ["/a", "/a/b"]


def test_without_samples_asked_for_the_spec_remains(site: Served):
    assert list(site.ask("/api/v2.1/stats/a?count=0").json["/a"]) == ["spec"]
    assert site.ask("/api/v2.0/stats/a?count=0").json == {"/a": []}


def test_the_newest_samples_come_with_the_rates_since_the_one_before(site: Served, machine: Machine, clock: Hand):
    for total in (2000, 5000):
        machine.group("/a", {"cpu.stat": f"usage_usec {total}\nuser_usec {total}\nsystem_usec 400\n"})
        clock.now_ns += 2 * SECOND
        site.ask("/metrics")
    samples = site.ask("/api/v2.1/stats/a?count=2").json["/a"]["stats"]
    assert "cpu_inst" not in samples[0]
    assert samples[1]["cpu_inst"] == {"usage": {"total": 1_500_000, "user": 1_500_000, "system": 0}}


def test_without_max_age_the_samples_are_those_that_are_there(site: Served, machine: Machine, clock: Hand):
    machine.group("/a", {"memory.current": "8192\n"})
    clock.now_ns += 60 * SECOND
    (stored,) = site.ask("/api/v2.1/stats/a").json["/a"]["stats"]
    assert stored["memory"]["usage"] == 4096
    fresh = site.ask("/api/v2.1/stats/a?max_age=10s").json["/a"]["stats"][-1]
    assert fresh["memory"]["usage"] == 8192


def test_max_age_refreshes_only_who_is_named(site: Served, clock: Hand):
    clock.now_ns += 60 * SECOND
    site.ask("/api/v2.1/stats/a?max_age=0")
    answer = site.ask("/api/v2.1/stats/?recursive=true").json
    assert {name: len(one["stats"]) for name, one in answer.items()} == {"/a": 2, "/a/b": 1, "/ab": 1}


def test_a_spec_has_the_machines_memory_where_the_limit_is_zero(site: Served, machine: Machine):
    machine.group("/a", {"memory.max": "0\n"})
    assert site.ask("/api/v2.1/spec/a").json["/a"]["memory"]["limit"] == 1000 * 1024


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("stats/nope", 'unknown container "/nope"'),
        ("stats/nope?recursive=true", 'unknown container: "/nope"'),
        ("spec/nope", 'unknown container "/nope"'),
        ("stats/x?type=docker", 'unable to find container "x" in "docker" namespace'),
        ("stats/x?type=podman", 'unable to find container "x" in "podman" namespace'),
        (
            "stats/x?type=docker&recursive=true",
            'invalid request for docker container "/x" with subcontainers',
        ),
    ],
)
def test_who_is_not_there_is_said_in_cadvisors_words(site: Served, path: str, text: str):
    reply = site.ask(f"/api/v2.1/{path}")
    assert (reply.status, reply.text) == (500, text + "\n")


def test_all_of_an_engines_containers_may_be_none(site: Served):
    assert site.ask("/api/v2.1/stats/?type=docker&recursive=true").json == {}
    assert site.ask("/api/v2.1/spec/?type=docker&recursive=true").json == {}


def test_docker_containers_are_found_by_name_and_keyed_by_path(serving: Callable[[str], Served]):
    (name,) = serving("docker-v1").ask("/api/v2.1/spec/web?type=docker").json
    assert name.startswith("/docker/0bc2c5d212a9")
    assert len(serving("docker-v1").ask("/api/v2.1/spec/?type=docker&recursive=true").json) == 7
