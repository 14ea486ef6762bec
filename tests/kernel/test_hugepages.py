"""kernel/hugepages.py: huge pages by size."""

import pytest

from cadvcli.errors import ParseError
from cadvcli.kernel.hugepages import HugePages, page_size, read_hugepages

FOLDER = "/sys/kernel/mm/hugepages"


def test_sizes_are_in_the_order_of_their_names(host) -> None:
    files = {f"{FOLDER}/hugepages-{size}kB/nr_hugepages": pages for size, pages in ((2048, "8\n"), (1048576, "1\n"))}
    assert read_hugepages(host(files)) == [HugePages(1048576, 1), HugePages(2048, 8)]


def test_folders_of_a_node_are_read_alike(host) -> None:
    node = "/sys/devices/system/node/node0/hugepages"
    assert read_hugepages(host({f"{node}/hugepages-2048kB/nr_hugepages": "3\n"}), node) == [HugePages(2048, 3)]


def test_kernel_without_huge_pages_has_none(host) -> None:
    assert read_hugepages(host({})) is None


def test_other_entries_are_passed_over(host) -> None:
    assert read_hugepages(host({f"{FOLDER}/hugepages-xkB/nr_hugepages": "8\n", f"{FOLDER}/uevent": ""})) is None


def test_malformed_number_is_named(host) -> None:
    with pytest.raises(ParseError, match=r"hugepages-2048kB/nr_hugepages:1: 'many\\n' is no number"):
        read_hugepages(host({f"{FOLDER}/hugepages-2048kB/nr_hugepages": "many\n"}))


@pytest.mark.parametrize(
    ("folder", "size"),
    [("hugepages-64kB", "64KB"), ("hugepages-2048kB", "2MB"), ("hugepages-1048576kB", "1GB"), ("other", "")],
)
def test_cgroup_files_write_a_size_in_its_largest_unit(folder: str, size: str) -> None:
    assert page_size(folder) == size
