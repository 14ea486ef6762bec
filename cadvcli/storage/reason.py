"""Why a backend could not be reached or what it answered, in one line for a person."""

import errno
import os
import re
import socket
from collections.abc import Iterator

from cadvcli.text import printable
from cadvcli.units import format_duration

#: A server's own words are cut here: some send a page.
_LONGEST = 300


def failure(error: BaseException, timeout_ns: int) -> str:
    """The root of a failed connection or request: name lookup, refused, time-out, TLS, or what the system says."""
    chain = list(_chain(error))
    for cause in chain:
        if isinstance(cause, socket.gaierror):
            return f"host name lookup failed: {cause.strerror}"
    for cause in chain:
        if text := _transport(cause, timeout_ns):
            return text
    # urllib3 puts a reference to its own object in front: "<…HTTPConnection object at 0x7f…>: Failed to …".
    return shortened(re.sub(r"^<?[\w.]+\([^)]*\)>?: |^<[^>]*>: ", "", str(chain[0]))) or type(chain[0]).__name__


def shortened(text: str) -> str:
    """``text`` on one line and not longer than a person reads."""
    line = printable(" ".join(text.split()))
    return line if len(line) <= _LONGEST else line[:_LONGEST] + "…"


def _transport(cause: BaseException, timeout_ns: int) -> str:
    import ssl

    if isinstance(cause, ssl.SSLCertVerificationError):
        return f"TLS: the certificate is not trusted: {cause.verify_message}"
    if isinstance(cause, ssl.SSLError):
        return f"TLS: {shortened(getattr(cause, 'reason', None) or str(cause))}"
    if isinstance(cause, TimeoutError) or type(cause).__name__ in ("ConnectTimeoutError", "ReadTimeoutError"):
        return f"no answer within {format_duration(timeout_ns)}"
    if isinstance(cause, ConnectionRefusedError):
        return "connection refused: nothing listens there"
    if isinstance(cause, ConnectionResetError | BrokenPipeError):
        return "the server ended the connection without an answer"
    if isinstance(cause, OSError) and cause.errno is not None and cause.errno in errno.errorcode:
        return os.strerror(cause.errno).lower()
    return ""


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error and what caused it, outermost first; libraries put causes also into ``args`` and ``reason``."""
    seen: set[int] = set()
    waiting: list[object] = [error]
    while waiting:
        found = waiting.pop(0)
        if not isinstance(found, BaseException) or id(found) in seen:
            continue
        seen.add(id(found))
        yield found
        waiting += [found.__cause__, found.__context__, getattr(found, "reason", None), *found.args]
