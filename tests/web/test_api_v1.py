"""/api/v1: containers with their samples."""

import json
from collections.abc import Callable

import msgspec
import pytest

from cadvcli.model.clock import SECOND
from cadvcli.model.container import ContainerInfo
from tests.machines import Machine
from tests.web.served import Hand, Served

WEB = "0bc2c5d212a92c1127db516d68f3ba7192179adcd67d8b2296561b43b637ecc7"


def sampled(site: Served, clock: Hand, times: int) -> None:
    """Have samples taken at each of the next seconds."""
    for _ in range(times):
        clock.now_ns += 2 * SECOND
        site.ask("/metrics")


def test_the_machine_ignores_arguments_and_body(site: Served):
    assert site.ask("/api/v1.3/machine/x", "POST", "{").json["memory_capacity"] == 1000 * 1024


@pytest.mark.parametrize("path", ["/api/v1.3/containers", "/api/v1.3/containers/", "/api/v1.0/containers/"])
def test_no_name_is_the_root_group(site: Served, path: str):
    answer = site.ask(path).json
    assert answer["name"] == "/"
    assert answer["subcontainers"] == [{"name": "/a"}, {"name": "/ab"}]


@pytest.mark.parametrize("path", ["a/b", "a/b/", "a%2Fb"])
def test_a_container_is_found_by_its_path(site: Served, path: str):
    answer = msgspec.json.decode(site.ask(f"/api/v1.3/containers/{path}").body, type=ContainerInfo)
    assert answer.name == "/a/b"
    assert answer.subcontainers == []
    assert answer.stats[0].memory.usage == 4096


def test_what_the_kernel_does_not_give_is_zero_and_never_null(site: Served):
    answer = site.ask("/api/v1.3/containers/a").text
    assert "null" not in answer
    assert json.loads(answer)["stats"][0]["memory"]["swap"] == 0


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("containers/nope", 'failed to get container "/nope" with error: unknown container "/nope"'),
        ("containers/%22%0a", 'failed to get container "/\\"\\n" with error: unknown container "/\\"\\n"'),
        (
            "subcontainers/nope",
            'failed to get subcontainers for container "/nope" with error: no containers found',
        ),
        (
            "docker/nope",
            'failed to get Docker container "nope" with error: unable to find container "nope" in "docker" namespace',
        ),
        ("docker/a/b", "unknown request for Docker container [a b]"),
        ("docker/a/", "unknown request for Docker container [a ]"),
    ],
)
def test_who_is_not_there_is_said_in_cadvisors_words(site: Served, path: str, text: str):
    reply = site.ask(f"/api/v1.3/{path}")
    assert (reply.status, reply.text) == (500, text + "\n")


def test_the_body_is_read_before_the_container_is_looked_for(site: Served):
    reply = site.ask("/api/v1.3/containers/nope", "GET", "{")
    assert reply.text == "unable to decode the json value: unexpected EOF\n"


def test_fewer_than_minus_one_samples_are_refused(site: Served):
    reply = site.ask("/api/v1.3/containers/", "POST", '{"num_stats": -2}')
    assert (reply.status, reply.text) == (
        500,
        "invalid 'num_stats' option: only -1 and larger values allowed, not -2\n",
    )


def seconds(site: Served, body: str) -> list[str]:
    """The seconds of the samples that an answer has."""
    answer = site.ask("/api/v1.3/containers/a", "POST", body).json
    return [sample["timestamp"][17:-1] for sample in answer.get("stats", [])]


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ('{"num_stats": -1}', ["20", "22", "24", "26", "28"]),
        ('{"num_stats": 2}', ["26", "28"]),
        ('{"num_stats": 0}', []),
        ('{"start": "2023-11-14T22:13:22Z", "end": "2023-11-14T22:13:26Z"}', ["22", "24", "26"]),
        ('{"num_stats": 2, "end": "2023-11-14T22:13:26Z"}', ["24", "26"]),
        ('{"start": "2023-11-14T22:13:25Z", "end": "2023-11-14T22:13:21Z"}', []),
        ('{"end": "2023-11-14T22:13:19Z"}', []),
        ('{"start": "2023-11-14T22:14:00Z"}', []),
        ("null", ["20", "22", "24", "26", "28"]),
    ],
)
def test_the_window_comes_first_and_then_the_newest_of_it(site: Served, clock: Hand, body: str, found: list[str]):
    sampled(site, clock, 4)
    assert seconds(site, body) == found


def test_without_samples_in_the_window_the_container_is_still_there(site: Served):
    answer = site.ask("/api/v1.3/containers/a", "POST", '{"num_stats": 0}').json
    assert answer["spec"]["has_cpu"]
    assert "stats" not in answer


def test_a_sample_older_than_the_base_interval_is_taken_anew(site: Served, machine: Machine, clock: Hand):
    machine.group("/a", {"memory.current": "8192\n"})
    clock.now_ns += SECOND + 1
    answer = site.ask("/api/v1.3/containers/a").json
    assert [sample["memory"]["usage"] for sample in answer["stats"]] == [4096, 8192]


def test_subcontainers_are_the_container_and_what_lies_in_it(site: Served):
    assert [one["name"] for one in site.ask("/api/v1.1/subcontainers/a").json] == ["/a", "/a/b"]
    assert [one["name"] for one in site.ask("/api/v1.3/subcontainers").json] == ["/", "/a", "/a/b", "/ab"]


def test_without_docker_there_are_none_of_its_containers(site: Served):
    assert site.ask("/api/v1.3/docker").json == {}
    assert site.ask("/api/v1.3/docker/").json == {}


@pytest.mark.parametrize("name", ["web", WEB, WEB[:12]])
def test_a_docker_container_is_found_by_name_id_and_its_beginning(serving: Callable[[str], Served], name: str):
    answer = serving("docker-v1").ask(f"/api/v1.3/docker/{name}").json
    assert list(answer) == [f"/docker/{WEB}"]
    assert answer[f"/docker/{WEB}"]["aliases"] == ["web", WEB]
    assert answer[f"/docker/{WEB}"]["id"] == WEB


def test_all_of_dockers_containers_are_there_by_their_paths(serving: Callable[[str], Served]):
    answer = serving("docker-v1").ask("/api/v1.2/docker").json
    assert sorted(one["aliases"][0] for one in answer.values()) == [
        "burner", "hostnet", "netpeer", "paused", "pinned", "web", "writer",
    ]
    assert all(one["name"] == name for name, one in answer.items())


def test_a_beginning_that_several_have_is_refused(serving: Callable[[str], Served]):
    reply = serving("docker-v1").ask("/api/v1.3/docker/p")
    assert (reply.status, reply.text) == (
        500,
        'failed to get Docker container "p" with error: unable to find container in "docker" namespace. '
        'Container "p" is not unique\n',
    )


def test_an_engines_container_shows_no_groups_in_it(serving: Callable[[str], Served]):
    assert "subcontainers" not in serving("docker-v1").ask(f"/api/v1.3/containers/docker/{WEB}").json
    assert serving("docker-v1").ask("/api/v1.3/containers/docker").json["subcontainers"]
