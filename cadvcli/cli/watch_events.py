"""``watch --events``: what happens to containers, a line each, as it happens."""

from collections.abc import Iterator
from queue import Empty, SimpleQueue
from typing import Any, NamedTuple

from cadvcli.cli.local import complain, host_of, runtimes_of
from cadvcli.cli.output import flush, write
from cadvcli.cli.wording import local_time
from cadvcli.errors import TimedOut
from cadvcli.kernel.cgroup import list_cgroups
from cadvcli.manager.daemon import Daemon
from cadvcli.manager.select import select
from cadvcli.manager.settings import Settings
from cadvcli.model.clock import SECOND, rfc3339
from cadvcli.model.events import CREATION, DELETION, Event
from cadvcli.model.identity import Identity, raw
from cadvcli.text import encode_json, printable
from cadvcli.units import format_duration

#: Words that mean a thing which belongs to a container now: what it means is settled at the start.
_THINGS = ("pid:", "port:", "if:", "path:")


class Happening(NamedTuple):
    """An event, when it was heard of, and who it happened to."""

    event: Event
    heard_ns: int
    identity: Identity


class One(NamedTuple):
    """The container of an event, as a candidate for NAME words."""

    identity: Identity
    name: str

    def main_pid(self) -> int | None:
        """None: it may have ended."""
        return None


class Listener:
    """Hears events on the work thread, and hands over those that are news of containers that were asked for."""

    def __init__(self, daemon: Daemon, settings: Any) -> None:
        self._daemon = daemon
        self._raw: bool = settings.raw
        self._words = [word for word in settings.names if not word.startswith(_THINGS)]
        self._all = not settings.names
        self._owners: set[str] = set()  #: groups that the things at the start belong to
        self._known: dict[str, Identity] = {}
        #: Groups that were there before us: they are told of when they come to be known, which is no news.
        self._old = list_cgroups(daemon.host, daemon.hierarchies)
        self.heard: SimpleQueue[Happening] = SimpleQueue()

    def settle(self, names: tuple[str, ...]) -> list[str]:
        """Find the owners of things. A line for each word that means nothing yet."""
        alive = self._daemon.containers()
        things = [word for word in names if word.startswith(_THINGS)]
        self._owners = {one.name for one in select(things, alive, self._daemon.host).found}
        return select(names, alive, self._daemon.host).missing

    def __call__(self, event: Event) -> None:
        """Take an event."""
        group, identity = event.container_name, self._identity(event)
        if event.event_type == CREATION:
            self._known[group] = identity
            if group in self._old:
                self._old.discard(group)
                return
        if event.event_type == DELETION:
            self._known.pop(group, None)
            self._old.discard(group)
        if self._wanted(group, identity):
            self.heard.put(Happening(event, self._daemon.clock.wall_ns(), identity))

    def _identity(self, event: Event) -> Identity:
        container = self._daemon.registry.get(event.container_name)
        if container is not None:
            return container.identity
        return self._known.get(event.container_name, raw(event.container_name))

    def _wanted(self, group: str, identity: Identity) -> bool:
        if self._all:
            return self._raw or identity.runtime != "raw"
        return group in self._owners or bool(select(self._words, [One(identity, group)], self._daemon.host).found)


def stream(settings: Any, form: str) -> None:
    """Print events as they happen, until as many have come as were asked for. TimedOut if time runs out."""
    host = host_of(settings)
    daemon = Daemon(host, Settings(kinds=frozenset({"cpu"})), runtimes_of(settings, host))
    listener = Listener(daemon, settings)
    daemon.watch(listener)
    daemon.start(housekeeping=False)
    try:
        complain(listener.settle(settings.names))
        for happening in _happenings(listener, daemon, settings):
            write(as_json(happening) if form == "jsonl" else as_line(happening))
            flush()
    finally:
        daemon.stop()


def _happenings(listener: Listener, daemon: Daemon, settings: Any) -> Iterator[Happening]:
    end_ns = None if settings.timeout is None else daemon.clock.boot_ns() + settings.timeout
    number = 0
    while settings.count is None or number < settings.count:
        left = None if end_ns is None else max(0, end_ns - daemon.clock.boot_ns()) / SECOND
        try:
            yield listener.heard.get(timeout=left)
        except Empty:
            wanted = "" if settings.count is None else f" of {settings.count}"
            text = f"{number}{wanted} events came within {format_duration(settings.timeout)}"
            raise TimedOut(text) from None
        number += 1


def as_json(happening: Happening) -> str:
    """An event as one line of JSON, with the keys of a row where it has the same things."""
    event, heard_ns, identity = happening
    ended, killed = event.data.container_deletion, event.data.oom
    record = {
        "timestamp": rfc3339(heard_ns),
        "event_type": event.event_type,
        "name": identity.name,
        "id": identity.id,
        "cgroup": event.container_name,
        "runtime": identity.runtime,
        "image": identity.image,
        "labels": identity.labels,
        "exit_code": ended.exit_code if ended is not None and ended.exit_code >= 0 else None,
        "oom_pid": killed.pid or None if killed else None,
        "oom_process": killed.process_name or None if killed else None,
        "oom_constraint": killed.constraint if killed else None,
    }
    return encode_json(record).decode() + "\n"


def as_line(happening: Happening) -> str:
    """An event as a line for a person."""
    event, heard_ns, identity = happening
    rest = [identity.runtime, identity.image or ""]
    if event.data.oom is not None and event.data.oom.pid:
        rest.append(f"{event.data.oom.process_name} ({event.data.oom.pid})")
    ended = event.data.container_deletion
    if ended is not None and ended.exit_code >= 0:
        rest.append(f"exit code {ended.exit_code}")
    words = printable("  ".join(word for word in rest if word))
    return f"{local_time(heard_ns)}  {event.event_type:<17}  {printable(identity.name):<24}  {words}\n"
