"""What the screen of ``watch`` shows: pure, from what is known of containers to lines, and what each key changes."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from cadvcli.cli import cells
from cadvcli.cli.cells import Cell, Shown
from cadvcli.cli.measured import total
from cadvcli.cli.output import display_width, table
from cadvcli.cli.screen import BOLD, DIM, REVERSE, Line
from cadvcli.cli.tree import ancestors, branches
from cadvcli.cli.wording import iec, percent
from cadvcli.model.clock import SECOND
from cadvcli.model.column import Subject
from cadvcli.model.row import Row, row
from cadvcli.text import printable

TABLE = ("name", "cpu", "thr", "mem", "limit", "mem_ratio", "swap", "net_rate", "block_rate", "pids", "psi")

HINTS = "q quit  h help  / filter  space pause  t tree  a plain groups  sort: c m i b p n  r reverse"
HELP_SCREEN = """\
c m i b p n    sort by CPU, memory, network, block I/O, tasks (pids), name
r              reverse the order
/              filter by name, image or service: enter keeps it, escape drops it
t              draw the cgroup tree
a              show plain groups too
space          pause, and go on
↑ ↓ page-up page-down home end    move through the list
ctrl-l         draw the screen anew
h ?            this help; any key leaves it
q              quit\
"""

#: Key → what to sort by: the word for it, the keys of the flat naming that are added up, and whether most is first.
SORTS = {
    "c": ("CPU", ("cpu_usage_ratio",)),
    "m": ("memory", ("memory_working_set_bytes",)),
    "i": ("network", cells.RX_TX_RATE),
    "b": ("block I/O", cells.IO_RATE),
    "p": ("pids", ("pids",)),
    "n": ("name", ()),
}
_BASE = ("name", "id", "cgroup", "image", "service", *(key for _, keys in SORTS.values() for key in keys))

QUIT, ANEW, REDRAW = "quit", "anew", "redraw"


class Scene(NamedTuple):
    """What is known at one moment."""

    subjects: Sequence[Subject]
    wall_ns: int
    memory_bytes: int | None


class View:
    """What a person has chosen to see. Keys change it; it has no other memory than that and the widths it has drawn."""

    def __init__(self, shown: Sequence[Cell], *, raw: bool = False) -> None:
        self.cells = list(shown)
        self.columns = cells.columns_of(dict.fromkeys([*cells.keys_of(shown), *_BASE]))
        self.sort = "c"
        self.reverse = False
        self.filter = ""
        self.editing = False
        self.tree = False
        self.raw = raw
        self.paused = False
        self.help = False
        self.top = 0
        self.page = 1
        self._widths: dict[str, int] = {}

    # -- keys

    def press(self, key: str) -> str | None:
        """Change what is shown. QUIT, ANEW if other containers are wanted now, REDRAW after damage, or None."""
        if self.editing:
            self._edit(key)
            return None
        if self.help:
            self.help = False
            return None
        if key in SORTS:
            self.sort, self.top = key, 0
            return None
        change, wish = _ACTIONS.get(key, (None, None))
        if change is not None:
            change(self)
        return wish

    def _edit(self, key: str) -> None:
        if key in ("enter", "escape"):
            self.editing = False
            self.filter = self.filter if key == "enter" else ""
        elif key == "backspace":
            self.filter = self.filter[:-1]
        elif key == "clear":
            self.filter = ""
        elif len(key) == 1:
            self.filter += key
        self.top = 0

    def _scroll(self, lines: int) -> None:
        self.top = max(0, self.top + lines)

    def _toggle(self, name: str) -> None:
        setattr(self, name, not getattr(self, name))

    # -- lines

    def lines(self, scene: Scene | None, width: int, height: int, message: str = "") -> list[Line]:
        """The whole screen."""
        if self.help:
            return [Line("cadvcli watch", BOLD), Line(""), *(Line(text) for text in HELP_SCREEN.split("\n"))]
        if scene is None:
            return [Line("cadvcli watch", BOLD), Line("taking the first samples …")]
        rows = self._ordered(scene)
        drawn = self._drawn(rows, width)
        self.page = max(1, height - 4)
        self.top = min(self.top, max(0, len(drawn) - 1 - self.page))
        body = drawn[1 + self.top : 1 + self.top + self.page]
        body += [""] * (self.page - len(body))
        return [
            Line(self._summary(rows, scene), BOLD),
            Line(self._state(len(rows)), DIM),
            Line(drawn[0], REVERSE),
            *(Line(text) for text in body),
            Line(printable(message) if message else HINTS, BOLD if message else DIM),
        ]

    def _summary(self, rows: Sequence[Shown], scene: Scene) -> str:
        owned = [one for one in rows if one.identity.runtime != "raw"]
        counted = owned or rows
        together = total([one.row for one in counted], [one.identity for one in counted], scene.memory_bytes)
        used, share = together["memory_working_set_bytes"], together["memory_working_set_ratio"]
        cpu = together["cpu_usage_ratio"]
        parts = [
            "cadvcli watch",
            f"{len(owned)} container" + ("" if len(owned) == 1 else "s"),
            f"CPU {percent(cpu if isinstance(cpu, int | float) else None)}",
            f"memory {iec(used if isinstance(used, int | float) else None)}"
            + (f" ({percent(share)})" if isinstance(share, int | float) else ""),
            datetime.fromtimestamp(scene.wall_ns // SECOND).strftime("%H:%M:%S"),
        ]
        return "  ".join(parts)

    def _state(self, count: int) -> str:
        order = "the cgroup tree" if self.tree else f"by {SORTS[self.sort][0]}{', reversed' if self.reverse else ''}"
        parts = [order]
        if self.editing or self.filter:
            parts.append(f"filter: {printable(self.filter)}" + ("▏" if self.editing else ""))
        if self.raw:
            parts.append("with plain groups")
        if self.paused:
            parts.append("PAUSED, space goes on")
        if self.top:
            parts.append(f"{self.top} above")
        below = count - self.top - self.page
        if below > 0:
            parts.append(f"{below} below")
        return "  ".join(parts)

    def _ordered(self, scene: Scene) -> list[Shown]:
        made = [(subject, row(subject, self.columns)) for subject in scene.subjects]
        shown = [Shown(found, subject.identity, scene.wall_ns) for subject, found in made]
        if self.tree:
            return self._in_tree(shown)
        kept = [one for one in shown if self._passes(one.row)]
        kept.sort(key=lambda one: one.identity.name, reverse=self.sort == "n" and self.reverse)
        if self.sort != "n":
            kept.sort(key=self._value, reverse=not self.reverse)
            kept.sort(key=lambda one: self._value(one) is _UNKNOWN)
        return kept

    def _value(self, one: Shown) -> float:
        values = [one.row[key] for key in SORTS[self.sort][1]]
        known = [value for value in values if isinstance(value, int | float)]
        return sum(known) if known else _UNKNOWN

    def _passes(self, found: Row) -> bool:
        wanted = self.filter.casefold()
        return not wanted or any(wanted in str(found[key] or "").casefold() for key in ("name", "image", "service"))

    def _in_tree(self, shown: Sequence[Shown]) -> list[Shown]:
        """Those that pass and all above them, in the order of the tree, named with their twigs."""
        by_group = {str(one.row["cgroup"]): one for one in shown}
        wanted = [name for name, one in by_group.items() if self._passes(one.row) and self._is_wanted(one)]
        every = [above for name in wanted for above in (name, *ancestors(name))]
        return [_with_twig(by_group[name], twig, name) for twig, name in branches(every) if name in by_group]

    def _is_wanted(self, one: Shown) -> bool:
        return self.raw or one.identity.runtime != "raw"

    def _drawn(self, rows: Sequence[Shown], width: int) -> list[str]:
        """The table's lines; a column once drawn wide stays so, that nothing jumps about."""
        texts = [[cell.text(one) for cell in self.cells] for one in rows]
        for at, cell in enumerate(self.cells):
            widest = max((display_width(printable(text[at] or "")) for text in texts), default=0)
            self._widths[cell.name] = max(self._widths.get(cell.name, 0), widest)
        widest_ever = ["x" * self._widths[cell.name] for cell in self.cells]
        title, _, *lines = table(cells.headings(self.cells), [widest_ever, *texts], width).splitlines()
        return [title, *lines]


