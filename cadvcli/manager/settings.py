"""``Settings``: what a person can say about housekeeping."""

from msgspec import Struct

from cadvcli.collectors.source import Knobs
from cadvcli.model.clock import SECOND


class Settings(Struct, frozen=True, kw_only=True):
    """What a person can say about housekeeping; the defaults are cAdvisor's."""

    kinds: frozenset[str] = frozenset()  #: empty: the default ones
    housekeeping_interval_ns: int = SECOND
    max_housekeeping_interval_ns: int = 60 * SECOND
    allow_dynamic_housekeeping: bool = True
    storage_duration_ns: int = 120 * SECOND
    global_housekeeping_interval_ns: int = 60 * SECOND
    max_descriptors: int = 8192
    perf_events_config: str = ""
    load_reader: bool = False
    referenced_reset_interval: int = 0
    resctrl_interval_ns: int = 0
    event_storage_age_limit: dict[str, int] = {}  #: ns by event type, or for ``default``
    event_storage_event_limit: dict[str, int] = {}  #: number by event type, or for ``default``

    @property
    def knobs(self) -> Knobs:
        """What single kinds are told of it."""
        return Knobs(
            by_cpu=not self.kinds or "percpu" in self.kinds,
            perf_events_config=self.perf_events_config,
            load_reader=self.load_reader,
            referenced_reset_interval=self.referenced_reset_interval,
            resctrl_interval_ns=self.resctrl_interval_ns,
        )
