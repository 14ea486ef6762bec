"""What the daemon wrote down."""

import os
from collections.abc import Callable

import pytest

from cadvcli.errors import ParseError
from cadvcli.host import Host
from cadvcli.runtimes.docker_files import container_ids, read_container
from tests.runtimes.paths import ID

MakeHost = Callable[[dict[str, str | bytes]], Host]
ROOT = "/var/lib/docker"
CONFIG = f"{ROOT}/containers/{ID}/config.v2.json"
HOST_CONFIG = f"{ROOT}/containers/{ID}/hostconfig.json"
RUNNING = '{"Name":"/web","State":{"Running":true,"Pid":4312,"StartedAt":"2026-11-23T18:27:40Z"}}'


def test_both_files_make_one(host: MakeHost) -> None:
    one = read_container(host({CONFIG: '{"Name":"/web"}', HOST_CONFIG: '{"NetworkMode":"host"}'}), ROOT, ID)
    assert one is not None
    assert one.host_config is not None
    assert (one.name, one.host_config.network_mode) == ("/web", "host")


def test_no_folder_is_no_container(host: MakeHost) -> None:
    machine = host({"/etc/hostname": "x"})
    assert read_container(machine, ROOT, ID) is None
    assert container_ids(machine, ROOT) is None


def test_ids_are_the_folders_of_that_length(host: MakeHost) -> None:
    machine = host({CONFIG: "{}", f"{ROOT}/containers/lost+found/x": "", f"{ROOT}/containers/note": ""})
    assert container_ids(machine, ROOT) == [ID]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"State":5}', "\0" * 64])
def test_a_file_that_was_half_written_is_a_parse_error_with_its_path(host: MakeHost, text: str) -> None:
    with pytest.raises(ParseError, match=r"config\.v2\.json:1: ") as caught:
        read_container(host({CONFIG: text}), ROOT, ID)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("groups", "lives"),
    [
        ({"/proc/4312/cgroup": f"0::/docker/{ID}\n"}, True),
        ({"/proc/4312/cgroup": "0::/system.slice/ssh.service\n"}, False),
        ({"/proc/stat": ""}, False),
    ],
)
def test_after_a_crash_it_runs_only_if_its_process_is_there(
    host: MakeHost, groups: dict[str, str | bytes], lives: bool
) -> None:
    one = read_container(host({CONFIG: RUNNING, **groups}), ROOT, ID)
    assert one is not None
    assert one.state is not None
    assert one.state.running == lives
    assert one.state.started_at == "2026-11-23T18:27:40Z"


def test_a_process_that_may_not_be_looked_at_is_taken_for_alive(host: MakeHost) -> None:
    if os.geteuid() != 0:
        pytest.skip("needs root to become somebody who may not")
    machine = host({CONFIG: RUNNING, "/proc/4312/cgroup": "0::/x"})
    os.chmod(machine.path("/proc/4312"), 0)
    folder = machine.path("/")
    while folder != "/":
        os.chmod(folder, 0o755)
        folder = os.path.dirname(folder.rstrip("/"))
        if folder in ("/tmp", "/"):
            break
    os.seteuid(65534)
    try:
        one = read_container(machine, ROOT, ID)
    finally:
        os.seteuid(0)
    assert one is not None
    assert one.state is not None
    assert one.state.running
