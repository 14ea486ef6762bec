"""``Scheduler``: which containers are due when. Times fall on ticks of 100 ms, so that containers share wake-ups."""

from heapq import heappop, heappush

from cadvcli.manager.container import Container
from cadvcli.model.clock import SECOND

TICK_NS = SECOND // 10


class Scheduler:
    """Containers by the tick of the boot clock at which they are due. A container has one due time at most."""

    def __init__(self) -> None:
        self._at: dict[int, list[Container]] = {}
        self._ticks: list[int] = []

    def schedule(self, container: Container, boot_ns: int) -> None:
        """Make the container due at the first tick not before ``boot_ns``, and at no other time."""
        tick = -(-boot_ns // TICK_NS)
        if container.due_tick == tick:
            return
        container.due_tick = tick
        if tick not in self._at:
            self._at[tick] = []
            heappush(self._ticks, tick)
        self._at[tick].append(container)

    def cancel(self, container: Container) -> None:
        """Take back its due time."""
        container.due_tick = -1

    def due(self, boot_ns: int) -> list[Container]:
        """Take out the containers whose time has come."""
        found = []
        while self._ticks and self._ticks[0] * TICK_NS <= boot_ns:
            tick = heappop(self._ticks)
            for container in self._at.pop(tick):
                # One that was scheduled anew since is listed at its other tick too.
                if container.due_tick == tick:
                    container.due_tick = -1
                    found.append(container)
        return found

    def next_ns(self) -> int | None:
        """The boot time of the next tick at which anything may be due, None if nothing ever is."""
        return self._ticks[0] * TICK_NS if self._ticks else None
