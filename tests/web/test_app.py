"""What lies where, and what becomes of odd paths and of failures."""

import logging

import pytest

from tests.web.served import Served


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/api", "/api/"),
        ("/api?x=1&y=2", "/api/?x=1&y=2"),
        ("//api/v1.3/machine", "/api/v1.3/machine"),
        ("/api//v1.3/machine?a=b", "/api/v1.3/machine?a=b"),
        ("/api/v1.3/../v1.0/machine", "/api/v1.0/machine"),
        ("/api/v1.3/containers/a/%2e%2e/b%20c%ff", "/api/v1.3/containers/b%20c%FF"),
        ("/x/%0d%0aSet-Cookie:%20a=b/..", "/x"),
        ("/%0d%0aSet-Cookie:%20a=b/.", "/%0D%0ASet-Cookie:%20a=b"),
    ],
)
def test_a_path_that_is_not_clean_is_sent_to_the_clean_one(site: Served, path: str, target: str):
    reply = site.ask(path)
    assert (reply.status, reply.headers["location"]) == (301, target)
    assert reply.headers["content-type"] == "text/html; charset=utf-8"
    assert "set-cookie" not in reply.headers


def test_a_redirect_writes_no_markup_of_the_clients(site: Served):
    assert "<script>" not in site.ask('//"><script>').text


@pytest.mark.parametrize("path", ["/", "/nope", "/metrics/", "/healthz/", "/favicon.ico", "/apix"])
def test_elsewhere_there_is_nothing(site: Served, path: str):
    reply = site.ask(path)
    assert (reply.status, reply.text) == (404, "404 page not found: see /api/, /metrics or /healthz\n")


def test_a_failure_is_a_line_for_the_client_and_logged_here(site: Served, caplog: pytest.LogCaptureFixture):
    async def broken() -> None:
        raise ZeroDivisionError("three by zero")

    site.site.machine.info = broken  # type: ignore[method-assign, assignment]
    with caplog.at_level(logging.ERROR):
        reply = site.ask("/api/v1.3/machine?secret")
    assert (reply.status, reply.text) == (500, "internal error: see the server's log\n")
    assert "Traceback" not in reply.text
    assert [record.getMessage() for record in caplog.records] == ["GET /api/v1.3/machine"]


def test_bytes_that_are_no_http_get_400(site: Served):
    import socket

    with socket.create_connection(("127.0.0.1", site.port), timeout=10) as client:
        client.sendall(b"\x16\x03\x01\x02\x00\x01 nonsense\r\n\r\n")
        assert client.recv(100).startswith(b"HTTP/1.1 400 ")
    assert site.ask("/healthz").status == 200
