"""Of the recorded machines each number is cAdvisor's of that very moment, or compat.tsv says why it is another.

Only the frozen groups stood still between the two readings; of the others only the presence could be compared.
"""

import json
import re
from collections.abc import Callable, Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest

import cadvcli
from tests.exposition import Labels, Page, parse
from tests.recorded import NAMES, Recording
from tests.web.served import Served

ROWS = [row.split("\t") for row in (Path(cadvcli.__file__).parent / "compat.tsv").read_text("utf-8").splitlines()[1:]]
CGROUP = {"docker-v1": "(cgroup v1)", "mixed-v2": "(cgroup v2)"}

#: What moves by itself: averages decay, and the clock goes on.
MOVING = re.compile(r".*\.(timestamp|creation_time|avg\d+|cpu_inst.*)|metrics\.container_last_seen")
BASE = re.compile(r"id|name|image|container_(?:label|env)_.*")
#: Which recorded answers are those of endpoints that there are.
SERVED = re.compile(
    r"/api/(?:v1\.\d/(?:machine|containers|subcontainers|docker)|v2\.\d/(?:machine|spec)|v2\.\d/stats)\b.*"
)
#: Files that were left out of the recordings, and what they would have told.
UNRECORDED = re.compile(r"machine\.(machine_id|system_uuid|boot_id)")
#: Times of directories aren't in the recordings, so a plain group's age isn't either.
AGE = {"container_creation_time_seconds", "container_start_time_seconds"}
#: What comes of kinds that these servers don't collect: cpuLoad and oom_event.
OTHER_KINDS = re.compile(
    r"metrics\.container_(cpu_load_.*|tasks_state|oom_events_total)"
)

#: Engines that these servers don't know: what only they tell of their containers is not there.
OTHER_ENGINES = re.compile(r".*(libpod|cri-containerd).*|.*type=podman.*")
#: The kernel goes on moving a page from one list to the other.
PAGES = re.compile(r".*memory[._](working_set|total_active_file|total_inactive_file)(_bytes)?")
PAGE_BYTES = 4096
#: Names all request types of a version.
LISTING = "err-no-type.txt"

Difference = tuple[str, Any, Any]


def explained(where: str, name: str) -> bool:
    """Whether a row of the table speaks of this place on this machine."""
    for row in ROWS:
        for place in row[0].split(", "):
            pattern, _, only = place.partition(" ")
            if only in ("", CGROUP[name]) and (fnmatchcase(where, pattern) or fnmatchcase(where, pattern + ".*")):
                return True
    return False


def frozen(recording: Recording) -> set[str]:
    """The groups in which nothing moved."""
    v2 = recording.root / "sys/fs/cgroup/cgroup.controllers"
    tree = recording.root / ("sys/fs/cgroup" if v2.exists() else "sys/fs/cgroup/freezer")
    files = [*tree.rglob("freezer.state"), *tree.rglob("cgroup.events")]
    still = [file.parent for file in files if re.search(r"^frozen 1$|^FROZEN$", file.read_text(), re.MULTILINE)]
    names = {"/" + str(folder.relative_to(tree)) for folder in still}
    return {name for name in names if not OTHER_ENGINES.fullmatch(name)}


def agree(differences: Iterator[Difference], name: str) -> None:
    """Fail with a line for each difference that nothing excuses."""
    found = {
        f"{where}: {ours!r}, cAdvisor {theirs!r}"
        for where, ours, theirs in differences
        if not (
            MOVING.fullmatch(where)
            or UNRECORDED.fullmatch(where)
            or (not ours and OTHER_KINDS.fullmatch(where))
            or (PAGES.fullmatch(where) and ours and theirs and abs(ours - theirs) <= PAGE_BYTES)
            or explained(where, name)
        )
    }
    assert not found, f"not in compat.tsv, on {name}:\n" + "\n".join(sorted(found))


def own(labels: Labels) -> Labels:
    """The labels that are the family's."""
    return frozenset(pair for pair in labels if not BASE.fullmatch(pair[0]))


def numbers(page: Page, group: str) -> dict[tuple[str, Labels], float]:
    """The samples of one group."""
    return {
        (family, own(labels)): number
        for family, samples in page.samples.items()
        for labels, number in samples.items()
        if ("id", group) in labels
    }


def groups(page: Page) -> set[str]:
    return {value for samples in page.samples.values() for labels in samples for name, value in labels if name == "id"}


@pytest.mark.parametrize("name", NAMES)
def test_each_number_on_metrics_is_cadvisors(name: str, serving: Callable[[str], Served], recording: Any):
    ours, theirs = serving(name).ask("/metrics").page, parse(recording(name).text("cadvisor/metrics.txt"))
    still = frozen(recording(name)) & groups(theirs)
    assert len(still) > 5

    def differences() -> Iterator[Difference]:
        for group in still:
            mine, their = numbers(ours, group), numbers(theirs, group)
            for family, labels in mine.keys() | their.keys():
                number, expected = mine.get((family, labels)), their.get((family, labels))
                if number != expected and not (family in AGE and "docker" not in group):
                    yield f"metrics.{family}", number, expected

    agree(differences(), name)


@pytest.mark.parametrize("name", NAMES)
def test_each_family_is_cadvisors_with_its_type(name: str, serving: Callable[[str], Served], recording: Any):
    ours, theirs = serving(name).ask("/metrics").page, parse(recording(name).text("cadvisor/metrics.txt"))
    ruled = {family: kind for family, kind in theirs.types.items() if not family.startswith(("go_", "process_"))}

    def differences() -> Iterator[Difference]:
        for family in ours.types.keys() | ruled.keys():
            if ours.types.get(family) != ruled.get(family):
                yield f"metrics.{family}", ours.types.get(family), ruled.get(family)

    agree(differences(), name)


