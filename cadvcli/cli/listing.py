"""Which containers a command is about, and what is known of each without a sample."""

from collections.abc import Collection, Iterable, Sequence
from typing import TypeAlias

from msgspec import Struct

from cadvcli.errors import CadvcliError, HostError, RuntimeUnavailable
from cadvcli.host import Host
from cadvcli.kernel.keyed import parse_number
from cadvcli.kernel.meminfo import read_meminfo
from cadvcli.manager.container import Container
from cadvcli.manager.manager import Manager
from cadvcli.manager.select import Selection, select
from cadvcli.model.column import Subject
from cadvcli.model.container import ContainerSpec
from cadvcli.model.identity import Identity

#: The states in which ``docker ps`` shows a container without --all.
ALIVE = ("running", "paused", "restarting")

#: What an engine tells of one container, and not in its list of all.
DETAILS = frozenset({"main_pid", "started", "finished", "oom_killed", "restarts", "image_id"})
#: What the files of the limits tell.
LIMITS = frozenset(
    {"cpu_limit_ratio", "cpu_shares", "cpu_set", "memory_limit_bytes", "memory_reservation_bytes", "pids_limit"}
)


class Listed(Struct, frozen=True):
    """A container that its engine knows and that has no group: it is stopped, or between two starts."""

    identity: Identity
    name: str = ""

    def main_pid(self) -> int | None:
        """None: it has no process."""
        return None


Known: TypeAlias = Container | Listed


def without_group(manager: Manager) -> tuple[list[Listed], list[str]]:
    """The containers that engines list and that have no group, and a line for each engine that doesn't answer."""
    groups = {container.identity.id for container in manager.containers()}
    found, trouble = [], []
    for runtime in manager.runtimes:
        try:
            found += [Listed(identity) for identity in runtime.list() if identity.id not in groups]
        except RuntimeUnavailable as error:
            trouble.append(str(error))
    return found, trouble


def pick(words: Sequence[str], manager: Manager, *, raw: bool) -> Selection[Container]:
    """The live containers that the words mean; without words all, and plain groups only if ``raw``."""
    alive = manager.containers()
    if not words:
        return Selection([one for one in alive if raw or one.identity.runtime != "raw"], [])
    selection = select(words, alive, manager.host)
    if not selection.missing:
        return selection
    stopped, _ = without_group(manager)
    return Selection(selection.found, _with_reasons(words, alive, stopped, manager.host))


def _with_reasons(words: Iterable[str], alive: Sequence[Known], stopped: Sequence[Known], host: Host) -> list[str]:
    """A line for each word that means nothing alive: a container that isn't running is called that."""
    lines = []
    for word in words:
        missing = select([word], alive, host).missing
        if missing:
            found = select([word], stopped, host).found
            state = found[0].identity.state if found else None
            lines += [f"container '{word}' is not running" + (f": {state}" if state else "")] if found else missing
    return lines


def pick_any(words: Sequence[str], manager: Manager, *, raw: bool, stopped: bool) -> tuple[Selection[Known], list[str]]:
    """As ``pick``, with containers that are stopped: if wanted or named. And a line for each engine's trouble."""
    alive: list[Known] = list(manager.containers())
    listed, trouble = without_group(manager)
    if not words:
        shown = [one for one in alive if raw or one.identity.runtime != "raw"]
        return Selection([*shown, *(one for one in listed if stopped or one.identity.state in ALIVE)], []), trouble
    first = [*alive, *listed] if stopped else alive
    selection = select(words, first, manager.host)
    if selection.missing and not stopped:
        # A name or an id of a stopped one is meant, even where a glob or a service means the live ones alone.
        again = [word for word in words if select([word], first, manager.host).missing]
        others = select(again, [*alive, *listed], manager.host)
        return Selection([*selection.found, *others.found], others.missing), trouble
    return selection, trouble


def completed(identity: Identity, manager: Manager, cgroup: str = "") -> Identity:
    """The identity with what only a question about this one container tells; as it is where nobody answers."""
    if identity.complete or identity.id is None:
        return identity
    runtime = next((runtime for runtime in manager.runtimes if runtime.name == identity.runtime), None)
    more = runtime.describe(identity.id, cgroup) if runtime else None
    # An engine that has gone since the list was made knows less than that.
    return more if more is not None and (more.complete or more.state is not None) else identity


def unsampled(one: Known, manager: Manager, keys: Collection[str]) -> Subject:
    """What is known of a container without a sample, as far as these keys need it."""
    identity = completed(one.identity, manager, one.name) if DETAILS & set(keys) else one.identity
    if not isinstance(one, Container):
        return Subject(identity=identity, cgroup=one.name or None)
    return Subject(
        identity=identity,
        cgroup=one.name,
        spec=spec_of(one, manager) if LIMITS & set(keys) else None,
        pids=_pids(one) if "pids" in keys else None,
    )


def spec_of(container: Container, manager: Manager) -> ContainerSpec | None:
    """The limits of a container, None if they can't be read."""
    try:
        return manager.spec(container)
    except CadvcliError:
        return None


def memory_bytes(host: Host) -> int | None:
    """The machine's memory, None without /proc."""
    try:
        return (read_meminfo(host) or {}).get("MemTotal")
    except CadvcliError:
        return None


def _pids(container: Container) -> int | None:
    """How many tasks there are now, None if the group has no such file or it can't be read."""
    try:
        text = container.cgroup.read("pids.current")
        return None if text is None else parse_number(text, "pids.current")
    except HostError:
        return None
