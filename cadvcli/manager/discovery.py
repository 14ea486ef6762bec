"""``Watcher``: hears of groups that come and go, by inotify on the cgroup trees.

Of v1's many trees only those of the memory and cpu controllers are watched: engines make a group in all of them at
once, and what lives elsewhere alone is found by the re-listing, which also heals a lost event. Names ending in
``.mount`` are not watched: systemd makes one for each mount into a container and no process is ever in it.
https://docs.kernel.org/filesystems/inotify.html, man 7 inotify
"""

import errno
import logging
import os
from typing import NamedTuple

from inotify_simple import INotify, flags

from cadvcli.errors import CadvcliError
from cadvcli.host import Host
from cadvcli.kernel.cgroup import Hierarchies

log = logging.getLogger(__name__)

_MASK = flags.CREATE | flags.DELETE | flags.MOVED_FROM | flags.MOVED_TO | flags.ONLYDIR
_WATCHED = ("memory", "cpu")


class Changes(NamedTuple):
    """What was heard: names that came, names that went, and whether events were lost."""

    came: set[str]
    went: set[str]
    lost: bool


class Watcher:
    """Watches of all groups of the watched trees. Not a thread: whoever polls ``fd`` calls ``changes``."""

    def __init__(self, host: Host, hierarchies: Hierarchies) -> None:
        self._host = host
        self._inotify = INotify(nonblocking=True)
        self._places: dict[int, tuple[str, str]] = {}  #: watch → (tree, group)
        self._exhausted = False
        mounts = [hierarchies.mounts[name] for name in _WATCHED if name in hierarchies.mounts]
        self.trees = tuple(dict.fromkeys(mounts)) if hierarchies.version == 1 and mounts else hierarchies.roots

    @property
    def fd(self) -> int:
        """Readable when there are changes."""
        return int(self._inotify.fileno())

    @property
    def blind(self) -> bool:
        """Whether some groups could not be watched, so that only the re-listing finds what happens in them."""
        return self._exhausted

    def watch_all(self) -> set[str]:
        """Watch every group of the trees; the names of all of them."""
        found = {"/"}
        for tree in self.trees:
            found |= self._watch_below(tree, "/")
        return found

    def changes(self) -> Changes:
        """What has happened since the last call. New groups are watched, and what is in them already has come too."""
        came: set[str] = set()
        went: set[str] = set()
        lost = False
        for event in self._inotify.read(timeout=0):
            if event.mask & flags.Q_OVERFLOW:
                lost = True
                continue
            tree, parent = self._places.get(event.wd, ("", ""))
            if event.mask & flags.IGNORED:
                self._places.pop(event.wd, None)
            elif tree and event.mask & flags.ISDIR:
                name = parent.rstrip("/") + "/" + event.name
                if event.mask & (flags.CREATE | flags.MOVED_TO):
                    came |= {name} | self._watch_below(tree, name)
                else:
                    went.add(name)
        return Changes(came, went, lost)

    def close(self) -> None:
        """End all watches."""
        self._inotify.close()

    def _watch_below(self, tree: str, start: str) -> set[str]:
        """Watch a group and all below it. The watch comes before the listing, so nothing falls between the two."""
        found = set()
        waiting = [start]
        while waiting:
            name = waiting.pop()
            if name.endswith(".mount"):
                continue
            path = tree if name == "/" else tree + name
            if not self._watch(tree, name, path):
                continue
            try:
                below = self._host.subdirs(path) or ()
            except CadvcliError:
                continue
            for child in below:
                waiting.append(name.rstrip("/") + "/" + child)
                found.add(waiting[-1])
        return found

    def _watch(self, tree: str, name: str, path: str) -> bool:
        """Whether the group is there. Without watches left it is still listed, and that is said once."""
        try:
            watch = self._inotify.add_watch(os.fsencode(self._host.path(path)), _MASK)
        except OSError as error:
            if error.errno != errno.ENOSPC:
                return False
            if not self._exhausted:
                self._exhausted = True
                log.warning(
                    "no inotify watches left: new containers are found by re-listing alone; "
                    "raise it with: sysctl fs.inotify.max_user_watches=524288"
                )
            return True
        self._places[watch] = (tree, name)
        return True
