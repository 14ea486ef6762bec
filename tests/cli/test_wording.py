"""Docker's words and units, digit for digit."""

import pytest

from cadvcli.cli.wording import (
    Life,
    PublishedPort,
    duration,
    iec,
    local_time,
    pair,
    percent,
    port_list,
    si,
    si_rate,
    status,
)

S = 1_000_000_000
MINUTE, HOUR, DAY = 60 * S, 3600 * S, 86400 * S


@pytest.mark.parametrize(
    ("elapsed_ns", "text"),
    [
        (-5 * S, "Less than a second"),
        (S - 1, "Less than a second"),
        (S, "1 second"),
        (2 * S - 1, "1 second"),
        (2 * S, "2 seconds"),
        (59 * S, "59 seconds"),
        (MINUTE, "About a minute"),
        (2 * MINUTE - 1, "About a minute"),
        (46 * MINUTE, "46 minutes"),
        (59 * MINUTE + 59 * S, "59 minutes"),
        (HOUR, "About an hour"),
        (HOUR + 29 * MINUTE, "About an hour"),
        (HOUR + 30 * MINUTE, "2 hours"),
        (3 * HOUR, "3 hours"),
        (47 * HOUR, "47 hours"),
        (48 * HOUR, "2 days"),
        (13 * DAY, "13 days"),
        (14 * DAY, "2 weeks"),
        (21 * DAY, "3 weeks"),
        (59 * DAY, "8 weeks"),
        (60 * DAY, "2 months"),
        (120 * DAY, "4 months"),
        (729 * DAY, "24 months"),
        (730 * DAY, "2 years"),
        (1100 * DAY, "3 years"),
    ],
)
def test_durations_are_docker_s(elapsed_ns, text):
    assert duration(elapsed_ns) == text


@pytest.mark.parametrize(
    ("size_bytes", "text"),
    [
        (None, "-"),
        (0, "0B"),
        (1023, "1023B"),
        (1024, "1KiB"),
        (1536, "1.5KiB"),
        (25_770_000, "24.58MiB"),
        (1024**2 - 1, "1MiB"),
        (16 * 1024**3, "16GiB"),
        (2**63, "8EiB"),
    ],
)
def test_memory_has_four_digits_of_powers_of_1024(size_bytes, text):
    assert iec(size_bytes) == text


@pytest.mark.parametrize(
    ("size_bytes", "text"),
    [(None, "-"), (0, "0B"), (999, "999B"), (1000, "1kB"), (1236, "1.24kB"), (999_999, "1MB"), (45_600_000, "45.6MB")],
)
def test_traffic_has_three_digits_of_powers_of_1000(size_bytes, text):
    assert si(size_bytes) == text


def test_unknown_numbers_are_a_dash():
    assert (percent(None), si_rate(None), local_time(None), pair("-", "-")) == ("-", "-", "-", "-")


def test_one_unknown_of_a_pair_keeps_the_other():
    assert pair("1kB", "-") == "1kB / -"


def test_ratios_are_percent_with_two_digits():
    assert percent(3.49996) == "350.00%"


NOW = 1_000 * DAY


@pytest.mark.parametrize(
    ("life", "text"),
    [
        ({"state": "running", "started_ns": NOW - 3 * HOUR, "health": "healthy"}, "Up 3 hours (healthy)"),
        ({"state": "running", "started_ns": NOW - 3 * S, "health": "starting"}, "Up 3 seconds (health: starting)"),
        ({"state": "running", "started_ns": NOW - 3 * S, "health": "none"}, "Up 3 seconds"),
        ({"state": "running"}, "Up"),
        ({"state": "paused", "started_ns": NOW - 5 * MINUTE, "health": "healthy"}, "Up 5 minutes (Paused)"),
        ({"state": "exited", "finished_ns": NOW - 2 * MINUTE, "exit_code": 137}, "Exited (137) 2 minutes ago"),
        ({"state": "exited"}, "Exited"),
        ({"state": "restarting", "finished_ns": NOW - 3 * S, "exit_code": 1}, "Restarting (1) 3 seconds ago"),
        ({"state": "created"}, "Created"),
        ({"state": "dead"}, "Dead"),
        ({"state": "removing"}, "Removal In Progress"),
        ({"state": None}, "-"),
    ],
)
def test_status_is_docker_s(life, text):
    assert status(Life(**life), NOW) == text


@pytest.mark.parametrize(
    ("ports", "text"),
    [
        ([], "-"),
        ([(80, "0.0.0.0", 8080, "tcp"), (80, "::", 8080, "tcp")], "0.0.0.0:8080->80/tcp, [::]:8080->80/tcp"),
        ([(443, "", 0, "tcp"), (80, "", 0, "tcp")], "80/tcp, 443/tcp"),
        ([(8001, "::1", 8001, "tcp"), (8000, "::1", 8000, "tcp")], "[::1]:8000-8001->8000-8001/tcp"),
        ([(53, "", 0, "udp"), (53, "", 53, "udp")], "53/udp, 0.0.0.0:53->53/udp"),
        ([(1, "", 0, "tcp"), (2, "", 0, "tcp"), (9, "", 0, "tcp")], "1-2/tcp, 9/tcp"),
    ],
)
def test_ports_are_docker_s(ports, text):
    assert port_list(PublishedPort(*port) for port in ports) == text
