"""The cgroup tree as lines that a table can hold."""

from collections.abc import Iterable


def ancestors(name: str) -> list[str]:
    """The groups above one, from the root down: ``/`` and ``/docker`` of ``/docker/3f2a``."""
    parts = name.strip("/").split("/")
    above = ["/" + "/".join(parts[:depth]) for depth in range(len(parts))]
    return above if name != "/" else []


def branches(names: Iterable[str]) -> list[tuple[str, str]]:
    """Each group with the twigs to draw before it, in the order of the tree. Each one's parent must be among them."""
    children: dict[str, list[str]] = {}
    every = sorted(set(names), key=lambda name: name.strip("/").split("/") if name != "/" else [])
    for name in every:
        if name != "/":
            children.setdefault(name.rpartition("/")[0] or "/", []).append(name)
    lines = []
    waiting = [("/", "", "")] if "/" in every else []
    while waiting:
        name, twig, below = waiting.pop()
        lines.append((twig, name))
        last = len(children.get(name, ())) - 1
        for at, child in reversed(list(enumerate(children.get(name, ())))):
            waiting.append((child, below + ("└─ " if at == last else "├─ "), below + ("   " if at == last else "│  ")))
    return lines
