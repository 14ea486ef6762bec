"""All rows together."""

from cadvcli.cli.measured import total
from cadvcli.model.identity import Identity


def line(group, container_id=None, *, mode="", **values):
    identity = Identity(runtime="docker" if container_id else "raw", name=group, id=container_id, network_mode=mode)
    return {"cgroup": group, "id": container_id, **values}, identity


def together(*lines, memory=None):
    return total([row for row, _ in lines], [identity for _, identity in lines], memory)


def test_what_adds_up_is_added_and_the_rest_unknown():
    found = together(
        line("/a", cpu_usage_ratio=0.5, pids=1, psi_cpu_some_avg10_ratio=0.1, io_read_bytes_total=1),
        line("/b", cpu_usage_ratio=1.0, pids=2, io_read_bytes_total=2),
    )
    assert (found["name"], found["cpu_usage_ratio"]) == ("TOTAL", 1.5)
    assert (found["pids"], found["io_read_bytes_total"]) == (3, 3)
    assert found["psi_cpu_some_avg10_ratio"] is None
    assert found["image"] is None


def test_unknown_ones_are_left_out_and_all_unknown_is_unknown():
    assert together(line("/a", cpu_usage_ratio=None), line("/b", cpu_usage_ratio=0.5))["cpu_usage_ratio"] == 0.5
    assert together(line("/a", cpu_usage_ratio=None))["cpu_usage_ratio"] is None


def test_memory_is_a_share_of_the_machine():
    lines = (line("/a", memory_working_set_bytes=100), line("/b", memory_working_set_bytes=100))
    assert together(*lines, memory=1000)["memory_working_set_ratio"] == 0.2
    assert together(*lines)["memory_working_set_ratio"] is None


def test_a_group_inside_of_another_is_counted_once():
    lines = (line("/docker", pids=5), line("/docker/web", "id", pids=3), line("/dockerish", pids=1))
    assert together(*lines)["pids"] == 6
    assert together(line("/", pids=9), *lines)["pids"] == 9


def test_a_network_that_two_containers_share_is_counted_once():
    web = line("/web", "id1", network_receive_bytes_total=10, pids=1)
    peer = line("/peer", "id2", mode="container:id1", network_receive_bytes_total=10, pids=1)
    assert together(web, peer)["network_receive_bytes_total"] == 10
    assert together(web, peer)["pids"] == 2
    assert together(peer)["network_receive_bytes_total"] == 10
