"""The screen of ``watch`` as text, and what keys do to it."""

import pytest

from cadvcli.cli import cells
from cadvcli.cli.watch_view import ANEW, QUIT, REDRAW, TABLE, Scene, View
from cadvcli.model.container import MemorySpec
from cadvcli.model.identity import Identity, raw
from cadvcli.model.row import Subject
from tests.model.test_row import cpu, disks, interface, memory, network, pressure, sample, spec

SECOND = 1_000_000_000
WALL = 1_795_458_517 * SECOND
MACHINE = 8 << 30


def container(name, cores, mib, *, rx=0, written=0, group="/docker", **more):
    identity = Identity(runtime="docker", name=name, id=name.ljust(64, "0"), **more)
    before = sample(cpu=cpu(0), network=network(interface("eth0")), diskio=disks({"Write": 0}))
    after = sample(
        101 * SECOND,
        cpu=cpu(int(cores * SECOND), psi=pressure(avg10=cores * 10)),
        memory=memory(usage=mib << 20, working_set=mib << 20, swap=0),
        network=network(interface("eth0", rx)),
        diskio=disks({"Write": written}),
    )
    return Subject(
        identity=identity,
        cgroup=f"{group}/{name}",
        spec=spec(memory=MemorySpec(limit=512 << 20)),
        newest=after,
        previous=before,
        machine_memory_bytes=MACHINE,
    )


def plain(name):
    return Subject(identity=raw(name), cgroup=name, newest=sample(memory=memory(working_set=1 << 30)))


CONTAINERS = [
    container("web", 0.35, 24, rx=5000, image="nginx:1.27"),
    container("db", 1.5, 300, written=4_000_000, image="postgres"),
    container("new", 0, 1, labels={"com.docker.compose.service": "queue"}),
]
SCENE = Scene(CONTAINERS, WALL, MACHINE)
TREE = Scene([plain("/"), plain("/docker"), *CONTAINERS, plain("/system.slice")], WALL, MACHINE)


def new_view(raw=False):
    return View([cells.CELLS[name] for name in TABLE], raw=raw)


def text(view, scene=SCENE, width=120, height=12, message=""):
    return [line.text for line in view.lines(scene, width, height, message)]


def names(view, scene=SCENE, **size):
    """The first words of the table's lines."""
    return [line.rpartition("─ ")[2].split(" ")[0] for line in text(view, scene, **size)[3:-1] if line]


def pressed(view, *keys):
    for key in keys:
        view.press(key)
    return view


@pytest.mark.parametrize(
    ("name", "keys", "scene"),
    [
        ("watch", [], SCENE),
        ("watch-tree", ["t", "a"], TREE),
        ("watch-filter", ["/", *"ngi"], SCENE),
        ("watch-help", ["h"], SCENE),
        ("watch-start", [], None),
    ],
)
def test_a_whole_screen(golden, name, keys, scene):
    view = pressed(new_view(), *keys)
    lines = [line for line in text(view, scene) if "cadvcli watch  " not in line]  # that one has the local time
    golden(f"{name}.txt", "\n".join(lines) + "\n")


def test_the_first_line_sums_up():
    assert text(new_view())[0].startswith("cadvcli watch  3 containers  CPU 185.00%  memory 325MiB (3.97%)  ")


def test_plain_groups_are_summed_up_only_where_there_is_nothing_else():
    assert "memory 325MiB" in text(pressed(new_view(), "a"), TREE)[0]
    alone = Scene([plain("/a")], WALL, MACHINE)
    assert text(new_view(), alone)[0].startswith("cadvcli watch  0 containers  CPU -  memory 1GiB (12.50%)")


@pytest.mark.parametrize(
    ("keys", "order"),
    [
        ([], ["db", "web", "new"]),
        (["r"], ["new", "web", "db"]),
        (["m"], ["db", "web", "new"]),
        (["i"], ["web", "db", "new"]),
        (["b"], ["db", "new", "web"]),
        (["n"], ["db", "new", "web"]),
        (["n", "r"], ["web", "new", "db"]),
    ],
)
def test_keys_sort(keys, order):
    assert names(pressed(new_view(), *keys)) == order


