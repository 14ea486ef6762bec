"""What every engine is to us, and the settings of all of them."""

import pytest

from cadvcli.host import Host
from cadvcli.options import SERVE, options_of
from cadvcli.runtimes import ORDER, Runtime, RuntimeSettings

MADE = [make(Host("/nonexistent"), RuntimeSettings()) for make in ORDER]


def test_settings_and_options_have_the_same_defaults() -> None:
    rows, settings = options_of(SERVE), RuntimeSettings()
    assert (rows["docker"].default, rows["docker_root"].default) == (settings.docker, settings.docker_root)


@pytest.mark.parametrize("runtime", MADE, ids=[runtime.name for runtime in MADE])
def test_an_engine_claims_by_the_path_alone_and_closes_without_having_been_asked(runtime: Runtime) -> None:
    assert runtime.claims("/dev-hugepages.mount") is None
    assert runtime.list() == []
    runtime.close()
    runtime.close()
