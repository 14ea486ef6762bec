"""``Sample``: a Reading with its meaning, as outlets receive it. It never changes again."""

from msgspec import Struct

from cadvcli.model.stats import ContainerStats


class Sample(Struct, frozen=True):
    """What one container's kernel files meant at one moment."""

    wall_ns: int  #: wall clock, for output
    boot_ns: int  #: boot-time clock, for rates and ages
    stats: ContainerStats
