"""What was typed, as names of keys: ``decode(b"q\\x1b[A")`` gives ``["q", "up"]``."""

import re
from collections.abc import Iterator

#: What terminals send for keys that are no characters, by what follows the escape.
_SEQUENCES = {
    "[A": "up", "[B": "down", "[C": "right", "[D": "left", "OA": "up", "OB": "down", "OC": "right", "OD": "left",
    "[H": "home", "[F": "end", "OH": "home", "OF": "end", "[1~": "home", "[4~": "end", "[7~": "home", "[8~": "end",
    "[5~": "page up", "[6~": "page down", "[3~": "delete", "OP": "f1", "[11~": "f1", "[[A": "f1",
}  # fmt: skip
_CONTROLS = {"\r": "enter", "\n": "enter", "\t": "tab", "\x7f": "backspace", "\x08": "backspace", "\x0c": "redraw",
             "\x15": "clear", "\x04": "q"}  # fmt: skip
#: A sequence that begins with an escape: CSI, SS3, or Alt with a key.
_ESCAPED = re.compile(r"\x1b(\[\[?[0-9;?]*[ -/]*[@-~]|O.|.)?", re.DOTALL)


def decode(typed: bytes) -> list[str]:
    """The keys in order. Sequences that nobody here knows are left out; a lone escape is ``escape``."""
    return list(_keys(typed.decode("utf-8", "ignore")))


def _keys(text: str) -> Iterator[str]:
    at = 0
    while at < len(text):
        character = text[at]
        at += 1
        if character == "\x1b":
            found = _ESCAPED.match(text, at - 1)
            rest = found[1] if found else None
            at += len(rest or "")
            if rest is None:
                yield "escape"
            elif rest in _SEQUENCES:
                yield _SEQUENCES[rest]
        elif character in _CONTROLS:
            yield _CONTROLS[character]
        elif character.isprintable():
            yield character
