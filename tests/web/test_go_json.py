"""What encoding/json would say; what it says of whole requests is in test_body.py."""

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadvcli.web.go_json import complaint


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "unexpected EOF"),
        ("[1,]", "invalid character ']' looking for beginning of value"),
        ('{"a":1,}', "invalid character '}' looking for beginning of object key string"),
        ("{\u00e9", "invalid character '\\xe9' looking for beginning of object key string"),
        ("-", "unexpected EOF"),
        ("1e+", "unexpected EOF"),
    ],
)
def test_the_first_wrong_character_is_named(text: str, reason: str):
    assert complaint(text) == reason


@given(st.text(alphabet='{}[]:,"\\u0123eE+-.tfnarslue \n', max_size=20))
def test_whatever_json_refuses_gets_one_line(text: str):
    with suppress(ValueError):
        json.loads(text)
        return
    assert complaint(text)
    assert "\n" not in complaint(text)
