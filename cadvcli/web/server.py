"""The socket, the event loop, and an end within two seconds.

uvicorn's protocol does the HTTP; its ``Server`` is left out: it wakes up ten times a second, and ends by raising the
signal that ended it once more.
"""

import asyncio
import errno
import logging
import os
import signal
import socket
from collections.abc import Callable
from typing import Any

from uvicorn import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from cadvcli.errors import CadvcliError

#: How long answers under way may take once the end is asked for.
DRAIN_SECONDS = 1.0
#: Longer than the usual scrape intervals, so that a scraper's connection lives.
KEEP_ALIVE_SECONDS = 130


def listening(address: str, port: int) -> socket.socket:
    """A socket bound to this address, all of them for ""; 0 is a free port. CadvcliError in one line if it can't be."""
    host = address.strip("[]")
    where = f"port {port} of {host}" if host else f"port {port}"
    try:
        if not host and socket.has_dualstack_ipv6():
            return socket.create_server(("::", port), family=socket.AF_INET6, dualstack_ipv6=True)
        found = socket.getaddrinfo(host or "0.0.0.0", port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, _, _, _, place = found[0]
        return socket.create_server(place[:2], family=family)
    except socket.gaierror as error:
        raise CadvcliError(f"can't listen on '{address}': {error.strerror}") from None
    except OSError as error:
        raise CadvcliError(_refused(where, address, error)) from None


def _refused(where: str, address: str, error: OSError) -> str:
    match error.errno:
        case errno.EADDRINUSE:
            return f"{where} is taken: end what listens there, or choose another with --port"
        case errno.EACCES:
            return f"{where} is not for this user: ports below 1024 need root, others don't"
        case errno.EADDRNOTAVAIL:
            return f"can't listen on '{address}': no interface of this machine has it"
        case _:
            return f"can't listen on {where}: {os.strerror(error.errno or 0)}"


class Server:
    """One listening socket and the connections through it."""

    def __init__(self, app: Any, sock: socket.socket) -> None:
        self._sock = sock
        self._config = Config(
            app,
            interface="asgi3",
            http=HttpToolsProtocol,
            ws="none",
            lifespan="off",
            log_config=None,
            log_level="critical",
            access_log=False,
            proxy_headers=False,
            server_header=False,
            date_header=False,
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
        )
        self._state = ServerState()
        # What clients do wrong is their business, and App logs what goes wrong here.
        logging.getLogger("uvicorn").propagate = False

    async def serve(self, until: asyncio.Event) -> None:
        """Answer requests until the event; those under way then have a second to end."""
        self._config.load()
        loop = asyncio.get_running_loop()
        server = await loop.create_server(self._connection, sock=self._sock, backlog=2048)
        await until.wait()
        server.close()
        await self._drain()

    async def _drain(self) -> None:
        """Let answers under way end, for a second; then close what is still open."""
        for connection in list(self._state.connections):
            connection.shutdown()
        if self._state.tasks:
            _, late = await asyncio.wait(list(self._state.tasks), timeout=DRAIN_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        for connection in list(self._state.connections):
            connection.transport.abort()
        # A transport closes its socket in a later turn of the loop.
        await asyncio.sleep(0)
        await asyncio.sleep(0)

    def _connection(self) -> asyncio.Protocol:
        return HttpToolsProtocol(config=self._config, server_state=self._state, app_state={})


def on_signals(stop: asyncio.Event, note: Callable[[int], None]) -> None:
    """Set the event, and note which it was, when this process is asked to end."""
    loop = asyncio.get_running_loop()

    def asked(number: int) -> None:
        note(number)
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, asked, number)
