"""Pairs of lines of names and values."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadvcli.errors import ParseError
from cadvcli.kernel.snmp import parse_snmp

TEXT = b"Ip: Forwarding DefaultTTL\nIp: 1 64\nTcp: RtoMin MaxConn\nTcp: 200 -1\n"


def test_counters_by_protocol_and_name() -> None:
    assert parse_snmp(TEXT, "net/snmp") == {
        "Ip": {"Forwarding": 1, "DefaultTTL": 64},
        "Tcp": {"RtoMin": 200, "MaxConn": -1},
    }


@pytest.mark.parametrize(
    "text",
    [
        b"Ip: Forwarding\nIp: 1\nTcp: RtoMin\nTcp: 200 7\n",
        b"Ip: Forwarding\nIp: 1\nTcp: RtoMin\nUdp: 200\n",
        b"Ip: Forwarding\nIp: 1\nTcp: RtoMin\nTcp: many\n",
    ],
)
def test_values_that_do_not_match_their_names_are_told_by_line(text: bytes) -> None:
    with pytest.raises(ParseError, match="net/snmp:4: the values don't match"):
        parse_snmp(text, "net/snmp")


@given(st.binary())
def test_any_bytes_are_counters_or_a_parse_error(text: bytes) -> None:
    with contextlib.suppress(ParseError):
        parse_snmp(text, "x")
