"""Where the socket is, and when a daemon in trouble is left alone."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from cadvcli.errors import RuntimeUnavailable, UsageError
from cadvcli.host import Host
from cadvcli.runtimes.docker_daemon import Daemon, sockets_for
from tests.fakes.docker import Behaviour, FakeDocker

STANDARD = "unix:///var/run/docker.sock"


class Now:
    """A clock that goes when told. Asking a hung daemon takes as long as it really takes, so ``steps`` add that."""

    def __init__(self) -> None:
        self.seconds = 1000.0
        self.took = 0.0

    def __call__(self) -> float:
        self.seconds += self.took
        return self.seconds


@pytest.fixture
def fake() -> Iterator[FakeDocker]:
    with FakeDocker([], []) as daemon:
        yield daemon


def refused(daemon: Daemon) -> str:
    with pytest.raises(RuntimeUnavailable) as caught:
        daemon.ask("/version")
    return caught.value.reason


def test_the_standard_socket_is_looked_for_below_the_host_root() -> None:
    assert sockets_for(Host("/"), STANDARD, STANDARD) == ("/var/run/docker.sock", "/run/docker.sock")
    assert sockets_for(Host("/m"), STANDARD, STANDARD) == ("/m/var/run/docker.sock", "/m/run/docker.sock")


def test_in_a_container_it_is_also_looked_for_where_cadvisors_is_mounted() -> None:
    assert "/var/run/docker.sock" in sockets_for(Host("/rootfs"), STANDARD, STANDARD)


@pytest.mark.parametrize("endpoint", ["unix:///run/user/1000/docker.sock", "/run/user/1000/docker.sock"])
def test_another_socket_is_taken_as_it_stands(endpoint: str) -> None:
    assert sockets_for(Host("/m"), endpoint, STANDARD) == ("/run/user/1000/docker.sock",)


@pytest.mark.parametrize("endpoint", ["tcp://127.0.0.1:2375", "unix://docker.sock", "docker.sock", "npipe:////./pipe"])
def test_an_endpoint_that_is_no_unix_socket_is_a_mistake_of_the_user(endpoint: str) -> None:
    with pytest.raises(UsageError, match="unix:///path"):
        sockets_for(Host("/"), endpoint, STANDARD)


def test_the_first_socket_that_is_there_is_taken(fake: FakeDocker) -> None:
    daemon = Daemon("docker", ("/nowhere/docker.sock", fake.path), 5)
    assert daemon.socket() == fake.path
    assert daemon.ask("/version") is not None
    daemon.close()


def test_one_that_refused_is_left_alone_for_a_second(fake: FakeDocker) -> None:
    now = Now()
    daemon = Daemon("docker", (fake.path,), 5, now)
    fake.stop()
    assert "nothing listens" in refused(daemon)
    fake.start()
    assert "nothing listens" in refused(daemon)
    assert fake.connections == 0
    now.seconds += 1
    assert daemon.ask("/version") is not None
    daemon.close()


@pytest.mark.parametrize("behaviour", ["hang", "drip"])
def test_one_that_hangs_is_left_alone_for_longer_each_time(fake: FakeDocker, behaviour: Behaviour) -> None:
    now = Now()
    daemon = Daemon("docker", (fake.path,), 0.1, now)
    fake.behave = behaviour
    for rest in (10, 20, 40, 60, 60):
        asked, now.took = len(fake.asked), 0.06
        assert "within 0.1 s" in refused(daemon)
        assert len(fake.asked) == asked + 1
        now.took = 0
        now.seconds += rest - 0.1
        assert "within 0.1 s" in refused(daemon)
        assert len(fake.asked) == asked + 1
        now.seconds += 0.2
    daemon.close()


def test_a_slow_one_rests_as_long_as_it_took(fake: FakeDocker) -> None:
    now = Now()
    daemon = Daemon("docker", (fake.path,), 5, now)
    now.took = 3.0
    assert daemon.ask("/version") is not None
    now.took = 0
    assert refused(daemon) == "it answers slowly (3.0 s)"
    now.seconds += 3
    assert daemon.ask("/version") is not None
    daemon.close()


def test_trouble_is_said_once_and_that_it_is_over(fake: FakeDocker, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    now = Now()
    daemon = Daemon("docker", (fake.path,), 5, now)
    for behaviour in ("close", "error", "garbage"):
        fake.behave = behaviour
        with pytest.raises(RuntimeUnavailable) as caught:
            daemon.ask("/version")
        daemon.tell(caught.value, "ids it is")
        now.seconds += 60
    fake.behave = "answer"
    daemon.ask("/version")
    said = [record.getMessage() for record in caplog.records]
    assert said == [
        f"docker: the answer from {fake.path} broke off: is Docker being restarted? (ids it is)",
        "docker: it answers again",
    ]
    daemon.close()


def test_a_daemon_that_was_closed_is_connected_again(fake: FakeDocker, tmp_path: Path) -> None:
    daemon = Daemon("docker", (fake.path,), 5)
    daemon.ask("/version")
    daemon.close()
    daemon.ask("/version")
    assert fake.connections == 2
    daemon.close()
