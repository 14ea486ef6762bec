"""Requests taken apart."""

import pytest

from cadvcli.web.query import Options
from cadvcli.web.request import Refused, Request, below, by_alias, by_name
from tests.web.served import Served


@pytest.mark.parametrize(
    ("args", "name"),
    [([], "/"), (["a"], "/a"), (["a", "b"], "/a/b"), (["a", ""], "/a"), (["a", "..", "b"], "/b"), (["", "a"], "/a")],
)
def test_the_arguments_are_the_containers_name(site: Served, args: list[str], name: str):
    request = Request(site=site.site, args=args, body=b"", options=Options(), machine=None, deadline_ns=0)
    assert (request.name, request.capacity_bytes) == (name, 0)


def test_what_lies_in_a_group_is_told_by_whole_elements(site: Served):
    assert [container.name for container in below(site.site, "/a")] == ["/a", "/a/b"]
    assert [container.name for container in below(site.site, "/")] == ["/", "/a", "/a/b", "/ab"]
    assert below(site.site, "/nope") == []


def test_who_is_not_there_is_refused_with_the_name_quoted(site: Served):
    with pytest.raises(Refused, match=r'unknown container "/x\\n"'):
        by_name(site.site, "/x\n")
    with pytest.raises(Refused, match=r'unable to find container "x\\n" in "docker" namespace'):
        by_alias(site.site, "docker", "x\n")
