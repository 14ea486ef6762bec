"""v2.0's form of a sample, by cAdvisor's own bytes."""

import json
from pathlib import Path

import msgspec
import pytest

from cadvcli.model.container import ContainerInfo
from cadvcli.model.v2 import cpu_inst
from cadvcli.web.wire import sections
from cadvcli.web.wire_v2_0 import v2_0_sample

CONVERSION: dict[str, str] = json.loads((Path(__file__).parent / "conversion.json").read_text())


@pytest.fixture
def container() -> ContainerInfo:
    """The container of the vectors."""
    return msgspec.json.decode(CONVERSION["v1"], type=ContainerInfo)


def test_samples_are_cadvisors_byte_for_byte(container: ContainerInfo):
    first, second = container.stats
    inst = cpu_inst(first.cpu.usage, second.cpu.usage, 1_000_000_000)
    written = [
        v2_0_sample(first.timestamp, container.spec, sections(first), None),
        v2_0_sample(second.timestamp, container.spec, sections(second), inst),
    ]
    assert '{"/docker/id1":[' + b",".join(written).decode() + "]}" == CONVERSION["v2.0"]


def test_what_the_container_has_not_is_there_as_zeros(container: ContainerInfo):
    nothing = msgspec.structs.replace(
        container.spec,
        has_cpu=False,
        has_diskio=False,
        has_memory=False,
        has_hugetlb=False,
        has_network=False,
        has_filesystem=False,
    )
    sample = json.loads(v2_0_sample("T", nothing, sections(container.stats[0]), None))
    assert (sample["has_cpu"], sample["cpu"]["usage"]["total"]) == (False, 0)
    assert (sample["has_memory"], sample["memory"]["usage"]) == (False, 0)
    assert "interfaces" not in sample["network"]
    assert not sample.keys() & {"hugetlb", "filesystem", "cpu_inst"}
