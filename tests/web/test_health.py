"""/healthz."""

import pytest

from tests.web.served import Served


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_it_says_ok_to_any_method(site: Served, method: str):
    reply = site.ask("/healthz", method)
    assert (reply.status, reply.body) == (200, b"ok")
    assert reply.headers["content-type"] == "text/plain; charset=utf-8"


def test_head_has_the_same_headers_and_no_body(site: Served):
    reply = site.ask("/healthz", "HEAD")
    assert (reply.status, reply.headers["content-length"], reply.body) == (200, "2", b"")
