"""Containers by name and alias."""

from typing import Any, cast

import pytest

from cadvcli.errors import UnknownContainer
from cadvcli.manager.container import Container
from cadvcli.manager.registry import Registry
from cadvcli.model.identity import Identity


class Named:
    """All that the registry knows of a container."""

    def __init__(self, name: str, *aliases: str) -> None:
        self.name = name
        namespace = "docker" if aliases else ""
        self.identity = Identity(runtime=namespace or "raw", name=name, namespace=namespace, aliases=aliases)


def named(name: str, *aliases: str) -> Container:
    return cast("Any", Named(name, *aliases))


def test_containers_stand_by_name_with_the_root_first() -> None:
    registry = Registry()
    for name in ("/b", "/", "/a/c", "/a"):
        registry.add(named(name))
    assert [container.name for container in registry] == ["/", "/a", "/a/c", "/b"]


def test_an_alias_leads_to_its_container_and_so_does_its_unique_beginning() -> None:
    registry, web = Registry(), named("/docker/3f2a", "web", "3f2a9")
    registry.add(web)
    registry.add(named("/docker/77aa", "db", "77aa1"))
    assert registry.by_alias("docker", "web") is web
    assert registry.by_alias("docker", "3f") is web
    assert [container.name for container in registry.of("docker")] == ["/docker/3f2a", "/docker/77aa"]


def test_a_beginning_of_both_aliases_of_one_container_is_unique() -> None:
    registry, web = Registry(), named("/docker/3f2a", "3fun", "3f2a9")
    registry.add(web)
    assert registry.by_alias("docker", "3f") is web


@pytest.mark.parametrize(
    ("alias", "text"),
    [
        ("we", 'unable to find container in "docker" namespace. Container "we" is not unique'),
        ("x", 'unable to find container "x" in "docker" namespace'),
    ],
)
def test_what_leads_nowhere_or_to_two_is_said_in_cadvisors_words(alias: str, text: str) -> None:
    registry = Registry()
    registry.add(named("/docker/1", "web"))
    registry.add(named("/docker/2", "wedge"))
    with pytest.raises(UnknownContainer) as caught:
        registry.by_alias("docker", alias)
    assert str(caught.value) == text


def test_removing_the_old_one_leaves_the_new_one_of_the_same_alias() -> None:
    registry, old, new = Registry(), named("/docker/1", "web"), named("/docker/2", "web")
    registry.add(old)
    registry.add(new)
    registry.remove(old)
    assert registry.by_alias("docker", "web") is new
    assert registry.get("/docker/1") is None
