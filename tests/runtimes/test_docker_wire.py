"""Docker's JSON, and JSON that no Docker sends."""

import subprocess
import sys

import msgspec
import pytest

from cadvcli.runtimes.docker_wire import Inspected, decode, listed

NULLS = b"""{"Id":"a","Names":null,"Image":null,"ImageID":null,"Command":null,"Created":null,"Ports":null,"Labels":null,
"State":null,"Status":null,"HostConfig":null,"NetworkSettings":null,"Mounts":null,"New":{"in":[1]}}"""


def test_nulls_and_unknown_fields_are_nothing_special() -> None:
    (one,) = listed(b"[" + NULLS + b"]")
    assert (one.id, one.names, one.labels) == ("a", None, None)


@pytest.mark.parametrize(
    "strange",
    [
        b'{"Id":"b","Labels":["x"]}',
        b'{"Id":"b","Created":"2026-01-01"}',
        b'{"Id":"b","Ports":{"80/tcp":null}}',
        b'{"Id":"b","Labels":{"x":1}}',
        b'{"Id":"b","Labels":{"x":null}}',
        b'{"Id":"b","NetworkSettings":{"Networks":[]}}',
    ],
)
def test_an_element_with_a_field_of_another_type_keeps_its_id_and_the_others_everything(strange: bytes) -> None:
    first, second, third = listed(b'[{"Id":"a","Image":"i"},' + strange + b',{"Id":"c","Image":"i"}]')
    assert (first.image, second.id, second.image, third.image) == ("i", "b", None, "i")


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (b'{"Name":"/caf\xc3\xa9"}', "/café"),
        (b'{"Name":"/\xff\xfe"}', "/\ufffd\ufffd"),
        (b'{"Name":"/\\ud800x"}', "/\ufffdx"),
        (b'{"Name":"/\\ud83d\\ude00"}', "/\U0001f600"),
        (b'{"Name":"/a\\u0000\\n\\u001b[31m"}', "/a\0\n\x1b[31m"),
    ],
)
def test_bytes_that_are_no_text_are_replaced(body: bytes, name: str) -> None:
    assert decode(body, Inspected).name == name


DEEP = b'{"x":' + b"[" * 100_000


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"{", b"<html>", b"\xff\xfe", DEEP, b'{"Name":5}'])
def test_what_is_no_such_thing_is_a_decode_error(body: bytes) -> None:
    with pytest.raises(msgspec.DecodeError):
        decode(body, Inspected)


@pytest.mark.parametrize("body", [b'{"message":"no"}', b'[{"Name":"without id"}]', b"[1]", b"[null]"])
def test_a_list_of_something_else_is_a_decode_error(body: bytes) -> None:
    with pytest.raises(msgspec.DecodeError):
        listed(body)


TOGETHER = """
import sys, threading
from cadvcli.runtimes.docker_wire import Inspected, decode
sys.setswitchinterval(1e-6)
start = threading.Barrier(8)
found = []
def ask():
    start.wait()
    found.append(decode(b'{"State": {"Pid": 7}, "HostConfig": {}, "Config": {"Labels": {}}}', Inspected).state.pid)
threads = [threading.Thread(target=ask) for _ in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(found)
"""


def test_threads_that_begin_together_do_not_crash() -> None:
    # msgspec works out a Struct at its first use, so each try is an interpreter of its own.
    for _ in range(3):
        done = subprocess.run([sys.executable, "-c", TOGETHER], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout) == (0, f"{[7] * 8}\n"), done.stderr
