"""Go's texts, byte for byte."""

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadvcli.text import well_formed
from cadvcli.web.go import clean_path, encode, parse_duration, parse_int, parse_query, quoted, unescaped

hostile = st.text(alphabet='ab<>&"\\/\0\x1f\x7f\n\u2028\u2029é☃\U0001f600\udcff\ud800', max_size=12)


class Pair(msgspec.Struct):
    """Something with fields in an order of its own."""

    b: str
    a: dict[str, int]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("<b>&", rb'"\u003cb\u003e\u0026"'),
        ("a\u2028\u2029", rb'"a\u2028\u2029"'),
        ("\b\f\n\r\t\x01\x7f/'", b'"\\b\\f\\n\\r\\t\\u0001\x7f/\'"'),
        ({"b": 1, "a": 2, "B": 3}, b'{"B":3,"a":2,"b":1}'),
        (Pair("x", {"b": 1, "a": 2}), b'{"b":"x","a":{"a":2,"b":1}}'),
        (18446744073709551615, b"18446744073709551615"),
        ("a\udcff", '"a\ufffd"'.encode()),
        ({"\udcff": ["\udcff"]}, '{"\ufffd":["\ufffd"]}'.encode()),
    ],
)
def test_json_is_written_as_encoding_json_writes_it(value: object, text: bytes):
    assert encode(value) == text


@given(st.dictionaries(hostile.map(well_formed), hostile | st.lists(hostile)))
def test_any_json_reads_back(value: dict[str, object]):
    def clean(item: object) -> object:
        return [well_formed(part) for part in item] if isinstance(item, list) else well_formed(str(item))

    assert json.loads(encode(value)) == {well_formed(key): clean(item) for key, item in value.items()}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("/a b", '"/a b"'),
        ('a"b\\c', '"a\\"b\\\\c"'),
        ("\n\t\a\x01\x7f", '"\\n\\t\\a\\x01\\x7f"'),
        ("é\u2028\udcff", '"é\\u2028\\xff"'),
        ("\U000e0001", '"\\U000e0001"'),
    ],
)
def test_names_are_quoted_as_percent_q(text: str, shown: str):
    assert quoted(text) == shown


@pytest.mark.parametrize(
    ("text", "ns"),
    [
        ("5s", 5 * 10**9),
        ("1h2m3s", 3723 * 10**9),
        ("100ms", 10**8),
        (".5s", 5 * 10**8),
        ("1.5h", 5400 * 10**9),
        ("-3s", -3 * 10**9),
        ("+3s", 3 * 10**9),
        ("0", 0),
        ("-0", 0),
        ("1us2µs3ns", 3003),
    ],
)
def test_durations_are_gos(text: str, ns: int):
    assert parse_duration(text) == ns


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("5", 'time: missing unit in duration "5"'),
        ("1d", 'time: unknown unit "d" in duration "1d"'),
        ("x", 'time: invalid duration "x"'),
        ("", 'time: invalid duration ""'),
        ("--5s", 'time: invalid duration "--5s"'),
        (".s", 'time: invalid duration ".s"'),
        ("9" * 5000 + "h", f'time: invalid duration "{"9" * 5000}h"'),
        ("3000000h", 'time: invalid duration "3000000h"'),
    ],
)
def test_bad_durations_are_refused_in_gos_words(text: str, reason: str):
    with pytest.raises(ValueError, match="time: ") as refused:
        parse_duration(text)
    assert str(refused.value) == reason


@pytest.mark.parametrize("text", ["", "x", "1.5", "1_0", " 1", "٣", "9223372036854775808", "0x1"])
def test_what_is_no_integer_is_refused(text: str):
    with pytest.raises(ValueError, match="not an integer"):
        parse_int(text)


def test_signs_and_leading_zeros_are_integers():
    assert [parse_int(text) for text in ("+5", "-1", "007")] == [5, -1, 7]


def test_the_first_value_of_a_parameter_counts_and_malformed_pairs_do_not():
    assert parse_query(b"a=1&a=2&b=%zz&c=%2Fx+y&d;e=1&=f&g") == {"a": "1", "c": "/x y", "": "f", "g": ""}


def test_a_path_keeps_its_plus_and_its_bytes():
    assert unescaped(b"/a%2Fb+c/%ff") == "/a/b+c/\udcff"


@pytest.mark.parametrize(
    ("path", "cleaned"),
    [("/", "/"), ("//a//b", "/a/b"), ("/a/./b/../c/", "/a/c/"), ("/..", "/"), ("/a/", "/a/"), ("///", "/")],
)
def test_paths_are_cleaned_and_keep_a_slash_at_the_end(path: str, cleaned: str):
    assert clean_path(path) == cleaned
