"""Questions to a daemon at a socket, and all the ways in which it may not answer."""

import os
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
import pytest

from cadvcli.errors import RuntimeUnavailable
from cadvcli.runtimes.docker_api import Engine
from tests.fakes.docker import Behaviour, FakeDocker


@pytest.fixture
def daemon() -> Iterator[FakeDocker]:
    with FakeDocker([{"Id": "a"}], []) as fake:
        yield fake


@pytest.fixture
def engine(daemon: FakeDocker) -> Iterator[Engine]:
    made = Engine("docker", daemon.path, 5)
    yield made
    made.close()


def reason(engine: Engine) -> str:
    with pytest.raises(RuntimeUnavailable) as caught:
        engine.get("/containers/json?all=1")
    assert "\n" not in str(caught.value)
    return caught.value.reason


def test_an_answer_is_its_body(engine: Engine) -> None:
    assert engine.get("/containers/json?all=1") == b'[{"Id":"a"}]'


def test_what_there_is_not_is_none(engine: Engine) -> None:
    assert engine.get("/containers/zzz/json") is None


def test_one_connection_serves_all_questions_and_agrees_once(daemon: FakeDocker, engine: Engine) -> None:
    for _ in range(3):
        engine.get("/containers/json?all=1")
    assert daemon.connections == 1
    assert daemon.asked == ["/_ping", *["/v1.41/containers/json?all=1"] * 3]


@pytest.mark.parametrize(
    ("theirs", "spoken"), [("1.24", "1.24"), ("1.40", "1.40"), ("1.44", "1.44"), ("1.52", "1.52"), ("1.99", "1.52")]
)
def test_the_older_of_both_versions_is_spoken(theirs: str, spoken: str) -> None:
    with FakeDocker([], [], api_version=theirs) as daemon:
        engine = Engine("docker", daemon.path, 5)
        assert engine.get("/containers/json?all=1") == b"[]"
        assert daemon.asked[-1] == f"/v{spoken}/containers/json?all=1"
        engine.close()


def test_docker_before_1_12_is_too_old() -> None:
    with FakeDocker([], [], api_version="1.23") as daemon:
        assert "1.23" in reason(Engine("docker", daemon.path, 5))
        assert "too old" in reason(Engine("docker", daemon.path, 5))


def test_a_connection_that_broke_between_two_questions_is_opened_again(daemon: FakeDocker, engine: Engine) -> None:
    engine.get("/containers/json?all=1")
    daemon.stop()
    daemon.start()
    assert engine.get("/containers/json?all=1") == b'[{"Id":"a"}]'
    assert daemon.connections == 2


def test_a_daemon_that_was_upgraded_is_asked_for_its_version_again(daemon: FakeDocker, engine: Engine) -> None:
    engine.get("/containers/json?all=1")
    daemon.stop()
    daemon.api_version = "1.44"
    daemon.start()
    engine.get("/containers/json?all=1")
    assert daemon.asked[-2:] == ["/_ping", "/v1.44/containers/json?all=1"]


@pytest.mark.parametrize(
    ("behaviour", "words"),
    [
        ("hang", "within 0.2 s"),
        ("drip", "within 0.2 s"),
        ("half", "broke off"),
        ("close", "broke off"),
        ("garbage", "broke off"),
        ("error", "answered 500"),
        ("page", "is this a Docker socket?"),
    ],
)
@pytest.mark.parametrize("already_connected", [False, True])
def test_trouble_is_one_line(daemon: FakeDocker, behaviour: Behaviour, words: str, already_connected: bool) -> None:
    engine = Engine("docker", daemon.path, 0.2)
    if already_connected:
        engine.get("/containers/json?all=1")
    daemon.behave = behaviour
    if behaviour == "page" and already_connected:
        assert engine.get("/containers/json?all=1") == b"<html>hello</html>"
    else:
        assert words in reason(engine)
    daemon.behave = "answer"
    engine.timeout_seconds = 5
    assert engine.get("/containers/json?all=1") == b'[{"Id":"a"}]'
    engine.close()


def test_the_daemons_own_words_are_passed_on_in_one_line(daemon: FakeDocker, engine: Engine) -> None:
    engine.get("/containers/json?all=1")
    daemon.behave = "error"
    assert reason(engine) == f"{daemon.path} answered 500 to /containers/json?all=1: driver failed"


