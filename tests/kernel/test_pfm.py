"""libpfm4, where it is installed."""

import pytest

from cadvcli.kernel.perf import Attr
from cadvcli.kernel.pfm import encoded, installed


def test_its_names_become_events() -> None:
    if not installed():
        pytest.skip("libpfm4 is not installed")
    assert encoded("PERF_COUNT_SW_CONTEXT_SWITCHES") == Attr(1, 3)
    assert encoded("perf::PERF_COUNT_HW_CACHE_L1D:READ:MISS") == Attr(3, 0x10000)


def test_a_name_that_it_does_not_know_is_none() -> None:
    assert encoded("no such event") is None
