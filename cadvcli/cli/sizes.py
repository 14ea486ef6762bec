"""``containers --size``: what containers have written, by walking through their layers and logs now.

The walk is made by the process that ``serve`` has for it, as fast as it goes, and ends when its time is over: what was
found by then is at least there.
"""

import sys
from collections.abc import Iterable, Mapping
from contextlib import closing
from typing import TYPE_CHECKING

from cadvcli.cli.cells import Cell, Shown
from cadvcli.cli.listing import Known, completed
from cadvcli.cli.wording import NOTHING, si
from cadvcli.manager.manager import Manager
from cadvcli.model.clock import SECOND
from cadvcli.model.column import Size
from cadvcli.model.identity import Identity
from cadvcli.model.row import SIZES

if TYPE_CHECKING:
    from cadvcli.manager.walker import Answer, Walker

#: Back to the beginning of the line, and clear it.
CLEAR = "\r\033[K"


def _size(shown: Shown) -> str:
    size = shown.row["size_bytes"]
    if not isinstance(size, int):
        return NOTHING
    return si(size) if shown.row["size_finished"] else f"≥ {si(size)}"


#: The column that --size adds to a table, and the keys that it adds to other formats.
CELL = Cell("size", "SIZE", ("size_bytes", "size_finished"), _size, True)
KEYS = tuple(column.key for column in SIZES)


class Sizes:
    """The walk through many containers, until a time on the boot clock."""

    def __init__(self, manager: Manager, timeout_ns: int) -> None:
        self._manager = manager
        self._until_ns = manager.clock.boot_ns() + timeout_ns
        self._progress = sys.stderr.isatty()
        self._done = 0
        self._asked = 0

    def of(self, found: Iterable[Known]) -> dict[str, Size]:
        """The size of each container by its id. One that has no folder, or none that we may read, is not there."""
        from cadvcli.manager.walker import Walker

        owned = [completed(one.identity, self._manager, one.name) for one in found if one.identity.id]
        wanted = {identity.id or "": identity for identity in owned if identity.layer or identity.log_dir}
        sizes: dict[str, Size] = {}
        if not wanted:
            return sizes
        with closing(Walker()) as walker:
            for container_id, identity in wanted.items():
                size = self._measured(identity, walker, len(wanted))
                self._done += 1
                if size is not None:
                    sizes[container_id] = size
        if self._progress:
            sys.stderr.write(CLEAR)
        return sizes

    def _measured(self, identity: Identity, walker: "Walker", count: int) -> Size | None:
        """The layer first, then the logs; None if neither could be read."""
        layer = self._walked(identity.layer, walker, count)
        logs = self._walked(identity.log_dir, walker, count)
        if layer is None and logs is None:
            return None
        return Size(
            layer_bytes=layer.bytes if layer else None,
            logs_bytes=logs.bytes if logs else None,
            finished=all(one.state for one in (layer, logs) if one),
        )

    def _walked(self, path: str, walker: "Walker", count: int) -> "Answer | None":
        """The last thing that is known of a folder; None if there is none or it can't be read."""
        import select

        from cadvcli.manager.walker import FAILED, WALKING, Answer, WalkerGone

        if not path:
            return None
        self._asked += 1
        last = Answer(self._asked, WALKING, 0, 0, 0, "")
        walker.ask(self._asked, self._manager.host.path(path))
        while last.state == WALKING:
            left_ns = max(0, self._until_ns - self._manager.clock.boot_ns())
            if not select.select([walker.fd], [], [], left_ns / SECOND)[0]:
                walker.ask(self._asked, "")
                break
            try:
                last = next((one for one in walker.answers() if one.number == self._asked), last)
            except WalkerGone:
                break
            self._tell(last, count)
        return None if last.state == FAILED else last

    def _tell(self, answer: "Answer", count: int) -> None:
        if self._progress:
            sys.stderr.write(f"{CLEAR}{self._done} of {count} containers, {answer.inodes} files in the next one")
            sys.stderr.flush()


def total(sizes: Mapping[str, Size], manager: Manager) -> str:
    """The last line: what all of it takes, with what the engines tell of images and build caches."""
    walked = [size.layer_bytes or 0 for size in sizes.values()], [size.logs_bytes or 0 for size in sizes.values()]
    at_least = "" if all(size.finished for size in sizes.values()) else "≥ "
    parts = [f"layers {at_least}{si(sum(walked[0]))}", f"logs {at_least}{si(sum(walked[1]))}"]
    used = [found for runtime in manager.runtimes if (found := runtime.used()) is not None]
    if used:
        parts += [f"images {si(sum(one.image_bytes for one in used))}"]
        parts += [f"build cache {si(sum(one.build_cache_bytes for one in used))}"]
    return "Total: " + ", ".join(parts) + "\n"