_UNKNOWN = float("-inf")

#: Key → how it changes the view, and what is to be done then.
_ACTIONS: Mapping[str, tuple[Callable[[View], None] | None, str | None]] = {
    "q": (None, QUIT),
    "h": (lambda view: view._toggle("help"), None),
    "?": (lambda view: view._toggle("help"), None),
    "f1": (lambda view: view._toggle("help"), None),
    "r": (lambda view: view._toggle("reverse"), None),
    "/": (lambda view: view._toggle("editing"), None),
    "escape": (lambda view: setattr(view, "filter", ""), None),
    "t": (lambda view: view._toggle("tree"), ANEW),
    "a": (lambda view: view._toggle("raw"), ANEW),
    " ": (lambda view: view._toggle("paused"), ANEW),
    "redraw": (None, REDRAW),
    "up": (lambda view: view._scroll(-1), None),
    "down": (lambda view: view._scroll(1), None),
    "page up": (lambda view: view._scroll(-view.page), None),
    "page down": (lambda view: view._scroll(view.page), None),
    "home": (lambda view: view._scroll(-view.top), None),
    "end": (lambda view: view._scroll(1 << 30), None),
}


def _with_twig(one: Shown, twig: str, group: str) -> Shown:
    name = group.rpartition("/")[2] or "/" if one.identity.runtime == "raw" else one.identity.name
    return one._replace(row={**one.row, "name": twig + name})
