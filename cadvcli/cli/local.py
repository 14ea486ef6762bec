"""This machine as the options say: its files, its engines, and a manager of its containers.

The options are ``--host-root``, ``--docker``, ``--docker-root`` and ``--docker-env-metadata-whitelist``, which every
command that knows containers has.
"""

import sys
from collections.abc import Iterable
from typing import Any

from cadvcli.collectors import chosen_kinds
from cadvcli.host import Host, machine_root
from cadvcli.manager.manager import Manager
from cadvcli.manager.settings import Settings
from cadvcli.runtimes import Runtime, RuntimeSettings, runtimes_for
from cadvcli.text import printable


def host_of(settings: Any) -> Host:
    """The machine below --host-root."""
    return Host(settings.host_root or machine_root())


def runtimes_of(settings: Any, host: Host) -> list[Runtime]:
    """The engines, none of them connected yet."""
    chosen = RuntimeSettings(
        docker=settings.docker,
        docker_root=settings.docker_root,
        env_prefixes=settings.docker_env_metadata_whitelist,
    )
    return runtimes_for(host, chosen)


def kinds_of(settings: Any) -> frozenset[str]:
    """The metric kinds that --enable-metrics and --disable-metrics leave on."""
    return chosen_kinds(settings.enable_metrics, settings.disable_metrics or None)


def manager_of(settings: Any, kinds: Iterable[str], keep_ns: int = 0) -> Manager:
    """A manager without a thread, which has not looked yet. It keeps samples for ``keep_ns``."""
    host = host_of(settings)
    perf = getattr(settings, "perf_events_config", None) or ""
    load = getattr(settings, "enable_load_reader", False)
    wanted = Settings(
        kinds=frozenset(kinds), storage_duration_ns=keep_ns, perf_events_config=perf, load_reader=load
    )
    return Manager(host, wanted, runtimes_of(settings, host))


def complain(lines: Iterable[str]) -> None:
    """Say each line on stderr, as ``cli.main`` says an error that ends a command."""
    for line in lines:
        sys.stderr.write(f"cadvcli: {printable(line)}\n")
