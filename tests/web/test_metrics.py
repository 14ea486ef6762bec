"""/metrics: fresh at each scrape, whole whatever the containers are called."""

import os
from pathlib import Path

import pytest

from cadvcli.manager.settings import Settings
from cadvcli.model.clock import SECOND
from cadvcli.prometheus import CONTENT_TYPE
from tests.exposition import Labels, Page
from tests.machines import Machine
from tests.web.served import Hand, Served, served


def of(page: Page, family: str) -> dict[str, float]:
    """A family without labels of its own, by the container's path."""
    return {dict(labels)["id"]: number for labels, number in page.samples[family].items()}


def test_all_containers_are_there_and_the_type_is_prometheus(site: Served):
    reply = site.ask("/metrics")
    assert reply.headers["content-type"] == CONTENT_TYPE
    assert of(reply.page, "container_memory_usage_bytes") == {"/": 5, "/a": 4096, "/a/b": 4096, "/ab": 4096}


def test_a_sample_older_than_a_second_is_taken_anew(site: Served, machine: Machine, clock: Hand):
    assert of(site.ask("/metrics").page, "container_memory_usage_bytes")["/a"] == 4096
    machine.group("/a", {"memory.current": "8192\n"})
    clock.now_ns += SECOND
    assert of(site.ask("/metrics").page, "container_memory_usage_bytes")["/a"] == 4096
    clock.now_ns += 1
    assert of(site.ask("/metrics").page, "container_memory_usage_bytes")["/a"] == 8192
    assert of(site.ask("/metrics").page, "container_last_seen")["/a"] == clock.now_ns // SECOND


@pytest.mark.parametrize(("max_age", "seen"), [("1h", 4096), ("0s", 8192), ("-1s", 8192)])
def test_max_age_says_how_old_a_sample_may_be(site: Served, machine: Machine, clock: Hand, max_age: str, seen: int):
    site.ask("/metrics")
    machine.group("/a", {"memory.current": "8192\n"})
    clock.now_ns += 60 * SECOND
    page = site.ask(f"/metrics?max_age={max_age}").page
    assert of(page, "container_memory_usage_bytes")["/a"] == seen


def test_a_container_that_ended_is_gone(site: Served, machine: Machine, clock: Hand):
    machine.remove("/a/b")
    clock.now_ns += 2 * SECOND
    assert of(site.ask("/metrics").page, "container_memory_usage_bytes").keys() == {"/", "/a", "/ab"}


def test_docker_alone_is_only_docker(site: Served):
    page = site.ask("/metrics?type=docker").page
    assert not [family for family in page.types if family.startswith("container_") and "scrape" not in family]
    assert page.samples["container_scrape_error"] == {frozenset(): 0}


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("type=x", "unknown 'type' \"x\""),
        ("count=x", "failed to parse 'count' option: x"),
        ("max_age=5", "failed to parse 'max_age' option: time: missing unit in duration \"5\""),
    ],
)
def test_a_bad_option_is_refused_in_cadvisors_words(site: Served, query: str, reason: str):
    reply = site.ask(f"/metrics?{query}")
    assert (reply.status, reply.text) == (500, f"No metrics gathered, last error:\n\n{reason}\n")


def test_a_value_the_kernel_does_not_give_is_no_sample_and_its_family_no_header(site: Served):
    page = site.ask("/metrics").page
    assert "container_memory_max_usage_bytes" not in page.types
    assert "container_spec_memory_limit_bytes" in page.types


@pytest.mark.parametrize("raw", [b'"} 1\n', b"back\\slash", b"\xff\xfe", "☃".encode(), b"a" * 250, b"{}=,# "])
def test_a_hostile_name_breaks_no_line(tmp_path: Path, clock: Hand, raw: bytes):
    machine = Machine(tmp_path)
    os.mkdir(os.fsencode(machine.group("/evil")) + b"/" + raw)
    with served(machine.host, settings=Settings(kinds=frozenset({"cpu"})), clock=clock) as site:
        ids = of(site.ask("/metrics").page, "container_last_seen").keys()
    assert f"/evil/{raw.decode('utf-8', 'replace')}" in ids


def test_machine_families_carry_the_machines_ids(site: Served):
    (labels,) = site.ask("/metrics").page.samples["machine_memory_bytes"]
    assert {name for name, _ in labels} == {"boot_id", "machine_id", "system_uuid"}
    assert site.ask("/metrics").page.samples["machine_memory_bytes"][labels] == 1000 * 1024


def test_a_family_is_left_to_those_whose_spec_has_it(site: Served, machine: Machine, clock: Hand):
    machine.group("/a", {"cpu.max": "50000 100000\n", "cpu.stat": "usage_usec 1\nnr_periods 5\n"})
    clock.now_ns += 10 * SECOND
    periods: dict[Labels, float] = site.ask("/metrics").page.samples["container_cpu_cfs_periods_total"]
    assert periods == {frozenset({("id", "/a")}): 5}
