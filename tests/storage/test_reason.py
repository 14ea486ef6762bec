import errno
import os
import socket
import ssl

import pytest

from cadvcli.storage.reason import failure, shortened


def caused(outer, inner):
    outer.__cause__ = inner
    return outer


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (socket.gaierror(-2, "Name or service not known"), "host name lookup failed: Name or service not known"),
        (ConnectionRefusedError(errno.ECONNREFUSED, "x"), "connection refused: nothing listens there"),
        (TimeoutError(), "no answer within 1m30s"),
        (OSError(errno.EHOSTUNREACH, "x"), os.strerror(errno.EHOSTUNREACH).lower()),
        (caused(ValueError("outer"), ConnectionResetError()), "the server ended the connection without an answer"),
        (ValueError("outer", ConnectionRefusedError()), "connection refused: nothing listens there"),
        (ssl.SSLError(1, "[SSL: WRONG_VERSION_NUMBER] wrong version number"), "TLS: "),
        (ValueError("<Connection object at 0x7f>: Failed to parse"), "Failed to parse"),
        (ValueError(), "ValueError"),
    ],
)
def test_the_root_of_a_failure_is_one_line(error, expected):
    assert failure(error, 90_000_000_000).startswith(expected)


def test_errors_that_cause_each_other_end():
    error = ValueError("round")
    error.__context__ = caused(KeyError("trip"), error)
    assert failure(error, 1) == "round"


def test_a_servers_words_are_one_line_of_bounded_length():
    assert shortened("a\n\tb\x1b[2J") == "a b\\x1b[2J"
    assert len(shortened("x" * 10_000)) == 301
