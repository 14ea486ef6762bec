"""A strict reader of the Prometheus text format 0.0.4, written from its grammar, apart from what writes it."""

import re
from typing import NamedTuple

Labels = frozenset[tuple[str, str]]

_SAMPLE = re.compile(r'([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{((?:[^"}]|"(?:\\.|[^"\\])*")*)\})? (\S+)(?: (-?\d+))?')
_LABEL = re.compile(r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:\\[\\n"]|[^"\\\n])*)"(?:,|$)')
_ESCAPES = {"\\\\": "\\", "\\n": "\n", '\\"': '"'}


class Page(NamedTuple):
    """What a page says: each family's type, and each sample's number by family and labels."""

    types: dict[str, str]
    samples: dict[str, dict[Labels, float]]


def parse(text: str) -> Page:
    """The page; AssertionError where it breaks a rule of the format."""
    types: dict[str, str] = {}
    samples: dict[str, dict[Labels, float]] = {}
    helped = current = ""
    assert text.endswith("\n")
    for line in text[:-1].split("\n"):
        if line.startswith("# HELP "):
            helped = line.split(" ", 3)[2]
        elif line.startswith("# TYPE "):
            current, kind = line.split(" ")[2:]
            assert current == helped, f"{current} has no help"
            assert current not in types, f"{current} comes twice"
            assert not types or current > max(types), f"{current} is out of order"
            types[current] = kind
            samples[current] = {}
        else:
            name, labels, value = _sample(line)
            family = name if types[current] != "summary" else re.sub("_(sum|count)$", "", name)
            assert family == current, f"{name} stands among {current}"
            if name == current:
                assert labels not in samples[name], f"{line} comes twice"
                samples[name][labels] = value
    return Page(types, samples)


def _sample(line: str) -> tuple[str, Labels, float]:
    found = _SAMPLE.fullmatch(line)
    assert found, line
    name, text, value, _ = found.groups()
    pairs = [(key, _unescaped(raw)) for key, raw in _LABEL.findall(text or "")]
    rebuilt = ",".join(f'{key}="{raw}"' for key, raw in _LABEL.findall(text or ""))
    assert rebuilt == (text or ""), line
    assert len(dict(pairs)) == len(pairs), f"{line} has a label twice"
    return name, frozenset(pairs), float(value)


def _unescaped(raw: str) -> str:
    return re.sub(r"\\.", lambda found: _ESCAPES[found[0]], raw)
