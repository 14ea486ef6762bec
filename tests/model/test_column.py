"""How a value is made of what is known; tests/model/test_row.py has the values themselves."""

import pytest

from cadvcli.model.column import Subject, growth, limit, reach, window_ns
from cadvcli.model.container import CpuSpec
from cadvcli.model.identity import raw
from tests.model.test_row import cpu, sample


def test_a_chain_of_attributes_ends_in_a_number_or_nothing():
    spec = CpuSpec(limit=7, max_limit=0, mask="0-3")
    assert reach(spec, ["limit"]) == 7
    assert reach(spec, ["mask"]) is None
    assert reach(None, ["limit"]) is None


@pytest.mark.parametrize(("number", "known"), [(None, None), (0, None), (-1, None), (1, 1), (2**62 - 1, 2**62 - 1)])
def test_a_limit_is_a_positive_number_below_the_kernel_s_unlimited(number, known):
    assert limit(number) == known


def test_growth_and_window_need_two_samples():
    alone = Subject(identity=raw("/a"), newest=sample(cpu=cpu(5)))
    assert growth(alone, lambda stats: stats.cpu.usage.total) is None
    assert window_ns(alone) is None


def test_growth_is_the_difference_and_never_negative():
    def grown(before, after):
        both = Subject(identity=raw("/a"), newest=sample(cpu=cpu(after)), previous=sample(cpu=cpu(before)))
        return growth(both, lambda stats: stats.cpu.usage.total)

    assert (grown(3, 5), grown(5, 5), grown(5, 3), grown(None, 3), grown(3, None)) == (2, 0, None, None, None)
