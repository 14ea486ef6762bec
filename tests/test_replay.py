"""The same files lead to the same numbers: recorded machines through Manager, beside cAdvisor's word on that moment.

All containers were frozen before recording. A group is *still* if every process in it and below it is frozen: there
each number must be cAdvisor's. In the others, of which the machine's root is one, time went on between the two
readings, so there a number must only be where cAdvisor has one; their limits are compared all the same. Where the
kernel gives no number cAdvisor has 0 and we have null.
"""

import re
from collections.abc import Callable, Iterator
from fnmatch import fnmatchcase
from typing import Any, NamedTuple

import pytest
from msgspec import to_builtins

from cadvcli.kernel.cgroup import Cgroup, children
from cadvcli.manager.container import Container
from cadvcli.manager.manager import Manager
from cadvcli.manager.settings import Settings
from cadvcli.runtimes import RuntimeSettings, runtimes_for
from tests.compat import Row, rows
from tests.fakes.docker import FakeDocker
from tests.recorded import NAMES, RecordedHost, Recording

#: The kinds whose figures cAdvisor collected there and this test compares.
KINDS = frozenset({"cpu", "percpu", "memory", "diskIO", "network", "pressure"})

#: What is no figure of these kinds, fades by itself (averages), or is the time of the sample.
LEFT_OUT = re.compile(
    r"stats\.(timestamp|filesystem|task_stats|health|resctrl|cpuset|cpu\.schedstat|cpu\.load_.*|network\.(tcp|udp).*)"
    r"|spec\.has_filesystem|.*\.avg\d+"
)
#: What only its engine knows of a container. There are groups of engines that are not asked here.
OF_THE_ENGINE = re.compile(r"spec\.(labels|image|envs|creation_time|start_time|has_network).*|stats\.network.*")
#: The kernel's own work on still groups: it wrote a page to disk, and moved one from one list to the other.
MOVED = (
    ("/machine.slice*", "stats.memory.file_dirty"),
    ("/user.slice*", "stats.memory.total_active_file"),
    ("/user.slice*", "stats.memory.total_inactive_file"),
    ("/user.slice*", "stats.memory.working_set"),
)


class Difference(NamedTuple):
    """Two values of one field of one group."""

    group: str
    path: str
    theirs: Any
    ours: Any


class Replay(NamedTuple):
    """What came of one recorded machine."""

    version: int
    still: set[str]
    groups: set[str]
    figures: int  #: how many numbers were compared
    differences: list[Difference]


def replayed(recording: Recording) -> Replay:
    """Sample the recorded machine and compare every group with cAdvisor's answer."""
    host = recording.host()
    theirs = {one["name"]: one for one in recording.answer("cadvisor/v1.3-subcontainers-root.json")}
    with FakeDocker.of(recording) as docker:
        manager = Manager(host, Settings(kinds=KINDS), runtimes_for(host, RuntimeSettings(docker=docker.endpoint)))
        manager.discover()
        for container in manager.containers():  # the engine's list is short of times; the daemon asks for each
            container.rename(manager.identify(container.name) or container.identity)
        manager.sample()
        ours = {container.name: (container, wire(manager, container)) for container in manager.containers()}
        manager.close()
    still = {name for name, (container, _) in ours.items() if is_still(host, container.cgroup)}
    found = [
        Difference(name, "container.name", name if name in theirs else None, name if name in ours else None)
        for name in theirs.keys() ^ ours.keys()
    ]
    figures = 0
    for name in sorted(ours.keys() & theirs.keys()):
        container, mine = ours[name]
        known = container.identity.namespace == theirs[name].get("namespace", "")
        for path, their, our in compared({"stats": theirs[name]["stats"][-1], "spec": theirs[name]["spec"]}, mine):
            figures += 1
            one = Difference(name, path, their, our)
            if not is_same(one, name in still) and not is_excused(one, known, container.identity.runtime):
                found.append(one)
    return Replay(manager.hierarchies.version, still, set(ours), figures, found)


def wire(manager: Manager, container: Container) -> dict[str, Any]:
    """A container as our wire has it."""
    sample = manager.latest(container)
    assert sample is not None
    return {"stats": to_builtins(sample.stats), "spec": to_builtins(manager.spec(container))}


