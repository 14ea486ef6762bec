"""``cadvcli serve``: metrics for Prometheus and cAdvisor's REST API over HTTP, until it is told to end."""

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import asyncio
    import socket

    from cadvcli.manager.daemon import Daemon
    from cadvcli.web.site import Site

HELP = """Serve metrics, the cAdvisor API and the web pages.

/metrics is for Prometheus, with cAdvisor's names and labels; each scrape samples what is older than a second.
/api/v1.3 and /api/v2.1 are cAdvisor's REST API. /healthz says ok.

It listens on this machine alone unless --listen-ip says otherwise. SIGTERM ends it.

    cadvcli serve --port 9100
    curl http://127.0.0.1:9100/metrics
"""

INTERRUPTED = 130


def run(settings: Any) -> int:
    """Bind the port, start the daemon, answer until a signal comes."""
    import asyncio

    from cadvcli.errors import UsageError
    from cadvcli.web.server import listening

    if not settings.prometheus_endpoint.startswith("/"):
        raise UsageError(f"--prometheus-endpoint: '{settings.prometheus_endpoint}' does not begin with a slash")
    with listening(settings.listen_ip, settings.port) as sock:
        return asyncio.run(_serve(settings, sock))


async def _serve(settings: Any, sock: "socket.socket") -> int:
    import asyncio
    import signal
    from concurrent.futures import ThreadPoolExecutor

    from cadvcli.web.app import App
    from cadvcli.web.server import Server, on_signals

    stop = asyncio.Event()
    signals: list[int] = []
    on_signals(stop, signals.append)
    loop = asyncio.get_running_loop()
    pool = ThreadPoolExecutor(max_workers=3, thread_name_prefix="web")
    daemon = _daemon(settings)
    started = loop.run_in_executor(pool, daemon.start)
    engines = loop.run_in_executor(pool, _engines, daemon)
    if await _first(stop, started):
        site = _site(settings, daemon, pool)
        server = asyncio.create_task(Server(App(site), sock).serve(stop))
        announced = asyncio.create_task(_announce(sock, daemon, engines))
        await server
        announced.cancel()
        await loop.run_in_executor(pool, daemon.stop)
    return INTERRUPTED if signal.SIGINT in signals else 0


async def _first(stop: "asyncio.Event", started: "asyncio.Future[None]") -> bool:
    """Wait for the start or for the end, whichever comes first; whether it is the start."""
    import asyncio

    ended = asyncio.create_task(stop.wait())
    waiting: set[asyncio.Future[Any]] = {started, ended}
    await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    ended.cancel()
    if started.done():
        started.result()
    return started.done()


def _daemon(settings: Any) -> "Daemon":
    from cadvcli.cli.local import host_of, kinds_of, runtimes_of
    from cadvcli.manager.daemon import Daemon
    from cadvcli.manager.settings import Settings

    host = host_of(settings)
    chosen = Settings(
        kinds=kinds_of(settings),
        housekeeping_interval_ns=settings.housekeeping_interval,
        max_housekeeping_interval_ns=settings.max_housekeeping_interval,
        allow_dynamic_housekeeping=settings.allow_dynamic_housekeeping,
        storage_duration_ns=settings.storage_duration,
        global_housekeeping_interval_ns=settings.global_housekeeping_interval,
        max_descriptors=settings.max_descriptors,
        perf_events_config=settings.perf_events_config or "",
        resctrl_interval_ns=settings.resctrl_interval,
        load_reader=settings.enable_load_reader,
        referenced_reset_interval=settings.referenced_reset_interval,
    )
    return Daemon(host, chosen, runtimes_of(settings, host))


def _site(settings: Any, daemon: "Daemon", pool: Any) -> "Site":
    import logging

    from cadvcli.machine.identity import read_identity
    from cadvcli.machine.info import read_machine
    from cadvcli.web.samples import EncodedSamples
    from cadvcli.web.site import Machine, Site

    log = logging.getLogger(__name__)
    machine = Machine(
        lambda: read_machine(daemon.host, daemon.clock, log.info), read_identity(daemon.host), daemon.clock, pool
    )
    samples = EncodedSamples(daemon, settings.answer_cache)
    site = Site(daemon, machine, samples, pool)
    site.scrape_timeout_ns = settings.scrape_timeout
    site.prometheus_endpoint = settings.prometheus_endpoint
    return site


def _engines(daemon: "Daemon") -> str:
    """The engines, each with the reason if it doesn't answer."""
    words = []
    for runtime in daemon.runtimes:
        if runtime.name != "raw":
            reason = runtime.available()
            words.append(runtime.name if reason is None else f"no {runtime.name} ({reason})")
    return ", ".join(words)


async def _announce(sock: "socket.socket", daemon: "Daemon", engines: "asyncio.Future[str]") -> None:
    """Say in one line what is served where, and from what."""
    from cadvcli import __version__
    from cadvcli.text import printable

    host, port = sock.getsockname()[:2]
    address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    kinds = " ".join(sorted(daemon.plan.kinds, key=str.lower))
    groups = f"cgroup {daemon.hierarchies.mode}"
    line = f"cadvcli {__version__} serves http://{address} from {groups}: {kinds}; {await engines}"
    sys.stderr.write(printable(line) + "\n")
    sys.stderr.flush()