def test_what_is_unknown_stands_behind_both_ways():
    unknown = Subject(identity=Identity(runtime="docker", name="young", id="y"), cgroup="/docker/young")
    scene = Scene([unknown, *CONTAINERS], WALL, MACHINE)
    assert names(new_view(), scene)[-1] == names(pressed(new_view(), "r"), scene)[-1] == "young"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("WEB", ["web"]), ("postgres", ["db"]), ("queue", ["new"]), ("nothing", []), ("e", ["db", "web", "new"])],
)
def test_the_filter_looks_at_name_image_and_service(typed, kept):
    assert names(pressed(new_view(), "/", *typed)) == kept


def test_while_a_filter_is_typed_keys_are_its_letters():
    view = pressed(new_view(), "/", "q", "c", "backspace")
    assert view.filter == "q"
    assert view.press("q") is None
    assert pressed(view, "clear").filter == ""


def test_enter_keeps_the_filter_and_escape_drops_it():
    view = pressed(new_view(), "/", "w", "e", "enter")
    assert (view.editing, view.filter) == (False, "we")
    assert pressed(view, "escape").filter == ""
    assert pressed(view, "/", "x", "escape").filter == ""


def test_keys_that_others_must_act_on_say_so():
    view = new_view()
    assert [view.press(key) for key in ("q", "t", "a", " ", "redraw", "x", "up")] == [
        QUIT, ANEW, ANEW, ANEW, REDRAW, None, None]  # fmt: skip
    assert (view.tree, view.raw, view.paused) == (True, True, True)


def test_pausing_is_said():
    assert "PAUSED" in text(pressed(new_view(), " "))[1]


def test_any_key_leaves_the_help():
    view = pressed(new_view(), "h")
    assert any("sort by CPU" in line for line in text(view))
    assert view.press("q") is None
    assert names(view) == ["db", "web", "new"]


def test_the_tree_has_the_groups_above_and_the_others_only_when_wanted():
    assert names(pressed(new_view(), "t"), TREE) == ["/", "docker", "db", "new", "web"]
    assert names(pressed(new_view(), "t", "a"), TREE)[-1] == "system.slice"


def test_a_filtered_tree_keeps_what_is_above():
    assert names(pressed(new_view(), "t", "/", "d", "b"), TREE) == ["/", "docker", "db"]


def test_a_long_list_is_moved_through_and_never_past_its_end():
    scene = Scene([container(f"c{number:02}", 0, 1) for number in range(30)], WALL, MACHINE)
    view = pressed(new_view(), "n")
    assert names(view, scene, height=10) == [f"c{n:02}" for n in range(6)]
    assert names(pressed(view, "down"), scene, height=10)[0] == "c01"
    assert text(view, scene, height=10)[1].endswith("1 above  23 below")
    assert names(pressed(view, "page down"), scene, height=10)[0] == "c07"
    assert names(pressed(view, "end"), scene, height=10) == [f"c{n:02}" for n in range(24, 30)]
    assert names(pressed(view, "page up"), scene, height=10)[0] == "c18"
    assert names(pressed(view, "home", "up"), scene, height=10)[0] == "c00"


@pytest.mark.parametrize(("width", "height"), [(1, 1), (10, 3), (40, 5), (300, 80)])
def test_no_size_is_too_small_or_too_large(width, height):
    for keys in ([], ["t"], ["h"], ["/"]):
        assert text(pressed(new_view(), *keys), width=width, height=height)


def test_columns_stay_as_wide_as_they_once_were():
    view = new_view()
    title = text(view)[2]
    assert text(view, Scene([container("c", 0, 1)], WALL, MACHINE))[2] == title
    assert text(new_view(), Scene([container("c", 0, 1)], WALL, MACHINE))[2] != title


def test_a_message_takes_the_place_of_the_hints_and_cannot_move_the_cursor():
    assert text(new_view(), message="docker: gone\x1b[2J")[-1] == r"docker: gone\x1b[2J"


def test_hostile_names_cannot_move_the_cursor():
    evil = container("a\n\x1b[2Jb", 0, 1)
    view = pressed(new_view(), "/", "a")
    lines = text(view, Scene([evil], WALL, MACHINE))
    assert not any(set("\n\x1b") & set(line) for line in lines)
