"""``LastWords``: asks a container's engine whether it ended for lack of memory.

The group is gone before the engine knows how its container ended, so it is asked again a moment later while it takes
it for running. Asked in the pool, told on the work thread.
"""

from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Executor, Future

from cadvcli.manager.container import Container
from cadvcli.manager.work import WorkThread
from cadvcli.model.clock import SECOND, Clock
from cadvcli.model.identity import Identity
from cadvcli.runtimes.runtime import Runtime

_AGAIN_NS = SECOND // 4
_TRIES = 8
#: When to look again where there is nothing to do.
_IDLE_NS = 3600 * SECOND


class LastWords:
    """Asks; ``killed`` is called with each container whose engine says so."""

    def __init__(
        self, runtimes: Sequence[Runtime], pool: Executor, work: WorkThread, killed: Callable[[Container], None]
    ) -> None:
        self._runtimes = {runtime.name: runtime for runtime in runtimes if runtime.name != "raw"}
        self._pool = pool
        self._work = work
        self._killed = killed
        self._clock = Clock()
        self._waiting: list[tuple[int, Container, int]] = []  #: when to ask, of whom, how often that was done

    def ask(self, container: Container) -> None:
        """Ask of a container that is gone; a plain group has no engine."""
        if container.identity.runtime in self._runtimes and container.identity.id:
            self._ask(container, 1)

    def tick(self, now_ns: int) -> int:
        """Ask again what is due; when to look again."""
        due = [one for one in self._waiting if one[0] <= now_ns]
        self._waiting = [one for one in self._waiting if one[0] > now_ns]
        for _, container, tries in due:
            self._ask(container, tries + 1)
        return min((one[0] for one in self._waiting), default=now_ns + _IDLE_NS)

    def _ask(self, container: Container, tries: int) -> None:
        runtime = self._runtimes[container.identity.runtime]
        future = self._pool.submit(runtime.describe, container.identity.id or "", container.name)
        future.add_done_callback(lambda done: self._work.submit(self._answered(container, tries, done)))

    def _answered(
        self, container: Container, tries: int, future: "Future[Identity | None]"
    ) -> Generator[None, None, None]:
        identity = None if future.cancelled() or future.exception() else future.result()
        if identity is not None and identity.started_ns in (container.identity.started_ns, None):
            if identity.oom_killed:
                self._killed(container)
            elif identity.state in ("running", "paused", None) and tries < _TRIES:
                self._waiting.append((self._clock.boot_ns() + _AGAIN_NS, container, tries))
        yield
