"""``Answer``: a finished response in pieces, and its way to the socket. Large ones are compressed in a pool."""

import asyncio
import re
import zlib
from collections.abc import Generator, Iterable, Iterator, Mapping
from concurrent.futures import Executor
from email.utils import formatdate
from typing import Any, TypeAlias

from msgspec import Struct

Scope: TypeAlias = Mapping[str, Any]
Headers: TypeAlias = tuple[tuple[bytes, bytes], ...]

TEXT = b"text/plain; charset=utf-8"
JSON = b"application/json"

#: Pieces are put together up to this size: large enough that a piece costs nothing, small enough that the loop stays
#: free between two of them.
PIECE_BYTES = 65536
#: Below this, gzip's own header eats what it saves.
LEAST_GZIP_BYTES = 512


class Answer(Struct, kw_only=True):
    """A response whose body is there."""

    pieces: list[bytes]
    status: int = 200
    content_type: bytes = JSON
    headers: Headers = ()

    async def send(self, scope: Scope, send: Any, pool: Executor) -> None:
        """Write it to the client as fast as the client takes it; with gzip if that was asked for."""
        body = self.pieces
        encoding: Headers = ()
        if sum(map(len, body)) >= LEAST_GZIP_BYTES and wants_gzip(header(scope, b"accept-encoding")):
            body = await asyncio.get_running_loop().run_in_executor(pool, _gzip, body)
            encoding = ((b"content-encoding", b"gzip"), (b"vary", b"accept-encoding"))
        lines = [
            (b"content-type", self.content_type),
            (b"content-length", str(sum(map(len, body))).encode()),
            (b"date", formatdate(usegmt=True).encode()),
            *encoding,
            *self.headers,
        ]
        await send({"type": "http.response.start", "status": self.status, "headers": lines})
        for piece in body[:-1]:
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": body[-1] if body else b""})


def text(body: str, status: int = 200, headers: Headers = ()) -> Answer:
    """An answer of plain text."""
    return Answer(pieces=[body.encode("utf-8", "replace")], status=status, content_type=TEXT, headers=headers)


def refusal(reason: str, status: int = 500) -> Answer:
    """An error as Go's http.Error writes it."""
    return text(reason + "\n", status, ((b"x-content-type-options", b"nosniff"),))


def pieces(parts: Iterable[bytes]) -> Iterator[bytes]:
    """The parts put together to pieces of a fair size."""
    waiting: list[bytes] = []
    size = 0
    for part in parts:
        waiting.append(part)
        size += len(part)
        if size >= PIECE_BYTES:
            yield b"".join(waiting)
            waiting, size = [], 0
    if waiting:
        yield b"".join(waiting)


def pieced(parts: Iterable[bytes]) -> Generator[None, None, list[bytes]]:
    """The same as a job's ``yield from``: 20 MB in one go would hold up all other jobs."""
    found = []
    for piece in pieces(parts):
        found.append(piece)
        yield
    return found


def header(scope: Scope, name: bytes) -> str:
    """A header of the request, all of its lines joined; "" if there is none."""
    return ", ".join(value.decode("latin-1") for key, value in scope["headers"] if key == name)


_QUALITY = re.compile(r"\s*q\s*=\s*([0-9.]+)\s*")


def wants_gzip(accepted: str) -> bool:
    """Whether gzip is asked for more than no encoding: ``gzip`` is, ``gzip, identity`` and ``*`` are not."""
    quality = {"gzip": 0.0, "identity": 0.0}
    for entry in accepted.lower().split(","):
        name, _, parameters = entry.strip().partition(";")
        found = _QUALITY.fullmatch(parameters)
        weight = _weight(found[1]) if found else 1.0
        for offer in ("gzip", "identity") if name.strip() == "*" else (name.strip(),):
            if offer in quality:
                quality[offer] = max(quality[offer], weight)
    return quality["gzip"] > quality["identity"]


def _weight(word: str) -> float:
    try:
        return float(word)
    except ValueError:
        return 0.0


def _gzip(body: list[bytes]) -> list[bytes]:
    # Level 1: labels repeat so much that 6 saves another tenth for three times the CPU. 31: gzip's frame.
    squeeze = zlib.compressobj(1, zlib.DEFLATED, 31)
    squeezed = [squeeze.compress(piece) for piece in body]
    return list(pieces([*squeezed, squeeze.flush()]))
