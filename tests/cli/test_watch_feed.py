"""Scenes for ``watch``, from a machine whose groups come and go."""

import os
import select
from types import SimpleNamespace

import pytest

from cadvcli.cli.watch_feed import Feed
from cadvcli.model.row import row
from tests.machines import Machine

SECOND = 1_000_000_000


@pytest.fixture
def machine(tmp_path):
    """A machine with one group in another."""
    made = Machine(tmp_path)
    made.group("/shop")
    made.group("/shop/web")
    return made


@pytest.fixture
def news():
    """A pipe that is readable when there is news."""
    ends = os.pipe2(os.O_NONBLOCK)
    yield ends
    for end in ends:
        os.close(end)


@pytest.fixture
def feed(machine, news):
    """Starts a feed of these names; stopped after the test."""
    started = []

    def start(*names, interval=SECOND):
        options = SimpleNamespace(
            host_root=machine.host.root, names=names, interval=interval, docker="", docker_root="/var/lib/docker",
            docker_env_metadata_whitelist=(),
        )  # fmt: skip
        started.append(Feed(options, ["name", "restarts", "cpu_usage_ratio"], news[1]))
        started[-1].start()
        return started[-1]

    yield start
    for one in started:
        one.stop()


@pytest.fixture
def wait(news):
    """Waits for news and takes it."""

    def waits():
        assert select.select([news[0]], [], [], 20)[0]
        os.read(news[0], 4096)

    return waits


def scene_of(feed, wait, *, raw=False, tree=False):
    feed.ask(raw=raw, tree=tree)
    while (scene := feed.take()) is None:
        wait()
    return scene


def names(scene):
    return [subject.identity.name for subject in scene.subjects]


def test_a_scene_has_what_was_asked_for(feed, wait):
    all_of_it = feed()
    assert names(scene_of(all_of_it, wait)) == []
    assert names(scene_of(all_of_it, wait, raw=True)) == ["/", "/shop", "/shop/web"]


def test_words_choose_and_a_tree_has_the_groups_above(feed, wait):
    one = feed("/shop/web")
    assert names(scene_of(one, wait)) == ["/shop/web"]
    assert names(scene_of(one, wait, tree=True)) == ["/", "/shop", "/shop/web"]


def test_a_word_that_means_nothing_is_a_line_until_it_does(feed, wait, machine):
    one = feed("/shop/wbe")
    scene_of(one, wait)
    assert one.missing == ["no such container '/shop/wbe': did you mean '/shop/web'?"]
    machine.group("/shop/wbe")
    while not one.stirred:
        wait()
    assert names(scene_of(one, wait)) == ["/shop/wbe"]
    assert one.missing == []


def test_rates_are_over_two_scenes(feed, wait, machine):
    one = feed("/shop/web", interval=2)
    (first,) = scene_of(one, wait).subjects
    assert (first.newest is not None, first.previous) == (True, None)
    machine.group("/shop/web", {"cpu.stat": "usage_usec 900000000\nuser_usec 1\nsystem_usec 1\n"})
    (second,) = scene_of(one, wait).subjects
    assert second.previous == first.newest
    assert row(second)["cpu_usage_ratio"] > 0


def test_a_scene_right_after_another_keeps_its_samples_and_their_rates(feed, wait):
    one = feed("/shop/web", interval=3600 * SECOND)
    (first,) = scene_of(one, wait).subjects
    (again,) = scene_of(one, wait).subjects
    assert (again.newest, again.previous) == (first.newest, first.previous)


def test_what_comes_and_goes_is_news(feed, wait, machine):
    one = feed()
    scene_of(one, wait)
    machine.group("/new")
    while not one.stirred:
        wait()
    assert "/new" in names(scene_of(one, wait, raw=True))
    assert not one.stirred
    machine.remove("/new")
    while not one.stirred:
        wait()
    assert "/new" not in names(scene_of(one, wait, raw=True))


def test_it_is_busy_until_the_scene_is_taken(feed, wait):
    one = feed()
    assert not one.busy
    one.ask(raw=True, tree=False)
    assert one.busy
    while one.take() is None:
        wait()
    assert not one.busy
