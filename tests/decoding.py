"""What a collector makes of literal bytes, without files and without rendering."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from cadvcli.collectors import enabled, kinds
from cadvcli.collectors.source import Source, unnamed
from cadvcli.errors import ParseError
from cadvcli.kernel.cgroup import Version
from cadvcli.manager.plan import Plan
from cadvcli.model.stats import ContainerStats
from cadvcli.prometheus import Family, Number

Files = Mapping[str, bytes]
Names = Callable[[int, int], str]


def decoded(chosen: str, version: Version, files: Files, device_name: Names = unnamed) -> ContainerStats:
    """The sample that these contents of sources make for these kinds (by blanks); the other sources are absent."""
    plan = Plan(frozenset(chosen.split()), version, device_name)
    assert files.keys() <= {source.name for source in plan.sources}, "a file that none of the kinds reads"
    return plan.decode(tuple(files.get(source.name) for source in plan.sources), "/a")


def complaint(kind: str, version: Version, files: Files, beside: str = "") -> str:
    """What the kind's decoder says of malformed contents; ``beside`` are kinds whose sections it writes to."""
    (collector,) = enabled([kind])
    stats = decoded(f"{kind} {beside}", version, {})
    raw = tuple(files.get(source.name) for source in sources(kind, version))
    with pytest.raises(ParseError) as caught:
        (collector.decode_v2 if version == 2 else collector.decode_v1)(raw, stats)
    return str(caught.value)


def sources(kind: str, version: Version) -> tuple[Source, ...]:
    """The sources of a kind."""
    (collector,) = enabled([kind])
    return collector.v2 if version == 2 else collector.v1


def family(name: str) -> Family:
    """The family of any kind that has this name."""
    (found,) = [family for kind in kinds().values() for family in kind.families if family.name == name]
    return found


def value(name: str, stats: ContainerStats) -> Number:
    """The number that the family gives of a sample."""
    ask = family(name).value
    assert ask is not None, f"{name} has labels"
    return ask(stats)


def rows(name: str, stats: ContainerStats) -> dict[Any, Number]:
    """The numbers of a family with labels by the labels' values, a single value not as a tuple."""
    ask = family(name).rows
    assert ask is not None, f"{name} has no labels"
    found = list(ask(stats))
    assert len({labels for labels, _ in found}) == len(found), "one series twice"
    assert all(len(labels) == len(family(name).labels) for labels, _ in found)
    return {labels[0] if len(labels) == 1 else labels: number for labels, number in found}
