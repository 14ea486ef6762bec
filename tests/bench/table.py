"""The table: a row for each figure, beside what it may be."""

from collections.abc import Iterable
from typing import NamedTuple

UNITS = {"ms": 1, "µs": 0, "x": 2, "B": 1, "kB": 1, "MB": 1, "": 0}


class Row(NamedTuple):
    """One figure; without ``most`` it is told only."""

    what: str
    figure: float
    unit: str
    most: float | None = None
    remark: str = ""

    @property
    def holds(self) -> bool:
        """Whether it is at most what it may be."""
        return self.most is None or round(self.figure, UNITS[self.unit]) <= self.most


def show(part: str, rows: Iterable[Row]) -> bool:
    """Print the rows of one part as they come; whether all hold."""
    print(f"\n{part}")
    good = True
    for row in rows:
        digits = UNITS[row.unit]
        most = "" if row.most is None else f"≤ {row.most:,.{digits if row.most % 1 else 0}f} {row.unit}"
        mark = "" if row.most is None else "ok" if row.holds else "OVER"
        figure = f"{row.figure:>10,.{digits}f} {row.unit:<3}"
        print(f"  {row.what:<48} {figure} {most:<11} {mark:<4} {row.remark}".rstrip(), flush=True)
        good = good and row.holds
    return good
