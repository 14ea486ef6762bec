"""The labels that all series of a container carry: its path, name, image, labels and kept environment.

All series of one page have the same label names: what any container of the page has, the others have empty. Raw names
are made valid by an underscore for each odd character; of those that become the same, the lowest in byte order that
the container has counts (cAdvisor takes one at random).
"""

from collections.abc import Iterable, Sequence

from cadvcli.manager.container import Container
from cadvcli.manager.spec import wire_labels
from cadvcli.model.identity import Identity
from cadvcli.prometheus import Block, block, label_name

RawLabels = dict[str, str]
Who = tuple[str, Identity]


def raw_labels(name: str, identity: Identity) -> RawLabels:
    """A container's own labels by their raw names."""
    found = {"id": name}
    if identity.aliases:
        found["name"] = identity.aliases[0]
    if identity.image:
        found["image"] = identity.image
    found.update({"container_label_" + key: value for key, value in wire_labels(identity).items()})
    found.update({"container_env_" + key: value for key, value in identity.envs.items()})
    return found


class Labels:
    """The blocks of the last page: the next one mostly needs the very same."""

    def __init__(self) -> None:
        self._page: list[Who] = []
        self._named: list[tuple[str, str]] = []
        self._blocks: list[Block] = []

    def blocks(self, containers: Sequence[Container]) -> list[Block]:
        """The block of each container of a page."""
        page = [(container.name, container.identity) for container in containers]
        if page != self._page:
            self._turn(page)
        return self._blocks

    def _turn(self, page: list[Who]) -> None:
        """Make what the new page has and the last one had not; all of it if the label names differ."""
        raw = [raw_labels(name, identity) for name, identity in page]
        named = [(found, label_name(found)) for found in sorted(frozenset().union(*raw))]
        known = {name: (identity, made) for (name, identity), made in zip(self._page, self._blocks, strict=True)}
        if named != self._named:
            known = {}
        blocks = []
        for (name, identity), labels in zip(page, raw, strict=True):
            before = known.get(name)
            blocks.append(before[1] if before and before[0] == identity else block(collided(named, labels)))
        self._page, self._named, self._blocks = page, named, blocks


def collided(named: Iterable[tuple[str, str]], raw: RawLabels) -> dict[str, str]:
    """The value for each label name; ``named`` are the page's raw names with theirs, in byte order."""
    labels: dict[str, str] = {}
    taken = set()
    for raw_name, name in named:
        if raw_name in raw and name not in taken:
            taken.add(name)
            labels[name] = raw[raw_name]
        else:
            labels.setdefault(name, "")
    return labels
