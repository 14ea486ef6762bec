"""What a collector is."""

from cadvcli.collectors.source import Collector, Source, cgroup_files, unnamed
from cadvcli.prometheus import counter
from tests.decoding import decoded


class Idle(Collector):
    """A kind that one version of cgroups has nothing for."""

    kind = "idle"
    families = (counter("idle_total", "Nothing.", lambda stats: stats.cpu.usage.total),)


def test_files_of_the_cgroup_are_read_by_name() -> None:
    assert cgroup_files("cpu.stat", "cpu.max") == (Source(name="cpu.stat"), Source(name="cpu.max"))


def test_a_kind_without_decoder_leaves_the_sample_alone() -> None:
    stats, before = decoded("cpu", 2, {}), decoded("cpu", 2, {})
    Idle().decode_v1((), stats)
    Idle().decode_v2((), stats)
    assert stats == before


def test_a_device_that_nobody_names_has_no_name() -> None:
    assert Idle().device_name is unnamed
    assert unnamed(8, 0) == ""
