"""Which version has which request types, and what is said where there is none."""

import pytest

from cadvcli.web.api import MOST_BODY_BYTES, versions
from tests.web.served import Served


def test_each_v1_version_has_what_the_one_before_it_had():
    found = versions()
    assert list(found) == ["v1.0", "v1.1", "v1.2", "v1.3", "v2.0", "v2.1"]
    assert found["v1.0"].keys() < found["v1.1"].keys() < found["v1.2"].keys() <= found["v1.3"].keys()


@pytest.mark.parametrize(
    ("path", "status", "text"),
    [
        ("/api/", 400, "Supported API versions: v1.0,v1.1,v1.2,v1.3,v2.0,v2.1"),
        ("/api/v9", 500, 'unsupported API version "v9"'),
        ("/api/v9.9/machine", 500, 'unsupported API version "v9.9"'),
        ("/api/v%0a/machine", 500, 'unsupported API version "v\\n"'),
        ("/api/v1.0", 400, 'Supported request types: "containers,machine"'),
        ("/api/v1.0/", 400, 'Supported request types: "containers,machine"'),
        ("/api/v1.1", 400, 'Supported request types: "containers,machine,subcontainers"'),
        ("/api/v1.0/docker", 500, 'unknown request type "docker"'),
        ("/api/v1.3/%22x%22", 500, 'unknown request type "\\"x\\""'),
        ("/api/v2.1/nothing", 500, 'unknown request type "nothing"'),
        # Options are looked at first.
        ("/api/v2.1/nothing?count=x", 500, "failed to parse 'count' option: x"),
        ("/api/v1.3/nothing?count=x", 500, 'unknown request type "nothing"'),
    ],
)
def test_what_there_is_not_is_said_in_cadvisors_words(site: Served, path: str, status: int, text: str):
    reply = site.ask(path)
    assert (reply.status, reply.text) == (status, text + "\n")
    assert reply.headers["content-type"] == "text/plain; charset=utf-8"
    assert reply.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "OPTIONS"])
def test_the_method_does_not_matter(site: Served, method: str):
    assert site.ask("/api/v1.3/machine", method).json["memory_capacity"] == 1000 * 1024


def test_a_body_without_end_is_refused(site: Served):
    reply = site.ask("/api/v1.3/containers/", "POST", "x" * (MOST_BODY_BYTES + 1))
    assert (reply.status, reply.text) == (413, f"the request's body is longer than {MOST_BODY_BYTES} bytes\n")


def test_a_large_answer_is_compressed_for_who_asks(site: Served):
    assert site.ask("/api/v1.3/subcontainers/", Accept_Encoding="gzip").headers["content-encoding"] == "gzip"
    assert "content-encoding" not in site.ask("/api/v1.3/subcontainers/").headers
