"""cadvcli/compat.tsv as tests read it: which differences from cAdvisor have a reason.

``where`` lists places by commas; a place is a path in an answer, with ``*`` for anything, and may end in
``(cgroup v1)`` or ``(cgroup v2)``. A cell that is a number, ``true``, ``false`` or ``absent`` is that very value;
others are prose.
"""

import json
from fnmatch import fnmatchcase
from pathlib import Path
from typing import NamedTuple

import cadvcli

FILE = Path(cadvcli.__file__).parent / "compat.tsv"


class Row(NamedTuple):
    """One difference from cAdvisor."""

    where: str
    cadvisor: str
    cadvcli: str
    reason: str

    @property
    def places(self) -> list[str]:
        """The paths that it speaks of."""
        return self.where.split(", ")

    def explains(self, path: str, version: int, theirs: object, ours: object) -> bool:
        """Whether it speaks of this path on this version of cgroups, and of these values."""
        return _is(self.cadvisor, theirs) and _is(self.cadvcli, ours) and any(
            fnmatchcase(path, pattern) and scope in ("", f"(cgroup v{version})")
            for pattern, _, scope in (place.partition(" ") for place in self.places)
        )


def rows() -> list[Row]:
    """All rows, without the names of the columns."""
    return [Row(*line.split("\t")) for line in FILE.read_text("utf-8").splitlines()[1:]]


def _is(cell: str, value: object) -> bool:
    if cell == "absent":
        return value is None
    try:
        return bool(json.loads(cell) == value)
    except ValueError:
        return True
