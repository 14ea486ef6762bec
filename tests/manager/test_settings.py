"""The defaults of housekeeping."""

from cadvcli.manager.settings import Settings
from cadvcli.model.clock import SECOND


def test_the_defaults_are_cadvisors() -> None:
    settings = Settings()
    assert settings.housekeeping_interval_ns == SECOND
    assert settings.max_housekeeping_interval_ns == 60 * SECOND
    assert settings.allow_dynamic_housekeeping
    assert settings.storage_duration_ns == 120 * SECOND
    assert settings.global_housekeeping_interval_ns == 60 * SECOND
