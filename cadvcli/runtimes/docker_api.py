"""Questions to a Docker daemon, or one that speaks like it, over its unix socket. Only GET, only a few.

A connection stays open between questions. A question has one deadline for everything it takes, connecting and
agreeing on a version included: a daemon that hangs, or that sends a byte now and then, costs no more than that.

https://docs.docker.com/reference/api/engine/: every path begins with the API version. The daemon names its newest
in the header `Api-Version` of any answer; we speak the older of that and our own.
"""

import http.client
import os
import re
import socket
import time
from typing import Any

import msgspec

from cadvcli.errors import RuntimeUnavailable

#: The oldest version that has all we read (Docker 1.12), and the newest that we know (Docker 29).
OLDEST, NEWEST = (1, 24), (1, 52)
#: No answer of ours is that long; 1,000 containers are listed in two megabytes.
LONGEST_ANSWER_BYTES = 64 << 20
#: sun_path has 108 bytes, the last of them 0.
LONGEST_SOCKET_PATH = 107


class _BoundedSocket(socket.socket):
    """A unix socket whose calls, all together, end at ``deadline`` (of ``time.monotonic``)."""

    deadline = 0.0

    def hurry(self) -> None:
        """Let the next call wait only until the deadline."""
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self.settimeout(left)

    def recv_into(self, *arguments: Any) -> int:
        """As a socket's own, before the deadline. What `makefile` reads comes through here."""
        self.hurry()
        return super().recv_into(*arguments)

    def sendall(self, *arguments: Any) -> None:
        """As a socket's own, before the deadline."""
        self.hurry()
        super().sendall(*arguments)


class _Connection(http.client.HTTPConnection):
    """HTTP over a unix socket."""

    sock: _BoundedSocket | None

    def __init__(self, path: str) -> None:
        super().__init__("localhost")
        self.path = path
        self.deadline = 0.0
        self.version = ""  #: what was agreed on, as a prefix of paths: "/v1.41"

    def connect(self) -> None:
        """Open the socket. Nothing of http.client's own is wanted: there is no host name and no port."""
        self.sock = _BoundedSocket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.deadline = self.deadline
        self.sock.hurry()
        _connect(self.sock, self.path)

    def ask(self, path: str, deadline: float) -> http.client.HTTPResponse:
        """Send one GET and return the answer's head."""
        self.deadline = deadline
        if self.sock is not None:
            self.sock.deadline = deadline
        self.request("GET", path, headers={"User-Agent": "cadvcli"})
        return self.getresponse()


class Engine:
    """One daemon at one socket. Threads that ask at the same time have a connection each."""

    def __init__(self, runtime: str, path: str, timeout_seconds: float) -> None:
        self.runtime = runtime
        self.path = path
        self.timeout_seconds = timeout_seconds
        self._idle: list[_Connection] = []

    def get(self, path: str) -> bytes | None:
        """The body of the answer to GET ``path``, or None if there is no such thing. RuntimeUnavailable otherwise."""
        deadline = time.monotonic() + self.timeout_seconds
        try:
            return self._get(path, deadline)
        except (OSError, http.client.HTTPException) as error:
            reason = _reason(error, self.path, self.timeout_seconds)
            raise RuntimeUnavailable(self.runtime, reason) from error

    def close(self) -> None:
        """Close the connections; the next question opens another."""
        while self._idle:
            self._idle.pop().close()

    def _get(self, path: str, deadline: float) -> bytes | None:
        if self._idle:
            try:
                return self._ask(self._idle.pop(), path, deadline)
            except (ConnectionError, http.client.BadStatusLine):
                # Kept open while the daemon was restarted: RemoteDisconnected is both. A GET may be asked again.
                self.close()
        return self._ask(_Connection(self.path), path, deadline)

    def _ask(self, connection: _Connection, path: str, deadline: float) -> bytes | None:
        """Ask over this connection and keep it for the next question, unless something goes wrong."""
        try:
            connection.version = connection.version or self._agree(connection, deadline)
            body = self._answer(connection, path, deadline)
        except BaseException:
            connection.close()
            raise
        self._idle.append(connection)
        return body

    def _agree(self, connection: _Connection, deadline: float) -> str:
        """The version prefix that both sides speak."""
        response = connection.ask("/_ping", deadline)
        said = response.getheader("Api-Version", "")
        self._body(response)
        if not said and response.status < 300:
            # The header came with Docker 1.13, one version after the oldest we speak.
            response = connection.ask("/version", deadline)
            said = _text(self._body(response), "ApiVersion")
        if response.status >= 300:
            raise RuntimeUnavailable(self.runtime, f"{self.path} answered {response.status} to /_ping")
        found = re.fullmatch(r"(\d{1,3})\.(\d{1,3})", said)
        if not found:
            raise RuntimeUnavailable(self.runtime, f"{self.path} names no API version: is this a Docker socket?")
        theirs = int(found[1]), int(found[2])
        if theirs < OLDEST:
            raise RuntimeUnavailable(self.runtime, f"API version {said} at {self.path} is too old: 1.24 is needed")
        return "/v{}.{}".format(*min(theirs, NEWEST))

    def _answer(self, connection: _Connection, path: str, deadline: float) -> bytes | None:
        response = connection.ask(connection.version + path, deadline)
        body = self._body(response)
        if response.status == 404:
            return None
        if response.status != 200:
            said = " ".join(_text(body, "message").split())[:200]
            raise RuntimeUnavailable(
                self.runtime, f"{self.path} answered {response.status} to {path}" + (f": {said}" if said else "")
            )
        return body

    def _body(self, response: http.client.HTTPResponse) -> bytes:
        """The whole body. With a length given, http.client tells a broken-off one only if asked for all of it."""
        if response.length is None:
            body = response.read(LONGEST_ANSWER_BYTES)
        elif response.length < LONGEST_ANSWER_BYTES:
            return response.read()
        if response.length is not None or len(body) >= LONGEST_ANSWER_BYTES:
            raise RuntimeUnavailable(self.runtime, f"the answer from {self.path} is too long")
        return body


def _reason(error: Exception, path: str, timeout_seconds: float) -> str:
    """What a person is told of a failed question, with what to do about it."""
    if isinstance(error, FileNotFoundError):
        return f"no socket at {path}: is Docker running?"
    if isinstance(error, PermissionError):
        return f"{path}: permission denied: run as root or add the user to the group docker"
    if isinstance(error, ConnectionRefusedError):
        return f"nothing listens at {path}: is Docker running?"
    if isinstance(error, TimeoutError):
        return f"no answer from {path} within {timeout_seconds:g} s: look at the daemon's log"
    if isinstance(error, http.client.HTTPException | ConnectionError):
        return f"the answer from {path} broke off: is Docker being restarted?"
    return f"{path}: {getattr(error, 'strerror', None) or error}"


def _connect(sock: socket.socket, path: str) -> None:
    """Connect to the socket at ``path``, which may be longer than the kernel takes."""
    if len(os.fsencode(path)) <= LONGEST_SOCKET_PATH:
        sock.connect(path)
        return
    folder, name = os.path.split(path)
    fd = os.open(folder, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        sock.connect(f"/proc/self/fd/{fd}/{name}")
    finally:
        os.close(fd)


def _text(body: bytes, key: str) -> str:
    """One text of a JSON object, or nothing where the body is something else."""
    try:
        said = msgspec.json.decode(body, type=dict[str, object]).get(key)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return ""
    return said if isinstance(said, str) else ""