def test_without_a_socket_the_question_is_whether_docker_runs(tmp_path: Path) -> None:
    assert reason(Engine("docker", f"{tmp_path}/s", 5)) == f"no socket at {tmp_path}/s: is Docker running?"


def test_a_socket_that_nobody_listens_at_is_a_daemon_that_died(daemon: FakeDocker, engine: Engine) -> None:
    daemon.stop()
    assert reason(engine) == f"nothing listens at {daemon.path}: is Docker running?"


def test_a_file_that_is_no_socket_is_told_as_such(tmp_path: Path) -> None:
    (tmp_path / "s").write_text("")
    assert reason(Engine("docker", f"{tmp_path}/s", 5)).startswith(f"nothing listens at {tmp_path}/s")


def test_a_socket_that_is_not_for_this_user_names_the_remedy(daemon: FakeDocker) -> None:
    if os.geteuid() != 0:
        pytest.skip("needs root to become somebody who may not")
    os.chmod(daemon.path, 0o600)
    os.chmod(os.path.dirname(daemon.path), 0o755)
    os.seteuid(65534)
    try:
        said = reason(Engine("docker", daemon.path, 5))
    finally:
        os.seteuid(0)
    assert said == f"{daemon.path}: permission denied: run as root or add the user to the group docker"


def test_a_path_longer_than_the_kernel_takes_is_no_hindrance(tmp_path: Path) -> None:
    folder = tmp_path / ("x" * 120)
    folder.mkdir()
    with FakeDocker([], []) as daemon:
        os.symlink(daemon.path, folder / "docker.sock")
        engine = Engine("docker", str(folder / "docker.sock"), 5)
        assert engine.get("/containers/json?all=1") == b"[]"
        engine.close()


def test_threads_that_ask_at_once_get_each_their_own_answer(daemon: FakeDocker, engine: Engine) -> None:
    daemon.inspect_answers = {str(number): str(number).encode() for number in range(40)}
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda number: engine.get(f"/containers/{number}/json"), range(40)))
    assert answers == [str(number).encode() for number in range(40)]
    assert daemon.connections <= 4


def test_one_question_without_an_answer_keeps_no_other_waiting(daemon: FakeDocker, engine: Engine) -> None:
    daemon.busy = "a"
    with ThreadPoolExecutor(1) as pool:
        stuck = pool.submit(engine.get, "/containers/a/json")
        while "/v1.41/containers/a/json" not in daemon.asked:
            assert engine.get("/containers/json?all=1") == b'[{"Id":"a"}]'
        assert engine.get("/containers/json?all=1") == b'[{"Id":"a"}]'
        assert not stuck.done()
        daemon.stop()
        with pytest.raises(RuntimeUnavailable):
            stuck.result()


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n[1,\r\n2\r\n2]\r\n0\r\n\r\n", b"[1,2]"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n[1,\r\n", None),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n[]", None),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", None),
        (b"HTTP/1.1 200 OK\r\n" + b"x: y\r\n" * 200 + b"\r\n[]", None),
        (b"HTTP/1.1 204 No Content\r\n\r\n", None),
    ],
)
def test_bodies_in_pieces_are_joined_and_broken_or_endless_ones_refused(
    tmp_path: Path, message: bytes, expected: bytes | None
) -> None:
    listener = socket.socket(socket.AF_UNIX)
    path = os.path.join("/tmp", f"cadvcli-{os.getpid()}.sock")
    listener.bind(path)
    listener.listen()

    def serve() -> None:
        connection, _ = listener.accept()
        connection.recv(4096)
        connection.sendall(b"HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nContent-Length: 2\r\n\r\nOK")
        connection.recv(4096)
        connection.sendall(message)
        connection.shutdown(socket.SHUT_WR)
        connection.recv(1)
        connection.close()

    server = threading.Thread(target=serve)
    server.start()
    engine = Engine("docker", path, 5)
    try:
        if expected is None:
            reason(engine)
        else:
            assert engine.get("/x") == expected
    finally:
        engine.close()
        server.join()
        listener.close()
        os.unlink(path)


def test_what_the_fake_sends_is_json(daemon: FakeDocker, engine: Engine) -> None:
    assert msgspec.json.decode(engine.get("/version") or b"")["ApiVersion"] == "1.41"
