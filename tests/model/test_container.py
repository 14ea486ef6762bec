"""The wire of a container: what cAdvisor wrote is read and written again without a difference."""

import msgspec
import pytest

from cadvcli.model.clock import parse_rfc3339
from cadvcli.model.container import NO_TIME, ContainerInfo
from tests.recorded import NAMES


def ordered(value: object) -> object:
    """The value with the order of its keys, which equality of dicts forgets; Go writes maps sorted."""
    if isinstance(value, dict):
        return [(key, ordered(inner)) for key, inner in value.items()]
    return [ordered(inner) for inner in value] if isinstance(value, list) else value


@pytest.mark.parametrize("name", NAMES)
def test_every_field_of_cadvisors_answer_has_its_place_and_order(answer, name: str) -> None:
    theirs = answer(name, "cadvisor/v1.3-subcontainers-root.json")
    ours = msgspec.to_builtins(msgspec.convert(theirs, list[ContainerInfo], strict=True))
    assert ordered(ours) == ordered(theirs)


def test_a_time_that_was_never_set_is_no_time() -> None:
    assert parse_rfc3339(NO_TIME) is None
