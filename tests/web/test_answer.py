"""Answers on their way to the socket."""

import asyncio
import gzip
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from cadvcli.web.answer import LEAST_GZIP_BYTES, PIECE_BYTES, Answer, pieces, refusal, text, wants_gzip


def sent(answer: Answer, accept_encoding: str = "") -> list[Any]:
    """The ASGI messages that an answer becomes."""
    messages: list[Any] = []

    async def send(message: Any) -> None:
        messages.append(message)

    scope = {"headers": [(b"accept-encoding", accept_encoding.encode())] if accept_encoding else []}
    with ThreadPoolExecutor(1) as pool:
        asyncio.run(answer.send(scope, send, pool))
    return messages


def body(messages: list[Any]) -> bytes:
    return b"".join(message["body"] for message in messages[1:])


@pytest.mark.parametrize(
    ("accepted", "wanted"),
    [
        ("", False),
        ("gzip", True),
        ("gzip, deflate, br", True),
        ("GZIP", True),
        ("gzip, identity", False),
        ("identity;q=0.5, gzip;q=1.0", True),
        ("gzip;q=0", False),
        ("gzip;q=0.5, *;q=0.5", False),
        ("*", False),
        ("*;q=0, gzip", True),
        ("br", False),
        ("gzip;q=nonsense", True),
        ("gzip;q=...", False),
        (";;,,", False),
    ],
)
def test_gzip_is_used_only_where_it_is_preferred(accepted: str, wanted: bool):
    assert wants_gzip(accepted) == wanted


def test_a_large_answer_is_compressed_for_who_asks():
    large = Answer(pieces=[b"a" * PIECE_BYTES, b"b" * 1000])
    messages = sent(large, "gzip")
    headers = dict(messages[0]["headers"])
    assert headers[b"content-encoding"] == b"gzip"
    assert headers[b"content-length"] == str(len(body(messages))).encode()
    assert gzip.decompress(body(messages)) == b"a" * PIECE_BYTES + b"b" * 1000


def test_a_small_answer_is_never_compressed():
    messages = sent(text("x" * (LEAST_GZIP_BYTES - 1)), "gzip")
    assert b"content-encoding" not in dict(messages[0]["headers"])


def test_an_answer_without_a_body_ends():
    messages = sent(Answer(pieces=[]))
    assert [message["type"] for message in messages] == ["http.response.start", "http.response.body"]
    assert dict(messages[0]["headers"])[b"content-length"] == b"0"


def test_each_piece_but_the_last_says_that_more_comes():
    messages = sent(Answer(pieces=[b"1", b"2", b"3"]))
    assert [message.get("more_body", False) for message in messages[1:]] == [True, True, False]


def test_parts_become_pieces_of_a_fair_size_and_nothing_is_lost():
    parts = [bytes([65 + i % 26]) * 1000 for i in range(200)]
    made = list(pieces(parts))
    assert b"".join(made) == b"".join(parts)
    assert all(PIECE_BYTES <= len(piece) < PIECE_BYTES + 1000 for piece in made[:-1])
    assert list(pieces([])) == []


def test_a_refusal_is_gos_http_error():
    start, end = sent(refusal("no such thing"))
    assert start["status"] == 500
    assert dict(start["headers"])[b"content-type"] == b"text/plain; charset=utf-8"
    assert dict(start["headers"])[b"x-content-type-options"] == b"nosniff"
    assert end["body"] == b"no such thing\n"
