"""A sample as outlets receive it."""

import pytest

from cadvcli.model.sample import Sample
from tests.decoding import decoded


def test_a_sample_never_changes() -> None:
    sample = Sample(wall_ns=1, boot_ns=2, stats=decoded("cpu", 2, {}))
    with pytest.raises(AttributeError):
        sample.wall_ns = 3  # type: ignore[misc]
