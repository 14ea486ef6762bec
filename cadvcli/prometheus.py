"""``Family``: a metric family of /metrics as data, and the Prometheus text format 0.0.4.

https://prometheus.io/docs/instrumenting/exposition_formats/

Rendering is the hot path of a scrape: 1,000 containers make 50,000 lines. A container's labels are escaped once and
kept as a ``Block``; a family asks each container for its number and writes the lines in one go.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Generic, Literal, NamedTuple, TypeAlias, TypeVar

import msgspec
from msgspec import Struct

from cadvcli.model.container import ContainerSpec
from cadvcli.model.stats import ContainerStats
from cadvcli.text import well_formed

T = TypeVar("T")

Number: TypeAlias = int | float | None
#: The samples of a family with labels of its own: the labels' values, and the number.
Rows: TypeAlias = Iterable[tuple[tuple[str, ...], Number]]

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8; escaping=underscores"


class Metric(Struct, Generic[T], frozen=True, kw_only=True):
    """One family that is asked of each subject: a sample, a spec, the machine.

    ``value`` gives the number, or None for no sample. With ``labels`` of its own, ``rows`` gives a number for each
    combination of their values instead. Divide integers by 1e9 or 1e6, never multiply by the inverse: the last digit
    differs.
    """

    name: str
    type: Literal["counter", "gauge"]
    help: str
    value: Callable[[T], Number] | None = None
    labels: tuple[str, ...] = ()
    rows: Callable[[T], Rows] | None = None


class Family(Metric[ContainerStats], frozen=True, kw_only=True):
    """One family that a collector gives of each container. ``when`` says which containers have it at all."""

    when: Callable[[ContainerSpec], bool] | None = None


def counter(name: str, text: str, value: Callable[[ContainerStats], Number]) -> Family:
    """A counter without labels of its own."""
    return Family(name=name, type="counter", help=text, value=value)


def gauge(name: str, text: str, value: Callable[[ContainerStats], Number]) -> Family:
    """A gauge without labels of its own."""
    return Family(name=name, type="gauge", help=text, value=value)


class Block(NamedTuple):
    """The labels that all lines of one subject share, as they stand in a line."""

    alone: str  #: ``{id="/a"} ``: follows the name where the family has no labels of its own
    after: str  #: ``,id="/a"} ``: follows the family's own labels


def block(labels: Mapping[str, str]) -> Block:
    """The block of these labels; names must be valid, values may be anything."""
    if not labels:
        return Block(" ", "} ")
    text = ",".join([f'{name}="{escaped(value)}"' for name, value in sorted(labels.items())])
    return Block("{" + text + "} ", "," + text + "} ")


def escaped(value: str) -> str:
    """A label value as it stands between its quotes; what is no Unicode becomes U+FFFD."""
    if value.isalnum():
        return value
    value = value.replace("\\", "\\\\").replace("\n", "\\n").replace('"', '\\"')
    return well_formed(value)


_UNSAFE = re.compile(r"[^a-zA-Z0-9_]")


def label_name(raw: str) -> str:
    """``container_label_a.b`` as a label name: each character outside [a-zA-Z0-9_] becomes one ``_``."""
    return _UNSAFE.sub("_", raw)


def lines(metric: Metric[T], subjects: Iterable[T], blocks: Sequence[Block]) -> list[str]:
    """The family's lines for these subjects, each with its block; no header."""
    name, value, rows = metric.name, metric.value, metric.rows
    if value is not None:
        texts = _texts(list(map(value, subjects)))
        return [f"{name}{labels}{text}\n" for (labels, _), text in zip(blocks, texts, strict=True) if text != ABSENT]
    if rows is None:
        return []
    own = _own_labels(metric.labels)
    found = [
        (labels, row) for (_, labels), samples in zip(blocks, map(rows, subjects), strict=True) for row in samples
    ]
    texts = _texts([row[1] for _, row in found])
    return [
        f"{name}{own[row[0]]}{labels}{text}\n"
        for (labels, row), text in zip(found, texts, strict=True)
        if text != ABSENT
    ]


#: What stands for a number that isn't there, NaN and infinity included.
ABSENT = "null"


def _texts(numbers: list[Number]) -> list[str]:
    """Each number with as many digits as it takes to read it back. JSON's are Prometheus' too.

    msgspec writes them in one go; ``repr`` of a float takes 0.6 µs, which was half of the time of a page.
    """
    return msgspec.json.encode(numbers).decode()[1:-1].split(",") if numbers else []


class _OwnLabels(dict[tuple[str, ...], str]):
    """``{cpu="cpu00"`` by the values of a family's own labels: what stands before the block. Made when first asked."""

    def __init__(self, names: tuple[str, ...]) -> None:
        super().__init__()
        self._names = names

    def __missing__(self, values: tuple[str, ...]) -> str:
        if len(self) > MOST_OWN_LABELS:
            self.clear()
        pairs = zip(self._names, values, strict=True)
        self[values] = "{" + ",".join([f'{name}="{escaped(value)}"' for name, value in pairs])
        return self[values]


#: Interfaces and devices come and go; a family with more combinations than this makes them anew.
MOST_OWN_LABELS = 4096
_own_labels = cache(_OwnLabels)


def header(metric: Metric[T]) -> str:
    """The two lines before a family's samples."""
    text = metric.help.replace("\\", "\\\\").replace("\n", "\\n")
    return f"# HELP {metric.name} {text}\n# TYPE {metric.name} {metric.type}\n"


def render(metrics: Iterable[Metric[T]], subject: T, labels: Mapping[str, str] = {}) -> str:
    """The families of one subject as text, in byte order of their names; one without samples is left out."""
    blocks = [block(labels)]
    found = ((metric, lines(metric, [subject], blocks)) for metric in sorted(metrics, key=lambda metric: metric.name))
    return "".join([header(metric) + "".join(rows) for metric, rows in found if rows])