@pytest.mark.parametrize("name", NAMES)
def test_the_machines_families_are_cadvisors(name: str, serving: Callable[[str], Served], recording: Any):
    ours, theirs = serving(name).ask("/metrics").page, parse(recording(name).text("cadvisor/metrics.txt"))

    def differences() -> Iterator[Difference]:
        for family in theirs.types:
            if family.startswith("machine_"):
                mine, their = (list(page.samples.get(family, {}).values()) for page in (ours, theirs))
                if mine != their:
                    yield f"metrics.{family}", mine, their

    agree(differences(), name)


def base(page: Page, group: str) -> dict[str, str]:
    """The base labels of a group that aren't empty."""
    (labels,) = [labels for labels in page.samples["container_last_seen"] if ("id", group) in labels]
    return {name: value for name, value in labels if value}


@pytest.mark.parametrize("name", NAMES)
def test_a_containers_labels_are_cadvisors(name: str, serving: Callable[[str], Served], recording: Any):
    ours, theirs = serving(name).ask("/metrics").page, parse(recording(name).text("cadvisor/metrics.txt"))
    containers = [group for group in frozen(recording(name)) if "docker" in group]
    assert len(containers) > 5
    assert {group: base(ours, group) for group in containers} == {group: base(theirs, group) for group in containers}


def test_all_series_of_a_page_have_the_same_base_labels(serving: Callable[[str], Served]):
    page = serving("docker-v1").ask("/metrics").page
    found = {
        frozenset(name for name, _ in labels if BASE.fullmatch(name))
        for family, samples in page.samples.items()
        for labels in samples
        if family.startswith("container_") and family != "container_scrape_error"
    }
    assert len(found) == 1


def compared(where: str, ours: Any, theirs: Any) -> Iterator[Difference]:
    """Each place at which two answers differ; lists are matched by what their members are called."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        for key in ours.keys() | theirs.keys():
            yield from compared(f"{where}.{key}", ours.get(key), theirs.get(key))
    elif isinstance(ours, list) and isinstance(theirs, list) and called(ours + theirs):
        mine, their = called(ours), called(theirs)
        for key in mine.keys() | their.keys():
            yield from compared(where, mine.get(key), their.get(key))
    elif isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        for mine, their in zip(ours, theirs, strict=True):
            yield from compared(where, mine, their)
    elif ours != theirs:
        yield where, ours, theirs


def called(members: list[Any]) -> dict[str, Any]:
    """The members by name, device or number; empty if they have none."""
    if not all(isinstance(member, dict) and member.keys() & {"name", "device", "major"} for member in members):
        return {}
    return {str(one.get("name") or (one.get("device"), one.get("major"), one.get("minor"))): one for one in members}


def by_name(answer: Any) -> dict[str, Any]:
    """The containers of any answer by canonical name."""
    if isinstance(answer, list):
        return {one["name"]: one for one in answer}
    return {answer["name"]: answer} if "name" in answer else answer


def objects(answer: Any, path: str) -> dict[str, dict[str, Any]]:
    """The objects of an answer by what they are of: spec and newest sample of each container, or the machine."""
    if "/machine" in path:
        return {"machine": {"machine": answer}}
    if "/spec/" in path:
        return {name: {"spec": spec} for name, spec in answer.items()}
    if path.startswith("/api/v2.0/stats"):
        return {name: {"stats": samples[-1]} for name, samples in answer.items()}
    found = {}
    for name, one in by_name(answer).items():
        who = {key: one[key] for key in ("id", "name", "aliases", "namespace") if key in one}
        found[name] = {"spec": one["spec"], "stats": one["stats"][-1], "container": who}
    return found


def answers(recording: Recording) -> Iterator[tuple[str, dict[str, Any]]]:
    """The recorded answers of endpoints that there are, by file."""
    for file, asked in recording.answer("cadvisor/index.json").items():
        path = asked["request"][1]
        if asked["status"] == 200 and SERVED.fullmatch(path) and not OTHER_ENGINES.fullmatch(path):
            yield file, asked


@pytest.mark.parametrize("name", NAMES)
def test_each_number_of_the_api_is_cadvisors(
    name: str, serving: Callable[[str], Served], recording: Callable[[str], Recording]
):
    def differences() -> Iterator[Difference]:
        for file, asked in answers(recording(name)):
            method, path, body = asked["request"]
            ours, theirs = serving(name).ask(path, method, body), recording(name).text(f"cadvisor/{file}")
            assert ours.headers["content-type"] == asked["headers"]["Content-Type"]
            mine, their = objects(ours.json, path), objects(json.loads(theirs), path)
            for group in (frozen(recording(name)) | {"machine"}) & their.keys():
                for what in their[group]:
                    yield from compared(what, mine[group][what], their[group][what])

    agree(differences(), name)


@pytest.mark.parametrize("name", NAMES)
def test_errors_are_cadvisors_byte_for_byte(
    name: str, serving: Callable[[str], Served], recording: Callable[[str], Recording]
):
    for file, asked in recording(name).answer("cadvisor/index.json").items():
        if file.startswith("err-") and file != LISTING:
            method, path, body = asked["request"]
            ours = serving(name).ask(path, method, body)
            assert (ours.status, ours.headers["content-type"], ours.text) == (
                asked["status"],
                asked["headers"]["Content-Type"],
                recording(name).text(f"cadvisor/{file}"),
            )
