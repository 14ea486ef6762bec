"""The server on a free port in this process, on whatever machine a test gives it, asked over a real socket."""

import asyncio
import http.client
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, NamedTuple

from cadvcli.host import Host
from cadvcli.machine.identity import read_identity
from cadvcli.machine.info import read_machine
from cadvcli.manager.daemon import Daemon
from cadvcli.manager.settings import Settings
from cadvcli.manager.walker import Walker
from cadvcli.model.clock import SECOND, Clock
from cadvcli.runtimes import RuntimeSettings, runtimes_for
from cadvcli.web.app import App
from cadvcli.web.samples import EncodedSamples
from cadvcli.web.server import Server, listening
from cadvcli.web.site import Machine, Site
from tests.exposition import Page, parse


class Reply(NamedTuple):
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body, which must be JSON."""
        assert self.status == 200, self.text
        assert self.headers["content-type"] == "application/json"
        return json.loads(self.body)

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()

    @property
    def page(self) -> Page:
        """The body, which must be a page of metrics."""
        assert self.status == 200, self.text
        return parse(self.text)


class Served:
    """A server that runs."""

    def __init__(self, port: int, site: Site) -> None:
        self.port = port
        self.site = site

    def ask(self, path: str, method: str = "GET", body: str | None = None, **headers: str) -> Reply:
        """One request on a connection of its own."""
        lines = {name.replace("_", "-"): value for name, value in headers.items()}
        return ask(self.port, path, method, body, lines)


def ask(port: int, path: str, method: str = "GET", body: str | None = None, headers: Mapping[str, str] = {}) -> Reply:
    """One request to a server on this machine; the path goes out as it is."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.putrequest(method, path, skip_accept_encoding=True)
        for name, value in headers.items():
            connection.putheader(name, value)
        if body is not None:
            connection.putheader("Content-Length", str(len(body.encode())))
        connection.endheaders(body.encode() if body is not None else None)
        reply = connection.getresponse()
        lines = {name.lower(): value for name, value in reply.getheaders()}
        return Reply(reply.status, lines, reply.read())
    finally:
        connection.close()


class Hand(Clock):
    """Clocks that stand still until a test moves them."""

    def __init__(self) -> None:
        self.now_ns = 1_700_000_000 * SECOND

    def wall_ns(self) -> int:
        """The time as the test set it."""
        return self.now_ns

    def boot_ns(self) -> int:
        """The same."""
        return self.now_ns


@contextmanager
def served(
    host: Host,
    docker: str = "",
    settings: Settings | None = None,
    clock: Clock | None = None,
    walker: Callable[[], Walker] = Walker,
) -> Iterator[Served]:
    """Serve this machine with Docker at this endpoint. Nothing is sampled but what is asked for."""
    daemon = Daemon(host, settings, runtimes_for(host, RuntimeSettings(docker=docker)), clock)
    daemon.disk.start_walker = walker
    daemon.start(housekeeping=False)
    pool = ThreadPoolExecutor(max_workers=2)
    machine = Machine(lambda: read_machine(host, daemon.clock), read_identity(host), daemon.clock, pool)
    site = Site(daemon, machine, EncodedSamples(daemon), pool)
    sock = listening("127.0.0.1", 0)
    loop = asyncio.new_event_loop()
    stop = asyncio.Event()
    thread = threading.Thread(target=loop.run_until_complete, args=(Server(App(site), sock).serve(stop),))
    thread.start()
    try:
        yield Served(sock.getsockname()[1], site)
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()
        loop.close()
        sock.close()
        daemon.stop()
        pool.shutdown()
