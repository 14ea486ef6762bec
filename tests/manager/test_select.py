"""What NAME words mean."""

import pytest
from msgspec import Struct

from cadvcli.host import Host
from cadvcli.manager.select import select
from cadvcli.model.identity import Identity, raw


class Known(Struct):
    """A container that may be meant."""

    identity: Identity
    name: str = ""
    pid: int | None = None

    def main_pid(self):
        return self.pid


def docker(name, container_id, *, service=None, project=None, alive=True):
    labels = {"com.docker.compose.service": service, "com.docker.compose.project": project}
    identity = Identity(
        runtime="docker",
        name=name,
        id=container_id * 16,
        aliases=(name, container_id * 16),
        labels={label: value for label, value in labels.items() if value},
    )
    return Known(identity, f"/docker/{container_id * 16}" if alive else "")


KNOWN = [
    Known(raw("/")),
    Known(raw("/docker"), "/docker"),
    Known(raw("/system.slice/ssh.service"), "/system.slice/ssh.service"),
    docker("web", "3f2a"),
    docker("shop-front-1", "3f9b", service="front", project="shop"),
    docker("shop-front-2", "77aa", service="front", project="shop"),
    docker("old-front-1", "88aa", service="front", project="old"),
    docker("done", "99aa", alive=False),
]
KNOWN[0].name = "/"


def found(*words):
    return [one.identity.name for one in select(words, KNOWN, Host("/nowhere")).found]


def missing(*words):
    return select(words, KNOWN, Host("/nowhere")).missing


@pytest.mark.parametrize(
    ("word", "names"),
    [
        ("web", ["web"]),
        ("/web", ["web"]),
        ("done", ["done"]),
        ("3f2a" * 16, ["web"]),
        ("3f2", ["web"]),
        ("7", ["shop-front-2"]),
        ("front", ["shop-front-1", "shop-front-2", "old-front-1"]),
        ("shop/front", ["shop-front-1", "shop-front-2"]),
        ("/", ["/"]),
        ("/docker", ["/docker"]),
        ("/docker/", ["/docker"]),
        ("/docker/" + "3f2a" * 16, ["web"]),
        ("system.slice/ssh.service", ["/system.slice/ssh.service"]),
    ],
)
def test_a_word_is_a_name_an_id_a_service_or_a_path(word, names):
    assert found(word) == names


@pytest.mark.parametrize(
    ("pattern", "names"),
    [
        ("shop-*", ["shop-front-1", "shop-front-2"]),
        ("shop-front-?", ["shop-front-1", "shop-front-2"]),
        ("shop-front-[2-9]", ["shop-front-2"]),
        ("shop-front-[!2]", ["shop-front-1"]),
        ("*", ["web", "shop-front-1", "shop-front-2", "old-front-1", "done"]),
        ("/docker/*", ["web", "shop-front-1", "shop-front-2", "old-front-1"]),
        ("/*", ["/", "/docker"]),
        ("/system.slice/*.service", ["/system.slice/ssh.service"]),
        ("/**ssh*", ["/system.slice/ssh.service"]),
        ("*/front", ["shop-front-1", "shop-front-2", "old-front-1"]),
    ],
)
def test_a_glob_is_over_names_or_with_a_slash_over_paths(pattern, names):
    assert found(pattern) == names


def test_each_container_is_meant_once_in_the_order_of_the_machine():
    assert found("front", "shop-front-1", "web") == ["web", "shop-front-1", "shop-front-2", "old-front-1"]


def test_one_unknown_name_costs_the_others_nothing():
    selection = select(["web", "wbe"], KNOWN, Host("/nowhere"))
    assert [one.identity.name for one in selection.found] == ["web"]
    assert selection.missing == ["no such container 'wbe': did you mean 'web'?"]


def test_a_beginning_of_several_ids_is_an_error_that_names_them():
    assert missing("3f") == ["'3f' is the beginning of several ids: web (3f2a3f…), shop-front-1 (3f9b3f…)"]


@pytest.mark.parametrize(
    ("word", "line"),
    [
        ("nothinglikeit", "no such container 'nothinglikeit'"),
        ("", "no such container ''"),
        ("frnt", "no such container 'frnt': did you mean 'front'?"),
        ("/dokcer", "no such container '/dokcer': did you mean '/docker'?"),
        ("nix*", "no container matches 'nix*'"),
        ("[z-a]", "no container matches '[z-a]'"),
        ("[", "no container matches '['"),
    ],
)
def test_what_is_not_there_is_one_line_with_the_nearest(word, line):
    assert missing(word) == [line]


def test_a_name_with_a_bracket_is_a_name_before_it_is_a_glob():
    odd = Known(raw("/x/a[1]"), "/x/a[1]")
    assert select(["/x/a[1]"], [*KNOWN, odd], Host("/nowhere")).found == [odd]
