"""Recorded machines with their daemon, as the viewing commands see them."""

from types import SimpleNamespace
from typing import Any

from cadvcli.host import Host
from cadvcli.manager.manager import Manager
from cadvcli.manager.settings import Settings
from cadvcli.model.clock import SECOND, Clock
from cadvcli.runtimes import RuntimeSettings, runtimes_for


class Stopped(Clock):
    """Clocks that stand still."""

    def __init__(self, wall_ns: int) -> None:
        self._wall_ns = wall_ns

    def wall_ns(self) -> int:
        """The one time."""
        return self._wall_ns


def manager_at(host: Host, endpoint: str, wall_ns: int) -> Manager:
    """A manager that asks this daemon, at one moment."""
    runtimes = runtimes_for(host, RuntimeSettings(docker=endpoint))
    return Manager(host, Settings(kinds=frozenset({"pids"})), runtimes, Stopped(wall_ns))


def settings(**given: Any) -> SimpleNamespace:
    """The options of ``containers``, all at their defaults but these."""
    standard = {
        "names": (), "columns": (), "tree": False, "format": "table", "raw": False, "all": False, "quiet": False,
        "no_trunc": False, "size": False, "timeout": 10 * SECOND,
    }  # fmt: skip
    return SimpleNamespace(**{**standard, **given})
