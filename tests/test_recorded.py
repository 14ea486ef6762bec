"""The recorded machines can be read as the machines they were."""

import pytest

from tests.recorded import NAMES


@pytest.mark.parametrize("name", NAMES)
def test_links_of_a_process_are_links_again(recorded, name):
    host = recorded(name)
    pids = [pid for pid in host.subdirs("/proc") if pid.isdigit() and host.exists(f"/proc/{pid}/ns/net")]
    assert pids
    for pid in pids:
        link = host.readlink(f"/proc/{pid}/ns/net")
        assert link == f"net:[{host.stat(f'/proc/{pid}/ns/net').st_ino}]"
        assert "links.json" not in host.listdir(f"/proc/{pid}")


@pytest.mark.parametrize("name", NAMES)
def test_sizes_of_file_systems_are_the_recorded_ones(recorded, answer, name):
    host = recorded(name)
    for path, seen in answer(name, "statvfs.json").items():
        assert host.statvfs(path).f_blocks == seen["f_blocks"]
        assert host.stat(path).st_dev == seen["dev"]
    assert host.statvfs("/not/recorded") is None


@pytest.mark.parametrize("name", NAMES)
def test_cadvisor_counted_the_cores_of_that_machine(recorded, answer, name):
    cores = answer(name, "cadvisor/v1.3-machine.json")["num_cores"]
    assert recorded(name).text("/proc/cpuinfo").count("processor\t") == cores


def test_what_a_tree_lacks_is_absent(recorded):
    host = recorded("docker-v1")
    assert host.stat("/proc/999999") is None
    assert not host.exists("/proc/999999")
    assert host.readlink("/proc/999999/ns/net") is None
