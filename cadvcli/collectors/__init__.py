"""The metric kinds, one file each: a kind's file bears its name. The folder is the registry."""

import pkgutil
from collections.abc import Callable, Iterable
from functools import cache
from importlib import import_module

from cadvcli.collectors.source import Collector, Knobs, unnamed
from cadvcli.errors import unknown


@cache
def _files() -> dict[str, str]:
    """The modules of this folder by their names without underscores: ``diskio`` is disk_io."""
    return {module.name.replace("_", ""): module.name for module in pkgutil.iter_modules(__path__)}


def _collector(kind: str) -> type[Collector] | None:
    """The collector of a kind, from the file that bears its name; None if there is none. Imports nothing else."""
    file = _files().get(kind.replace("_", "").lower())
    if file is None:
        return None
    for value in vars(import_module(f"{__name__}.{file}")).values():
        if isinstance(value, type) and issubclass(value, Collector) and getattr(value, "kind", None) == kind:
            return value
    return None


@cache
def kinds() -> dict[str, type[Collector]]:
    """All kinds by name, in the order of their files' names, which has no meaning. Imports all of them."""
    found: dict[str, type[Collector]] = {}
    for file in _files().values():
        for value in vars(import_module(f"{__name__}.{file}")).values():
            if isinstance(value, type) and issubclass(value, Collector) and getattr(value, "kind", None):
                found[value.kind] = value
    return found


def default_kinds() -> frozenset[str]:
    """The kinds that are on unless an option says otherwise."""
    return frozenset(name for name, collector in kinds().items() if collector.default)


def check_kinds(names: Iterable[str]) -> frozenset[str]:
    """The names as a set; UsageError for one that is no kind, with the nearest right one."""
    chosen = frozenset(names)
    for name in sorted(chosen):
        if _collector(name) is None:
            raise unknown("metric kind", name, kinds())
    return chosen


def chosen_kinds(enable: Iterable[str], disable: Iterable[str] | None) -> frozenset[str]:
    """The kinds that --enable-metrics and --disable-metrics leave on, as cAdvisor reads them.

    A list to enable is exactly those. Else a list to disable, even an empty one, stands in for the kinds that are off
    by default, so all others are on; our own kinds are not among them.
    """
    exactly = check_kinds(enable)
    if exactly:
        return exactly
    if disable is None:
        return default_kinds()
    return frozenset(name for name, kind in kinds().items() if not kind.ours) - check_kinds(disable)


def enabled(
    names: Iterable[str], device_name: Callable[[int, int], str] = unnamed, knobs: Knobs | None = None
) -> list[Collector]:
    """A collector for each of the names, in order; a one-shot command imports just those it wants."""
    chosen = sorted(check_kinds(names))
    return [collector(device_name, knobs) for name in chosen if (collector := _collector(name))]
