"""The families that no kind has."""

import pytest

from cadvcli.model.container import NO_TIME, ContainerSpec, CpuSpec, MemorySpec, ProcessSpec
from cadvcli.prometheus import render
from cadvcli.web.families import PAGE, SPEC, Page, with_machine_limit


def spec(has_memory: bool = True, limit: int = 1 << 20, **more: str) -> ContainerSpec:
    times = {"creation_time": "2026-11-23T18:28:37.8Z", "start_time": "2026-11-23T18:28:38Z", **more}
    return ContainerSpec(
        **times,
        has_cpu=True,
        cpu=CpuSpec(limit=1024, max_limit=0, period=100000),
        has_memory=has_memory,
        memory=MemorySpec(limit=limit, swap_limit=(1 << 64) - 1),
        has_hugetlb=False,
        has_network=False,
        has_processes=False,
        processes=ProcessSpec(),
        has_filesystem=False,
        has_diskio=False,
        has_custom_metrics=False,
    )


def samples(text: str) -> dict[str, str]:
    return dict(line.split(" ") for line in text.splitlines() if not line.startswith("#"))


def test_limits_and_times_are_there():
    assert samples(render(SPEC, spec())) == {
        "container_creation_time_seconds": "1795458517",
        "container_start_time_seconds": "1795458518",
        "container_spec_cpu_period": "100000",
        "container_spec_cpu_shares": "1024",
        "container_spec_memory_limit_bytes": "1048576",
        "container_spec_memory_reservation_limit_bytes": "0",
        "container_spec_memory_swap_limit_bytes": "0",
    }


def test_a_container_whose_start_is_unknown_started_when_it_was_made():
    assert samples(render(SPEC, spec(start_time=NO_TIME)))["container_start_time_seconds"] == "1795458517"


def test_an_unknown_time_is_left_out():
    found = samples(render(SPEC, spec(start_time=NO_TIME, creation_time=NO_TIME)))
    assert not found.keys() & {"container_creation_time_seconds", "container_start_time_seconds"}


def test_without_a_memory_controller_there_are_no_memory_limits():
    assert not [name for name in samples(render(SPEC, spec(has_memory=False))) if "memory" in name]


@pytest.mark.parametrize(("has_memory", "limit", "shown"), [(True, 0, 4096), (True, 7, 7), (False, 0, 0)])
def test_a_limit_of_zero_is_the_machines_memory(has_memory: bool, limit: int, shown: int):
    assert with_machine_limit(spec(has_memory, limit), 4096).memory.limit == shown


def test_the_page_says_what_made_it_and_what_failed():
    page = Page(
        version="1.2", kernel_version="6.1", os_version='Debian "12"', container_error=True, machine_error=False
    )
    assert 'kernelVersion="6.1",osVersion="Debian \\"12\\""} 1\n' in render(PAGE, page)
    assert "container_scrape_error 1\n" in render(PAGE, page)
    assert "machine_scrape_error 0\n" in render(PAGE, page)
