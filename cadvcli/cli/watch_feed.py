"""What ``watch`` hears of containers: scenes made on the work thread, and the news that there is one."""

import os
from collections.abc import Collection, Generator, Sequence
from concurrent.futures import Future
from contextlib import suppress
from typing import Any

from cadvcli.cli.listing import DETAILS, memory_bytes
from cadvcli.cli.local import host_of, runtimes_of
from cadvcli.cli.measured import KINDS, measured
from cadvcli.cli.tree import ancestors
from cadvcli.cli.watch_view import Scene
from cadvcli.manager.container import Container
from cadvcli.manager.daemon import Daemon
from cadvcli.manager.select import select
from cadvcli.manager.settings import Settings
from cadvcli.model.column import Subject
from cadvcli.model.events import Event
from cadvcli.model.sample import Sample


class Feed:
    """Makes scenes when asked. ``wake`` is a descriptor that gets a byte when there is news."""

    def __init__(self, settings: Any, keys: Collection[str], wake: int) -> None:
        host = host_of(settings)
        wanted = Settings(kinds=frozenset(KINDS), storage_duration_ns=2 * settings.interval)
        self._daemon = Daemon(host, wanted, runtimes_of(settings, host))
        self._words: Sequence[str] = settings.names
        self._interval_ns: int = settings.interval
        # What takes a question to an engine would hold up the work thread; what is known already is shown.
        self._keys = frozenset(keys) - DETAILS
        self._wake = wake
        self._memory_bytes = memory_bytes(host)
        self._samples: dict[str, tuple[Sample, ...]] = {}
        self._future: Future[Scene] | None = None
        self.stirred = False  #: whether a container came or went since the last scene was asked for
        self.missing: list[str] = []  #: a line for each word that means nothing now

    def start(self) -> None:
        """Find what is there."""
        self._daemon.watch(self._heard)
        self._daemon.start(housekeeping=False)

    def stop(self) -> None:
        """End the work thread."""
        self._daemon.stop()

    @property
    def busy(self) -> bool:
        """Whether a scene is being made, or is made and not taken."""
        return self._future is not None

    def ask(self, *, raw: bool, tree: bool) -> None:
        """Have a scene made."""
        self.stirred = False
        self._future = self._daemon.run(self._scene(raw, tree))
        self._future.add_done_callback(lambda _: self._ring())

    def take(self) -> Scene | None:
        """The scene that was asked for, once it is there. Raises what went wrong in making it."""
        if self._future is None or not self._future.done():
            return None
        future, self._future = self._future, None
        return future.result()

    def _heard(self, event: Event) -> None:
        self.stirred = True
        self._ring()

    def _ring(self) -> None:
        with suppress(BlockingIOError):  # full of news already
            os.write(self._wake, b"\0")

    def _scene(self, raw: bool, tree: bool) -> Generator[None, None, Scene]:
        chosen = self._chosen(raw, tree)
        yield from self._daemon.refresh({one.name for one in chosen}, self._interval_ns // 2)
        subjects: list[Subject] = []
        samples: dict[str, tuple[Sample, ...]] = {}
        for container in chosen:
            if self._daemon.registry.get(container.name) is container:
                samples[container.name] = self._last_two(container)
                subjects.append(
                    measured(container, samples[container.name], self._daemon, self._keys, self._memory_bytes)
                )
                yield
        self._samples = samples
        return Scene(subjects, self._daemon.clock.wall_ns(), self._memory_bytes)

    def _chosen(self, raw: bool, tree: bool) -> list[Container]:
        alive = self._daemon.containers()
        selection = select(self._words, alive, self._daemon.host)
        self.missing = selection.missing
        found = selection.found if self._words else [one for one in alive if raw or one.identity.runtime != "raw"]
        if tree:
            above = {name for one in found for name in ancestors(one.name)}
            found = [one for one in alive if one in found or one.name in above]
        return found

    def _last_two(self, container: Container) -> tuple[Sample, ...]:
        """The samples that rates are over: the newest, and the one that was the newest in an earlier scene."""
        before = self._samples.get(container.name, ())
        newest = self._daemon.latest(container)
        if newest is None or (before and before[-1].boot_ns == newest.boot_ns):
            return before
        return (*before[-1:], newest)
