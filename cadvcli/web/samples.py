"""``EncodedSamples``: samples as JSON sections, kept for whoever asks next, within one number of bytes."""

from collections import OrderedDict
from collections.abc import Iterator

from cadvcli.manager.container import Container
from cadvcli.manager.history import Reading
from cadvcli.manager.manager import Manager
from cadvcli.web.wire import Sections, sections

DEFAULT_BYTES = 32 << 20


class EncodedSamples:
    """What all answers share. It belongs to the work thread."""

    def __init__(self, manager: Manager, most_bytes: int = DEFAULT_BYTES) -> None:
        self._manager = manager
        self._most_bytes = most_bytes
        self._bytes = 0
        self._kept: OrderedDict[tuple[str, int], Sections] = OrderedDict()

    def of(self, container: Container, readings: list[Reading]) -> Iterator[tuple[Reading, Sections]]:
        """Each Reading with its sections. In a row of Readings that say the same they are made once."""
        slots, found = None, None
        for reading in readings:
            if found is None or reading.slots is not slots:
                found = self._sections(container, reading)
                slots = reading.slots
            yield reading, found

    def _sections(self, container: Container, reading: Reading) -> Sections:
        key = (container.name, reading.boot_ns)
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
            return found
        found = sections(self._manager.decode(container, reading).stats)
        self._kept[key] = found
        self._bytes += found.size()
        while self._bytes > self._most_bytes:
            _, oldest = self._kept.popitem(last=False)
            self._bytes -= oldest.size()
        return found
