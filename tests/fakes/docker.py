"""A Docker daemon at a socket that replays what a real one said, and fails in the ways real ones do.

    with FakeDocker.of(recording("docker-v1")) as daemon:
        runtime = Docker(host, RuntimeSettings(docker=daemon.endpoint))
        daemon.behave = "hang"
"""

import contextlib
import json
import os
import re
import shutil
import socket
import socketserver
import tempfile
import threading
import weakref
from collections.abc import Mapping, Sequence
from typing import Any, Literal, Self
from urllib.parse import unquote

from tests.recorded import Recording

Behaviour = Literal[
    "answer",
    "slow",  #: answers in full after ``delay_seconds``
    "hang",  #: takes the question and says nothing
    "drip",  #: sends a byte now and then, for ever
    "half",  #: ends the connection in the middle of the body
    "close",  #: ends the connection without a word
    "error",  #: 500
    "page",  #: 200 with a page of HTML: something else listens there
    "garbage",  #: no HTTP at all
]


class FakeDocker:
    """The daemon. ``list_answer`` and ``inspect_answers`` (by id) are the bodies it sends, and may be changed."""

    def __init__(self, listed: object, inspected: Sequence[Mapping[str, Any]], api_version: str = "1.41") -> None:
        self.list_answer = body(listed)
        self.inspect_answers = {str(one["Id"]): body(one) for one in inspected}
        self.names = {str(one.get("Name") or "").lstrip("/"): str(one["Id"]) for one in inspected}
        self.api_version = api_version
        self.disk_answer: object = None  #: what /system/df says
        self.behave: Behaviour = "answer"
        self.delay_seconds = 0.0
        self.busy = ""  #: a container that something is being done to: inspecting it gets no answer
        self.asked: list[str] = []  #: the paths of all questions, with their version
        self.connections = 0
        self._ended = threading.Event()
        self._open: set[socket.socket] = set()
        self._folder = tempfile.mkdtemp(prefix="docker-")  # a socket's path may have 107 bytes
        self._remove = weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)
        self.path = f"{self._folder}/docker.sock"
        self._server: _Server | None = None

    @classmethod
    def of(cls, recording: Recording, api_version: str = "1.41") -> Self:
        """The daemon of a recorded machine."""
        files = sorted((recording.folder / "docker").glob("container-*.json"))
        inspected = [json.loads(file.read_bytes()) for file in files]
        return cls(recording.answer("docker/containers.json"), inspected, api_version)

    @property
    def endpoint(self) -> str:
        """What `--docker` takes."""
        return f"unix://{self.path}"

    def start(self) -> None:
        """Listen."""
        self._ended.clear()
        self._server = _Server(self)
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def stop(self) -> None:
        """End as a daemon that is killed: connections break, the socket's file stays and nobody listens there."""
        self._ended.set()
        if self._server is not None:
            self._server.shutdown()
            for connection in list(self._open):
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
            self._server.server_close()
            self._server = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        self._remove()

    def serve(self, connection: socket.socket) -> None:
        """Answer the questions of one connection until it ends."""
        self.connections += 1
        self._open.add(connection)
        try:
            self._answer_all(connection)
        except OSError:
            pass  # the other side went away
        finally:
            self._open.discard(connection)

    def _answer_all(self, connection: socket.socket) -> None:
        pending = b""
        while chunk := connection.recv(65536):
            pending += chunk
            while b"\r\n\r\n" in pending:
                head, _, pending = pending.partition(b"\r\n\r\n")
                path = head.split(b" ")[1].decode()
                self.asked.append(path)
                if not self._reply(connection, path):
                    return

    def _reply(self, connection: socket.socket, path: str) -> bool:
        """Send what the daemon says; whether the connection stays open."""
        status, content = self._content(path)
        whole = self._message(status, content)
        behave = "hang" if self.busy and path.endswith(f"/containers/{self.busy}/json") else self.behave
        match behave:
            case "hang":
                self._ended.wait()
            case "drip":
                for byte in whole:
                    connection.sendall(bytes([byte]))
                    if self._ended.wait(0.02):
                        break
            case "slow":
                self._ended.wait(self.delay_seconds)
                connection.sendall(whole)
                return True
            case "half":
                connection.sendall(whole[: len(whole) - len(content) // 2 - 1])
            case "error":
                connection.sendall(self._message(500, body({"message": "driver\nfailed"})))
                return True
            case "page":
                connection.sendall(self._message(200, b"<html>hello</html>", api=False))
                return True
            case "garbage":
                connection.sendall(b"220 mail.example ESMTP\r\n")
            case "answer":
                connection.sendall(whole)
                return True
        return False

    def _message(self, status: int, content: bytes, api: bool = True) -> bytes:
        # The header came with API 1.25.
        named = api and version(self.api_version) > (1, 24)
        header = f"Api-Version: {self.api_version}\r\n" if named else ""
        head = f"HTTP/1.1 {status} Word\r\n{header}Content-Length: {len(content)}\r\n\r\n"
        return head.encode() + content

    def _content(self, path: str) -> tuple[int, bytes]:
        prefix = re.match(r"/v(\d+\.\d+)", path)
        if prefix and version(prefix[1]) > version(self.api_version):
            said = f"client version {prefix[1]} is too new. Maximum supported API version is {self.api_version}"
            return 400, body({"message": said})
        path = path[prefix.end() :] if prefix else path
        if path == "/_ping":
            return 200, b"OK"
        if path == "/version":
            return 200, body({"ApiVersion": self.api_version, "Version": "0"})
        if path == "/containers/json?all=1":
            return 200, self.list_answer
        if path.startswith("/containers/json?all=1&filters="):
            wanted = json.loads(unquote(path.partition("filters=")[2]))["id"]
            return 200, body([one for one in json.loads(self.list_answer) if one["Id"] in wanted])
        if path.startswith("/system/df") and self.disk_answer is not None:
            return 200, body(self.disk_answer)
        wanted = path.removeprefix("/containers/").removesuffix("/json")
        found = self.inspect_answers.get(self.names.get(wanted, wanted))
        return (200, found) if found is not None else (404, body({"message": f"No such container: {wanted}"}))


def body(content: object) -> bytes:
    """JSON as the daemon writes it; bytes stay as they are."""
    return content if isinstance(content, bytes) else json.dumps(content, separators=(",", ":")).encode()


def version(text: str) -> tuple[int, int]:
    """1.41 as numbers."""
    major, minor = text.split(".")
    return int(major), int(minor)


class _Server(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True

    def __init__(self, fake: FakeDocker) -> None:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(fake.path)
        super().__init__(fake.path, _Handler)
        self.fake = fake


class _Handler(socketserver.BaseRequestHandler):
    server: _Server

    def handle(self) -> None:
        """One connection."""
        self.server.fake.serve(self.request)
