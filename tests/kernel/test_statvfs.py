"""kernel/statvfs.py: size and use of mounted file systems."""

import os
import shutil
import subprocess
import threading

import pytest

from cadvcli.errors import HostError
from cadvcli.host import Host, refused
from cadvcli.kernel.statvfs import Usage, read_remote_usages, read_usage


class Server(Host):
    """A host whose remote file systems answer, are gone, fail, or don't answer before they are told to."""

    def __init__(self) -> None:
        super().__init__("/server")
        self.answering = threading.Event()
        self.asked: list[str] = []

    def statvfs(self, path: str) -> os.statvfs_result | None:
        self.asked.append(path)
        if path == "/dead":
            self.answering.wait()
        if path == "/gone":
            return None
        if path == "/stale":
            return refused(path, OSError(116, "Stale file handle"))
        return os.statvfs_result((4096, 512, 1000, 300, 200, 0, 0, 0, 0, 255))


def test_sizes_are_in_bytes_of_the_fragment_size() -> None:
    assert read_usage(Server(), "/nfs") == Usage(
        capacity_bytes=512000, free_bytes=153600, available_bytes=102400, inodes=None, inodes_free=None
    )


def test_a_file_system_that_is_gone_is_none(host) -> None:
    assert read_usage(host({}), "/mnt") is None


def test_a_dead_server_costs_only_its_own_file_systems() -> None:
    server = Server()
    try:
        found = read_remote_usages(server, ["/dead", "/gone", "/stale", "/nfs"], limit_s=0.05)
        assert isinstance(found["/nfs"], Usage)
        assert "/gone" not in found
        assert [str(found[path]) for path in ("/stale", "/dead")] == [
            "/stale: Stale file handle",
            "/dead: the file system did not answer within 0.05 s",
        ]
    finally:
        server.answering.set()


def test_a_call_that_blocks_is_not_made_again_and_is_taken_when_it_comes_back() -> None:
    server = Server()
    try:
        assert isinstance(read_remote_usages(server, ["/dead"], limit_s=0.01)["/dead"], HostError)
        assert isinstance(read_remote_usages(server, ["/dead"], limit_s=60)["/dead"], HostError)
        assert server.asked == ["/dead"]
    finally:
        server.answering.set()
    for thread in threading.enumerate():
        if thread.name == "statvfs /dead":
            thread.join()
    assert isinstance(read_remote_usages(server, ["/dead"])["/dead"], Usage)
    assert server.asked == ["/dead"]


@pytest.mark.skipif(not shutil.which("df"), reason="needs df (coreutils)")
def test_against_df() -> None:
    size, inodes = subprocess.check_output(["df", "-B1", "--output=size,itotal", "/"], text=True).split()[-2:]
    usage = read_usage(Host("/"), "/")
    assert usage is not None
    assert usage.capacity_bytes == int(size)
    assert (usage.inodes or 0) == int(inodes)
