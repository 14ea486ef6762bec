"""resctrl: what groups say, and which group has which threads."""

from pathlib import Path

import pytest

from cadvcli.errors import HostError, ParseError
from cadvcli.host import Host
from cadvcli.kernel.resctrl import (
    Domain,
    add_tasks,
    control_groups,
    control_of,
    group_of,
    make_group,
    read_domains,
    read_root,
    read_tasks,
    remove_group,
)
from tests.resctrl import Tree


def test_each_cache_has_its_figures_in_the_order_of_their_names(tmp_path: Path) -> None:
    tree = Tree(tmp_path)
    tree.group("mon_groups/a", (7,), (10, "Unavailable"))
    assert read_domains(Host(str(tmp_path)), f"{tree.point}/mon_groups/a") == [
        Domain(llc_occupancy_bytes=10, mbm_total_bytes=20, mbm_local_bytes=30),
        Domain(llc_occupancy_bytes=None, mbm_total_bytes=None, mbm_local_bytes=None),
    ]
    assert read_domains(Host(str(tmp_path)), f"{tree.point}/gone") == []


def test_a_file_that_is_missing_costs_itself_alone(tmp_path: Path) -> None:
    tree = Tree(tmp_path)
    (tree.folder / "mon_data/mon_L3_00/mbm_local_bytes").unlink()
    first = read_domains(Host(str(tmp_path)), tree.point)[0]
    assert (first.mbm_total_bytes, first.mbm_local_bytes) == (200, None)


def test_what_is_no_number_is_named(tmp_path: Path) -> None:
    tree = Tree(tmp_path)
    (tree.folder / "mon_data/mon_L3_00/llc_occupancy").write_text("1 2\n")
    with pytest.raises(ParseError, match="mon_L3_00/llc_occupancy:1: "):
        read_domains(Host(str(tmp_path)), tree.point)


def test_it_may_be_mounted_elsewhere(tmp_path: Path, host) -> None:
    tree = Tree(tmp_path, "/mnt/resctrl")
    mounts = tmp_path / "proc/1/mountinfo"
    mounts.parent.mkdir(parents=True)
    mounts.write_text("30 23 0:26 / /mnt/resctrl rw - resctrl resctrl rw\n")
    assert read_root(Host(str(tmp_path))) == tree.point == "/mnt/resctrl"
    assert read_root(host({"/proc/1/mountinfo": "30 23 0:26 / /sys rw - sysfs sysfs rw\n"})) is None


def test_a_cpu_that_only_controls_has_no_root(tmp_path: Path) -> None:
    (Tree(tmp_path).folder / "info/L3_MON/mon_features").unlink()
    assert read_root(Host(str(tmp_path))) is None


def test_a_group_is_somebodys_if_it_has_just_these_threads(tmp_path: Path) -> None:
    tree, host = Tree(tmp_path), Host(str(tmp_path))
    tree.group("gold", (7, 8, 9), ())
    tree.group("gold/mon_groups/a", (7, 8), ())
    assert list(control_groups(host, tree.point)) == [f"{tree.point}/gold", tree.point]
    assert group_of(host, tree.point, {7, 8}) == f"{tree.point}/gold/mon_groups/a"
    assert group_of(host, tree.point, {7, 8, 9}) == f"{tree.point}/gold"
    assert group_of(host, tree.point, {7}) is None
    assert group_of(host, tree.point, {1, 2}) is None, "the root is nobody's own"
    assert control_of(host, tree.point, {8, 9}) == f"{tree.point}/gold"
    assert control_of(host, tree.point, {2, 9}) == tree.point


def test_threads_are_put_in_a_new_group(tmp_path: Path) -> None:
    tree, host = Tree(tmp_path), Host(str(tmp_path))
    group = f"{tree.point}/mon_groups/new"
    make_group(host, group)
    make_group(host, group)
    add_tasks(host, group, {8, 7})
    assert read_tasks(host, group) == {7, 8}
    (tree.folder / "mon_groups/new/tasks").unlink()
    remove_group(host, group)
    remove_group(host, group)
    assert tree.groups() == []


def test_a_group_that_can_not_be_made_is_an_error(tmp_path: Path) -> None:
    tree, host = Tree(tmp_path), Host(str(tmp_path))
    with pytest.raises(HostError, match="/nothing/mon_groups/a: No such file or directory"):
        make_group(host, f"{tree.point}/nothing/mon_groups/a")
    with pytest.raises(HostError, match="/nothing/tasks: No such file or directory"):
        add_tasks(host, f"{tree.point}/nothing", {7})
