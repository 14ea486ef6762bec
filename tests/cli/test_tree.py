"""The cgroup tree as lines."""

from cadvcli.cli.tree import ancestors, branches


def test_ancestors_run_from_the_root_down():
    assert ancestors("/a/b/c") == ["/", "/a", "/a/b"]
    assert ancestors("/a") == ["/"]
    assert ancestors("/") == []


def test_twigs_tell_the_last_child_from_the_others():
    names = ["/", "/a", "/a/x", "/a/x/deep", "/a/y", "/b"]
    assert [twig + name for twig, name in branches(names)] == [
        "/",
        "├─ /a",
        "│  ├─ /a/x",
        "│  │  └─ /a/x/deep",
        "│  └─ /a/y",
        "└─ /b",
    ]


def test_children_stand_below_their_parent_whatever_sorts_between():
    assert [name for _, name in branches(["/", "/a", "/a-b", "/a/x"])] == ["/", "/a", "/a/x", "/a-b"]


def test_no_groups_are_no_lines():
    assert branches([]) == []
