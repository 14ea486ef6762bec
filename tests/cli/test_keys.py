"""What was typed, as names of keys."""

import pytest

from cadvcli.cli.keys import decode


@pytest.mark.parametrize(
    ("typed", "keys"),
    [
        (b"q", ["q"]),
        (b"cm/", ["c", "m", "/"]),
        ("é€".encode(), ["é", "€"]),
        (b"\x1b", ["escape"]),
        (b"\x1b[A\x1bOB", ["up", "down"]),
        (b"\x1b[5~\x1b[6~x", ["page up", "page down", "x"]),
        (b"\x1b[H\x1b[4~", ["home", "end"]),
        (b"\r\x7f\x08\x15\x0c", ["enter", "backspace", "backspace", "clear", "redraw"]),
        (b"\x04", ["q"]),
        (b"\x1b[1;5Aq", ["q"]),
        (b"\x1b[?1;2cq", ["q"]),
        (b"\x1bx", []),
        (b"\x00\x01\xff", []),
        (b"", []),
    ],
)
def test_keys_have_names_and_what_nobody_knows_is_left_out(typed, keys):
    assert decode(typed) == keys
