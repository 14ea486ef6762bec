"""A container's labels: union, sanitizing, collisions, and what is kept from page to page."""

from types import SimpleNamespace
from typing import Any

from cadvcli.model.identity import Identity, raw
from cadvcli.web.labels import Labels, collided, raw_labels


def container(name: str, identity: Identity) -> Any:
    return SimpleNamespace(name=name, identity=identity)


def docker(name: str, **labels: str) -> Identity:
    return Identity(runtime="docker", name=name, namespace="docker", aliases=(name, "f"), labels=labels, image="img")


def test_a_plain_group_has_its_path_alone():
    assert raw_labels("/a", raw("/a")) == {"id": "/a"}


def test_a_container_has_name_image_labels_environment_and_restarts():
    identity = Identity(
        runtime="docker", name="web", aliases=("web",), image="img:1", labels={"a.b": "1"}, envs={"app": "2"},
        restart_count=3,
    )
    assert raw_labels("/docker/f", identity) == {
        "id": "/docker/f",
        "name": "web",
        "image": "img:1",
        "container_label_a.b": "1",
        "container_label_restartcount": "3",
        "container_env_app": "2",
    }


def test_what_a_container_lacks_and_another_has_is_empty():
    page = [container("/", raw("/")), container("/docker/f", docker("web", tier="front"))]
    first, second = Labels().blocks(page)
    assert first.alone == '{container_label_tier="",id="/",image="",name=""} '
    assert second.alone == '{container_label_tier="front",id="/docker/f",image="img",name="web"} '


def test_of_labels_that_become_the_same_name_the_lowest_that_the_container_has_counts():
    named = [("l_a-b", "l_a_b"), ("l_a.b", "l_a_b"), ("l_a_b", "l_a_b")]
    assert collided(named, {"l_a.b": "dot", "l_a_b": "underscore"}) == {"l_a_b": "dot"}
    assert collided(named, {"l_a-b": "", "l_a.b": "dot"}) == {"l_a_b": ""}
    assert collided(named, {}) == {"l_a_b": ""}


def test_the_same_page_again_is_the_same_blocks():
    labels, page = Labels(), [container("/a", raw("/a"))]
    assert labels.blocks(page) is labels.blocks(list(page))


def test_a_container_that_came_costs_only_its_own_block():
    labels, old = Labels(), [container("/a", raw("/a"))]
    (before,) = labels.blocks(old)
    after = labels.blocks([*old, container("/b", raw("/b"))])
    assert after[0] is before
    assert after[1].alone == '{id="/b"} '


def test_a_new_label_name_changes_every_block():
    labels, old = Labels(), [container("/a", raw("/a"))]
    labels.blocks(old)
    after = labels.blocks([*old, container("/docker/f", docker("web"))])
    assert after[0].alone == '{id="/a",image="",name=""} '


def test_a_container_that_is_renamed_gets_a_new_block():
    labels = Labels()
    labels.blocks([container("/docker/f", docker("web"))])
    (after,) = labels.blocks([container("/docker/f", docker("shop"))])
    assert 'name="shop"' in after.alone


def test_hostile_labels_are_escaped():
    hostile = docker('"} 1\n', **{'x"y\n': 'a\\"\n\udcff'})
    (found,) = Labels().blocks([container("/a\n", hostile)])
    assert found.alone == (
        '{container_label_x_y_="a\\\\\\"\\n\ufffd",id="/a\\n",image="img",name="\\"} 1\\n"} '
    )
