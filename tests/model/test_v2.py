"""What v2 makes of v1's samples, by pairs that cAdvisor's own code gave."""

import pytest
from msgspec.structs import asdict

from cadvcli.model.stats import CpuUsage
from cadvcli.model.v2 import cpu_inst

SECOND = 1_000_000_000


def usage(total: int | None, user: int = 0, system: int = 0, each: tuple[int, ...] = ()) -> CpuUsage:
    return CpuUsage(total=total, per_cpu_usage=list(each), user=user, system=system)


@pytest.mark.parametrize(
    ("elapsed_ns", "before", "after", "rates"),
    [
        (SECOND, usage(300, 250, 50, (100, 200)), usage(500, 400, 100, (200, 300)), usage(200, 150, 50, (100, 100))),
        (2 * SECOND, usage(300, 250, 50, (100, 200)), usage(500, 400, 100, (200, 300)), usage(100, 75, 25, (50, 50))),
        (1_000_700_123, usage(123456789, 1000, 7), usage(987654321, 55555, 8), usage(863592910, 54516, 0)),
        (300_000_000, usage(0), usage(100000001), usage(333333336)),
        (SECOND, usage(None), usage(7), usage(7)),
    ],
)
def test_rates_are_divided_first_and_then_multiplied(
    elapsed_ns: int, before: CpuUsage, after: CpuUsage, rates: CpuUsage
):
    found = cpu_inst(before, after, elapsed_ns)
    assert found is not None
    assert asdict(found.usage) == asdict(rates)


@pytest.mark.parametrize(
    ("elapsed_ns", "before", "after"),
    [
        (0, usage(0), usage(0)),
        (-SECOND, usage(0), usage(0)),
        (SECOND, usage(0, each=(1,)), usage(0, each=(1, 2))),
        (SECOND, usage(5), usage(4)),
        (SECOND, usage(5, 9), usage(6, 8)),
    ],
)
def test_a_pair_that_can_not_be_compared_has_no_rates(elapsed_ns: int, before: CpuUsage, after: CpuUsage):
    assert cpu_inst(before, after, elapsed_ns) is None
