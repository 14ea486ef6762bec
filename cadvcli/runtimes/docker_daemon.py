"""``Daemon``: where a Docker daemon's socket is, and how often one that is in trouble is asked.

A daemon that is dead, hangs, is being restarted or isn't for this user is left alone for a while, so that it costs
sampling next to nothing, however many containers want to know their names. Its trouble is said once, and once more
that it answers again.
"""

import logging
import os
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from cadvcli.errors import RuntimeUnavailable, UsageError
from cadvcli.host import Host

if TYPE_CHECKING:
    from cadvcli.runtimes.docker_api import Engine

log = logging.getLogger(__name__)

#: How long one that refused is left alone. Asking it costs microseconds, so a restart is noticed soon.
REFUSED_REST_SECONDS = 1.0
#: How long one that hung is left alone, doubling up to the second number. Asking it costs the whole time-out.
HUNG_REST_SECONDS, LONGEST_REST_SECONDS = 10.0, 60.0


class Daemon:
    """One daemon, as its owner described it."""

    def __init__(
        self,
        runtime: str,
        sockets: tuple[str, ...],
        timeout_seconds: float,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.runtime = runtime
        self.sockets = sockets  #: where its socket may be, in our own file system, the likeliest first
        self._timeout_seconds = timeout_seconds
        self._monotonic = monotonic
        self._engine: Engine | None = None
        self._trouble: str | None = None
        self._told = False
        self._rest_until = 0.0
        self._hung_rest = HUNG_REST_SECONDS
        self._busy: dict[str, float] = {}  #: containers that can't be asked about, until when

    def socket(self) -> str | None:
        """The first socket that is there, None if there is none."""
        return next((path for path in self.sockets if os.path.exists(path)), None)

    def ask(self, path: str, about: str = "") -> bytes | None:
        """The answer to GET ``path``, None if there is no such thing. RuntimeUnavailable, at once while it rests.

        ``about`` is the container that the question is about. The daemon answers when nothing else is being done to
        that one: starting it, or a removal that got stuck, keeps us waiting though all is well otherwise.
        """
        start = self._monotonic()
        if self._trouble is not None and start < self._rest_until:
            raise RuntimeUnavailable(self.runtime, self._trouble)
        if start < self._busy.get(about, start):
            raise RuntimeUnavailable(self.runtime, f"container {about} is busy")
        try:
            body = self._connected().get(path)
        except RuntimeUnavailable as error:
            if about and self._hung(start) and self._alive():
                self._busy = {one: until for one, until in self._busy.items() if until > start}
                self._busy[about] = self._monotonic() + HUNG_REST_SECONDS
            else:
                self._failed(error.reason, start)
            raise
        self._answered(start)
        return body

    def tell(self, trouble: RuntimeUnavailable, instead: str) -> None:
        """Say why it isn't asked and what happens instead, unless that is known already."""
        if not self._told:
            self._told = True
            log.warning("%s (%s)", trouble, instead)

    def close(self) -> None:
        """Give back the connection."""
        if self._engine is not None:
            self._engine.close()
            self._engine = None

    def _connected(self) -> "Engine":
        from cadvcli.runtimes.docker_api import Engine

        path = self.socket() or self.sockets[0]
        if self._engine is None or self._engine.path != path:
            self.close()
            self._engine = Engine(self.runtime, path, self._timeout_seconds)
        return self._engine

    def _hung(self, start: float) -> bool:
        """Whether a question since ``start`` failed for want of an answer, not by a refusal."""
        return self._monotonic() - start >= self._timeout_seconds / 2

    def _alive(self) -> bool:
        """Whether the daemon answers a question that is about nothing."""
        try:
            return self._connected().get("/_ping") is not None
        except RuntimeUnavailable:
            return False

    def _failed(self, reason: str, start: float) -> None:
        now = self._monotonic()
        self._trouble = reason
        if not self._hung(start):
            self._rest_until = now + REFUSED_REST_SECONDS
            return
        self._rest_until = now + self._hung_rest
        self._hung_rest = min(2 * self._hung_rest, LONGEST_REST_SECONDS)

    def _answered(self, start: float) -> None:
        now = self._monotonic()
        took = now - start
        if took > self._timeout_seconds / 2:
            # A slow one rests as long as it took: 60 containers may not wait for 60 slow answers.
            self._trouble, self._rest_until = f"it answers slowly ({took:.1f} s)", now + took
            return
        self._trouble, self._hung_rest = None, HUNG_REST_SECONDS
        if self._told:
            self._told = False
            log.info("%s: it answers again", self.runtime)


def sockets_for(host: Host, endpoint: str, standard: str) -> tuple[str, ...]:
    """Where the socket of ``endpoint`` may be, in our own file system. UsageError if it is no unix socket.

    The standard one is looked for below the host root, there also in /run itself: /var/run is a link to it, and an
    absolute link leads out of a root prefix. Given another, it is taken as it stands.
    """
    scheme, separator, path = endpoint.partition("://")
    path = path if separator else endpoint
    if (separator and scheme != "unix") or not path.startswith("/"):
        raise UsageError(f"'{endpoint}' is no unix socket: give it as unix:///path/to/docker.sock")
    if endpoint != standard:
        return (path,)
    found = [host.path(path), host.path(path.removeprefix("/var"))]
    if host.root == "/rootfs":
        # In a container as cAdvisor is run: /var/run is mounted at its own place, below /rootfs are only files.
        found += [path, path.removeprefix("/var")]
    return tuple(found)
