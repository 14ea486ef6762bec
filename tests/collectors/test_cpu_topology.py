"""Kind ``cpu_topology``."""

from cadvcli.collectors import default_kinds, enabled
from cadvcli.manager.plan import Plan


def test_it_reads_nothing_of_containers_and_is_off_by_default() -> None:
    (kind,) = enabled(["cpu_topology"])
    assert not kind.families
    assert not Plan({"cpu_topology"}, 2).sources
    assert "cpu_topology" not in default_kinds()
