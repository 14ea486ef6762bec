"""The kinds together: their registry, the sections they fill in, and what arbitrary contents do to them."""

import random
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import to_builtins

from cadvcli.collectors import check_kinds, default_kinds, enabled, kinds
from cadvcli.collectors.source import Collector
from cadvcli.errors import ParseError, UsageError
from cadvcli.kernel.cgroup import Version
from cadvcli.model.stats import ContainerStats
from cadvcli.prometheus import render
from tests.decoding import decoded, sources
from tests.recorded import RecordedHost

VERSIONS: tuple[Version, ...] = (1, 2)


def test_every_file_of_the_folder_is_a_kind() -> None:
    assert {"cpu", "percpu", "memory", "diskIO", "network", "pressure", "process", "pids"} <= set(kinds())
    for name, collector in kinds().items():
        assert collector.kind == name
        assert collector.__module__.startswith("cadvcli.collectors.")


def test_what_is_on_without_being_asked_for() -> None:
    on = default_kinds()
    assert {"cpu", "percpu", "memory", "diskIO", "network", "pressure"} <= on
    assert not on & {"process", "pids"}


def test_kinds_are_taken_by_name_and_a_wrong_one_is_met_with_the_nearest_right_one() -> None:
    assert check_kinds(["cpu", "memory", "cpu"]) == {"cpu", "memory"}
    assert check_kinds([]) == frozenset()
    with pytest.raises(UsageError, match="unknown metric kind 'diskio': did you mean 'diskIO'"):
        check_kinds(["cpu", "diskio"])
    with pytest.raises(UsageError, match=r"unknown metric kind 'zzz': known: .*cpu"):
        enabled(["zzz"])


def test_only_what_is_asked_for_is_collected() -> None:
    assert [collector.kind for collector in enabled(["memory", "cpu"])] == ["cpu", "memory"]


def test_no_family_belongs_to_two_kinds() -> None:
    names = [family.name for collector in kinds().values() for family in collector.families]
    assert len(set(names)) == len(names)


def test_each_family_has_either_a_value_or_rows_with_labels() -> None:
    for collector in kinds().values():
        for family in collector.families:
            assert (family.value is None) != (family.rows is None), family.name
            assert bool(family.labels) == (family.rows is not None), family.name
            assert family.help.endswith("."), family.name


def test_sources_that_kinds_share_are_the_same() -> None:
    for version in VERSIONS:
        known = {source.name: source for kind in ("pids",) for source in sources(kind, version)}
        for source in sources("process", version):
            assert known.get(source.name, source) == source


SECTIONS = {"diskio": {"diskIO"}, "processes": {"process", "pids"}}


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("kind", ["cpu", "percpu", "memory", "diskIO", "network", "pressure", "process", "pids"])
def test_sections_exist_for_the_enabled_kinds_before_anything_is_decoded(version: Version, kind: str) -> None:
    stats = decoded(kind, version, {})
    for section, of in SECTIONS.items():
        assert (getattr(stats, section) is not None) == (kind in of), section
    assert stats.network is None, "it comes with a namespace of its own"


def test_no_two_samples_share_a_section_that_a_decoder_writes_to() -> None:
    one, other = decoded(" ".join(kinds()), 2, {}), decoded(" ".join(kinds()), 2, {})
    one.cpu.psi.some.total = one.memory.psi.full.total = one.memory.container_data.pgfault = 5
    assert one.diskio is not None
    one.diskio.psi.some.total = 5
    assert one != other


def recorded_files(host: RecordedHost, version: Version) -> dict[str, bytes]:
    """What all sources say of one recorded container that has nearly all of them."""
    group = "/docker/0bc2" if version == 1 else "/system.slice/docker-7ffa51f"
    found = {}
    for kind in kinds():
        for source in sources(kind, version):
            path = path_of(host, version, group, source.name)
            text = host.read(path) if path else None
            if text is not None:
                found[source.name] = text
    assert len(found) >= 10
    return found


def path_of(host: RecordedHost, version: Version, start: str, file: str) -> str | None:
    """Where a file of the recorded group lies whose name starts so."""
    if "/" in file:
        return None
    tree = "/sys/fs/cgroup"
    if version == 1:
        tree += "/unified" if file.startswith("unified:") else "/" + file.partition(".")[0]
    parent, _, name = start.rpartition("/")
    for found in host.subdirs(tree + parent) or ():
        if found.startswith(name):
            return f"{tree}{parent}/{found}/{file.removeprefix('unified:')}"
    return None


@pytest.mark.parametrize(("machine", "version"), [("docker-v1", 1), ("mixed-v2", 2)])
def test_the_order_of_decoders_has_no_meaning(recorded, machine: str, version: Version) -> None:
    files = recorded_files(recorded(machine), version)
    expected = None
    for seed in range(20):
        collectors = enabled(kinds())
        random.Random(seed).shuffle(collectors)
        stats = decoded(" ".join(kinds()), version, {})
        for collector in collectors:
            decode(collector, version, files, stats)
        expected = expected or to_builtins(stats)
        assert to_builtins(stats) == expected


def decode(collector: Collector, version: Version, files: dict[str, bytes], stats: ContainerStats) -> None:
    raw = tuple(files.get(source.name) for source in sources(collector.kind, version))
    (collector.decode_v2 if version == 2 else collector.decode_v1)(raw, stats)


#: Of kinds whose sources are kernel files; the others digest theirs themselves before they keep them.
OF_FILES = ("cpu", "percpu", "memory", "diskIO", "network", "pressure", "process", "pids")
WORDS = st.text("some avg10=.rbytes 0123456789:-\n\t\0éTotalmax", max_size=60).map(str.encode)


@given(st.sampled_from(OF_FILES), st.sampled_from(VERSIONS), st.data())
def test_any_contents_give_figures_or_a_parse_error(kind: str, version: Version, data: st.DataObject) -> None:
    contents = st.none() | st.binary(max_size=60) | WORDS
    files = {source.name: text for source in sources(kind, version) if (text := data.draw(contents)) is not None}
    stats = decoded(f"{kind} cpu memory diskIO pids", version, {})
    (collector,) = enabled([kind])
    with suppress(ParseError):
        decode(collector, version, files, stats)
    # Whatever was made of it can be written on every outlet.
    to_builtins(stats)
    render(collector.families, stats)
