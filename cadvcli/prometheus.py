"""``Family``: a metric family of /metrics as data, and the Prometheus text format 0.0.4.

https://prometheus.io/docs/instrumenting/exposition_formats/
"""

from collections.abc import Callable, Iterable
from typing import Literal, TypeAlias

from msgspec import Struct

from cadvcli.model.container import ContainerSpec
from cadvcli.model.stats import ContainerStats

Number: TypeAlias = int | float | None
#: The samples of a family with labels of its own: the labels' values, and the number.
Rows: TypeAlias = Iterable[tuple[tuple[str, ...], Number]]

NANO = 1e-9
MICRO = 1e-6


class Family(Struct, frozen=True, kw_only=True):
    """One family that a collector gives of each container.

    ``value`` gives the number, or None for no sample. With ``labels`` of its own, ``rows`` gives a number for each
    combination of their values instead. ``when`` says which containers have it at all.
    """

    name: str
    type: Literal["counter", "gauge"]
    help: str
    value: Callable[[ContainerStats], Number] | None = None
    labels: tuple[str, ...] = ()
    rows: Callable[[ContainerStats], Rows] | None = None
    when: Callable[[ContainerSpec], bool] | None = None


def counter(name: str, text: str, value: Callable[[ContainerStats], Number]) -> Family:
    """A counter without labels of its own."""
    return Family(name=name, type="counter", help=text, value=value)


def gauge(name: str, text: str, value: Callable[[ContainerStats], Number]) -> Family:
    """A gauge without labels of its own."""
    return Family(name=name, type="gauge", help=text, value=value)
