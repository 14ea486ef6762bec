"""The socket and its end."""

import asyncio
import http.client
import os
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from cadvcli.errors import CadvcliError
from cadvcli.web.server import Server, listening, on_signals
from tests.web.served import ask


def test_port_zero_is_a_free_port():
    with listening("127.0.0.1", 0) as sock:
        assert sock.getsockname()[1] > 0


def test_a_taken_port_is_one_line_that_says_what_to_do():
    with listening("127.0.0.1", 0) as sock:
        port = sock.getsockname()[1]
        with pytest.raises(CadvcliError) as refused:
            listening("127.0.0.1", port)
    assert str(refused.value) == (
        f"port {port} of 127.0.0.1 is taken: end what listens there, or choose another with --port"
    )


@pytest.mark.parametrize("address", ["no.such.host.invalid", "300.1.1.1", "a b", "203.0.113.7"])
def test_an_address_that_is_not_ours_is_one_line(address: str):
    with pytest.raises(CadvcliError, match=f"can't listen on '{address}': ") as refused:
        listening(address, 0)
    assert "\n" not in str(refused.value)


@pytest.mark.skipif(not socket.has_ipv6, reason="no IPv6 here")
@pytest.mark.parametrize("address", ["::1", "[::1]"])
def test_an_ipv6_address_may_stand_in_brackets(address: str):
    try:
        sock = listening(address, 0)
    except CadvcliError as error:
        pytest.skip(str(error))
    with sock:
        assert sock.getsockname()[0] == "::1"


def test_no_address_is_all_of_them():
    with listening("", 0) as sock, socket.create_connection(("127.0.0.1", sock.getsockname()[1]), timeout=10):
        pass


class Running:
    """A server in a thread, and what its application waits for."""

    def __init__(self) -> None:
        self.sock = listening("127.0.0.1", 0)
        self.port: int = self.sock.getsockname()[1]
        self.asked = threading.Event()
        self.loop = asyncio.new_event_loop()
        self.stop = asyncio.Event()
        self.go_on = asyncio.Event()
        self.thread = threading.Thread(
            target=self.loop.run_until_complete, args=(Server(self.app, self.sock).serve(self.stop),)
        )

    async def app(self, scope: Any, receive: Any, send: Any) -> None:
        """Answers ``/slow`` when the test says so, and others at once."""
        if scope["path"] == "/slow":
            self.asked.set()
            await self.go_on.wait()
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
        await send({"type": "http.response.body", "body": b"ok"})


@contextmanager
def running() -> Iterator[Running]:
    server = Running()
    server.thread.start()
    try:
        yield server
    finally:
        server.loop.call_soon_threadsafe(server.stop.set)
        server.thread.join(10)
        server.loop.close()
        server.sock.close()


def test_the_server_does_not_say_what_it_is():
    with running() as server:
        assert "server" not in ask(server.port, "/").headers


def test_an_answer_under_way_is_finished_when_the_end_comes():
    with running() as server:
        replies: list[Any] = []
        client = threading.Thread(target=lambda: replies.append(ask(server.port, "/slow")))
        client.start()
        assert server.asked.wait(10)
        server.loop.call_soon_threadsafe(server.stop.set)
        server.loop.call_soon_threadsafe(server.go_on.set)
        client.join(10)
        server.thread.join(10)
        assert [reply.body for reply in replies] == [b"ok"]
        assert not server.thread.is_alive()


def test_an_answer_that_never_comes_does_not_hold_up_the_end():
    with running() as server:
        idle = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
        idle.request("GET", "/")
        assert idle.getresponse().read() == b"ok"
        client = socket.create_connection(("127.0.0.1", server.port), timeout=10)
        client.sendall(b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")
        assert server.asked.wait(10)
        server.loop.call_soon_threadsafe(server.stop.set)
        server.thread.join(10)
        assert not server.thread.is_alive()
        client.close()
        idle.close()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_sets_the_event_and_is_noted(number: signal.Signals):
    noted: list[int] = []

    async def wait() -> None:
        stop = asyncio.Event()
        on_signals(stop, noted.append)
        os.kill(os.getpid(), number)
        await asyncio.wait_for(stop.wait(), 10)

    asyncio.run(wait())
    assert noted == [number]
