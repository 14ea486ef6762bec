"""Hostile text is harmless on every way out."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct

from cadvcli.text import encode_json, printable, well_formed

ANY_TEXT = st.binary().map(lambda raw: raw.decode("utf-8", "surrogateescape"))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("web-1", "web-1"),
        ("grüße 容器 🐳", "grüße 容器 🐳"),
        ("two\nlines\r\n", "two\\nlines\\r\\n"),
        ("a\tb", "a\\tb"),
        ("\x1b[31mred", "\\x1b[31mred"),
        ("\x7f\x00", "\\x7f\\x00"),
        ("\x9b2J", "\\x9b2J"),
        ("\u202egnp", "\\u202egnp"),
        ("\u2028", "\\u2028"),
        (b"caf\xe9".decode("utf-8", "surrogateescape"), "caf\\xe9"),
        ("quote\"s and \\ stay", "quote\"s and \\ stay"),
    ],
)
def test_a_terminal_obeys_nothing(text, shown):
    assert printable(text) == shown


@given(ANY_TEXT)
def test_printable_text_is_one_line_of_utf8(text):
    shown = printable(text)
    assert shown.isprintable()
    shown.encode()


def test_a_bad_byte_is_the_replacement_character_for_programs():
    assert well_formed("caf\udce9") == "caf\ufffd"
    assert encode_json({"name": "caf\udce9"}) == '{"name":"caf\ufffd"}'.encode()


def test_json_of_a_struct_with_bad_bytes_keeps_its_shape():
    class Label(Struct, omit_defaults=True):
        name: str
        value: str = ""

    assert encode_json([Label("\udcff", "x"), Label("b")]) == '[{"name":"\ufffd","value":"x"},{"name":"b"}]'.encode()
    assert encode_json({"\udcff": 1.5, "none": None, "list": ("\udcff", True)}) == (
        '{"\ufffd":1.5,"none":null,"list":["\ufffd",true]}'.encode()
    )


@pytest.mark.parametrize("mark", ["\x7f", "\x80", "\x9b", "\u200b", "\u200f", "\u2028", "\u202e", "\u2066", "\ufeff"])
def test_json_escapes_what_a_terminal_would_obey(mark):
    encoded = encode_json({"name": f"a{mark}b"})
    assert encoded == f'{{"name":"a\\u{ord(mark):04x}b"}}'.encode()
    assert json.loads(encoded) == {"name": f"a{mark}b"}


@given(st.text())
def test_json_reads_back(text):
    assert json.loads(encode_json([text])) == [text]


@given(ANY_TEXT)
def test_json_shows_a_terminal_no_control_character(text):
    shown = encode_json([text]).decode()
    assert not [character for character in shown if ord(character) < 32 or 127 <= ord(character) < 160]
