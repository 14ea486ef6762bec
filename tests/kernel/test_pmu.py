"""PMUs and their events in ``/sys/bus/event_source/devices``."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadvcli.errors import ParseError
from cadvcli.kernel.perf import Attr
from cadvcli.kernel.pmu import DEVICES, Pmu, parse_format, parse_term, read_event, read_pmus, spread

IMC = f"{DEVICES}/uncore_imc_0"
FILES = {
    f"{DEVICES}/software/type": "1\n",
    f"{IMC}/type": "14\n",
    f"{IMC}/cpumask": "0,28\n",
    f"{IMC}/events/cas_count_read": "event=0x04,umask=0x03\n",
    f"{IMC}/events/cas_count_read.scale": "6.103515625e-5\n",
    f"{IMC}/format/event": "config:0-7\n",
    f"{IMC}/format/umask": "config:8-15\n",
    f"{IMC}/format/far": "config1:0-3,32-35\n",
    f"{IMC}/format/inv": "config:23\n",
}
PMU = Pmu(name="uncore_imc_0", type=14, cpus=[0, 28])


def test_pmus_are_found_with_their_cpus(host) -> None:
    assert read_pmus(host(FILES)) == [Pmu(name="software", type=1), PMU]


def test_a_machine_without_pmus_has_none(host) -> None:
    assert read_pmus(host({})) == []


@pytest.mark.parametrize(
    ("text", "attr"),
    [
        ("cas_count_read", Attr(14, 0x304)),
        ("event=0x04,umask=0x03,inv", Attr(14, 0x800304)),
        ("config=0x10,config2=7", Attr(14, 16, 0, 7)),
        ("far=0xff", Attr(14, 0, 0xF0000000F)),
        ("nothing", None),
        ("../type", None),
        ("../type=1", None),
        ("other=1", None),
    ],
)
def test_an_event_is_the_terms_of_its_file_at_the_bits_of_their_format(host, text: str, attr: Attr | None) -> None:
    assert read_event(host(FILES), PMU, text) == attr


def test_a_format_tells_a_field_and_bits() -> None:
    assert parse_format(b"config1:0-1,8\n", "x") == ("config1", [0, 1, 8])
    assert spread(0b101, [0, 1, 8]) == 0b100000001
    for text in (b"", b"config", b"config9:1", b"config:64", b"config:5-2", b"config:a"):
        with pytest.raises(ParseError, match=r"^x:1: "):
            parse_format(text, "x")


def test_numbers_have_the_bases_of_c() -> None:
    assert [parse_term(text, "x") for text in ("0x10", "010", "10", "0")] == [16, 8, 10, 0]
    for text in ("", "-1", "08", "1" * 30, "x"):
        with pytest.raises(ParseError):
            parse_term(text, "x")


@given(st.binary(), st.text())
def test_any_bytes_are_a_format_or_a_parse_error(raw: bytes, text: str) -> None:
    with contextlib.suppress(ParseError):
        parse_format(raw, "x")
    with contextlib.suppress(ParseError):
        parse_term(text, "x")
