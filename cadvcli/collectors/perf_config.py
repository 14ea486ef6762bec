"""The configuration file of kind ``perf_event``: cAdvisor's JSON, which names the events to count.

``core`` and ``uncore`` each have ``events``, a list of names and of lists of names, which are counted at the same
times, and ``custom_events``: a name with the ``type`` and the ``config`` numbers that the PMU takes it from.
"""

from functools import partial

import msgspec
from msgspec import Struct

from cadvcli.errors import HostError, ParseError, UsageError
from cadvcli.host import Host
from cadvcli.kernel.perf import Attr, generic
from cadvcli.kernel.pmu import Pmu, parse_term, read_event, read_pmus

Names = tuple[str, ...]


class CustomEvent(Struct, frozen=True, kw_only=True):
    """An event by number: up to config, config1 and config2, in any base."""

    type: int
    config: tuple[str, ...]
    name: str

    def attr(self) -> Attr:
        """The event. ParseError for what is no number."""
        if not 1 <= len(self.config) <= 3 or not 0 <= self.type < 1 << 32:
            raise ParseError(self.name, 1, "one to three numbers in 'config' and a type make an event")
        return Attr(self.type, *(parse_term(text, self.name) for text in self.config))


class Events(Struct, frozen=True, kw_only=True):
    """One section: groups of events in their order."""

    events: tuple[str | Names, ...] = ()
    custom_events: tuple[CustomEvent, ...] = ()

    @property
    def groups(self) -> list[Names]:
        """Each item as a group; a single event is one of its own."""
        return [(item,) if isinstance(item, str) else item for item in self.events if item]

    def custom(self, name: str) -> CustomEvent | None:
        """The definition of an event of this name, None if it is a known one's."""
        return next((event for event in self.custom_events if event.name == name), None)


class PerfConfig(Struct, frozen=True, kw_only=True):
    """The whole file."""

    core: Events = Events()
    uncore: Events = Events()


def read_config(path: str) -> PerfConfig:
    """The configuration in a file of ours. UsageError for what is none, as it is an option's value."""
    try:
        with open(path, "rb") as file:
            config = msgspec.json.decode(file.read(), type=PerfConfig)
        for section in (config.core, config.uncore):
            for event in section.custom_events:
                event.attr()
    except OSError as error:
        raise UsageError(f"--perf-events-config: {path}: {error.strerror}") from None
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise UsageError(f"--perf-events-config: {path}: {error}") from None
    except ParseError as error:
        raise UsageError(f"--perf-events-config: {path}: event '{error.path}': {error.reason}") from None
    if not config.core.groups and not config.uncore.groups:
        raise UsageError(f"--perf-events-config: {path}: no events in 'core' or 'uncore'")
    return config


def core_event(host: Host, events: Events, name: str) -> Attr:
    """The event of this name: the file's own, every kernel's, a PMU's (``msr/tsc/``), else libpfm4's."""
    custom = events.custom(name)
    found = custom.attr() if custom else generic(name)
    if found is None and "/" in name:
        word, _, text = name.partition("/")
        pmus = [pmu for pmu in read_pmus(host) if pmu.name == word]
        found = next(filter(None, (read_event(host, pmu, text.removesuffix("/")) for pmu in pmus)), None)
    return found or _of_libpfm(name, name)


def uncore_events(host: Host, events: Events, name: str) -> list[tuple[Pmu, Attr]]:
    """The PMUs that count the event ``PREFIX/NAME``, all those whose name begins so, and what each takes it from."""
    custom = events.custom(name)
    prefix, slash, text = name.partition("/")
    pmus = [pmu for pmu in read_pmus(host) if pmu.cpus]
    if custom is not None and custom.type:
        pmus = [pmu for pmu in pmus if pmu.type == custom.type]
    else:
        pmus = [pmu for pmu in pmus if slash and pmu.name.startswith(prefix)]
    if not pmus:
        raise HostError(f"perf event {name}", "this machine has no PMU for it")
    find = partial(_custom, custom) if custom else partial(_named, host, name, text.removesuffix("/"))
    return [(pmu, find(pmu)) for pmu in pmus]


def shown(events: Events, name: str) -> str:
    """What an uncore event is called in the figures: without the PMU, unless the name is the file's own."""
    return name if events.custom(name) else name.partition("/")[2].removesuffix("/")


def _custom(custom: CustomEvent, pmu: Pmu) -> Attr:
    return custom.attr()._replace(type=pmu.type)


def _named(host: Host, name: str, text: str, pmu: Pmu) -> Attr:
    return (read_event(host, pmu, text) or _of_libpfm(name, text))._replace(type=pmu.type)


def _of_libpfm(name: str, text: str) -> Attr:
    from cadvcli.kernel import pfm

    found = pfm.encoded(text)
    if found is None:
        remedy = "" if pfm.installed() else "; a CPU's own events have names where libpfm4 is installed"
        raise HostError(f"perf event {name}", f"nobody knows such an event here{remedy}")
    return found