def is_still(host: RecordedHost, group: Cgroup) -> bool:
    """Whether all processes in the group and below it are frozen, or there are none."""
    if group.version == 2:
        frozen = b"frozen 1" in (group.read("cgroup.events") or b"")
    else:
        path = "/sys/fs/cgroup/freezer" + group.name.rstrip("/") + "/freezer.state"
        frozen = host.text(path) == "FROZEN"
    below = (Cgroup(host, group.hierarchies, name) for name in children(group))
    return frozen or (not group.procs() and all(is_still(host, one) for one in below))


def compared(theirs: Any, ours: Any, path: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Each number or word of two answers; a section that one of them lacks is one difference."""
    if LEFT_OUT.fullmatch(path):
        return
    if isinstance(theirs, dict) and isinstance(ours, dict):
        for key in theirs.keys() | ours.keys():
            yield from compared(theirs.get(key), ours.get(key), f"{path}.{key}".lstrip("."))
    elif isinstance(theirs, list) and isinstance(ours, list):
        named = [{str(one.get("name") or (one["device"], one["major"])): one for one in many}
                 if many and isinstance(many[0], dict) else dict(enumerate(many))
                 for many in (theirs, ours)]  # fmt: skip
        for key in named[0].keys() | named[1].keys():
            yield from compared(named[0].get(key), named[1].get(key), path)
    else:
        yield path, theirs, ours


def is_same(one: Difference, still: bool) -> bool:
    """Whether the two say the same, as far as can be told."""
    if one.theirs == one.ours or (one.theirs == 0 and one.ours is None):
        return True
    moving = not still and one.path.startswith("stats.") and isinstance(one.theirs, int | float)
    return moving and isinstance(one.ours, int | float)


def is_excused(one: Difference, known: bool, runtime: str) -> bool:
    """Whether the recording can't tell: an engine not asked, times that are not recorded, pages that moved."""
    if not known and OF_THE_ENGINE.fullmatch(one.path):
        return True
    if one.path == "spec.creation_time" and runtime == "raw":
        return True
    return any(fnmatchcase(one.group, group) and one.path == path for group, path in MOVED)


@pytest.fixture(scope="module")
def replays(recording: Callable[[str], Recording]) -> dict[str, Replay]:
    return {name: replayed(recording(name)) for name in NAMES}


@pytest.mark.parametrize("name", NAMES)
def test_each_number_is_cadvisors_or_the_table_says_why_not(replays: dict[str, Replay], name: str) -> None:
    replay, table = replays[name], rows()
    unexplained = [
        f"{one.path} of {one.group}: cAdvisor {one.theirs!r}, we {one.ours!r}"
        for one in replay.differences
        if not any(row.explains(one.path, replay.version, one.theirs, one.ours) for row in table)
    ]
    assert not unexplained, "\n" + "\n".join(sorted(unexplained))


def test_no_row_of_the_table_explains_nothing(replays: dict[str, Replay]) -> None:
    def is_of_replay(row: Row) -> bool:
        # File systems are measured by the daemon alone: tests/web compares those.
        places = [place for place in row.places if not place.startswith("stats.filesystem")]
        return any(place.startswith(("stats.", "spec.", "container.")) for place in places)

    idle = [
        row.where
        for row in rows()
        if is_of_replay(row)
        and not any(
            row.explains(one.path, replay.version, one.theirs, one.ours)
            for replay in replays.values()
            for one in replay.differences
        )
    ]
    assert not idle, "\n" + "\n".join(idle)


@pytest.mark.parametrize(
    ("name", "still", "all_groups", "figures"), [("docker-v1", 8, 9, 600), ("mixed-v2", 44, 56, 3000)]
)
def test_most_groups_stand_still_and_have_their_figures(
    replays: dict[str, Replay], name: str, still: int, all_groups: int, figures: int
) -> None:
    replay = replays[name]
    assert "/" not in replay.still
    assert len(replay.still) >= still
    assert len(replay.groups) == all_groups
    assert replay.figures >= figures
