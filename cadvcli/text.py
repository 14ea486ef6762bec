"""Text that came from outside, made safe to show: names, labels and paths may hold any bytes but NUL.

Inside the program text is str with surrogateescape. On its way out it passes one of these: ``printable`` where a
person reads a line, ``well_formed`` or ``encode_json`` where a program reads UTF-8.
"""

import re
from typing import Any

_SURROGATE = re.compile("[\ud800-\udfff]")
# A terminal obeys DEL, C1 (U+009B begins an escape sequence) and the bidirectional controls, which JSON leaves as is.
_OBEYED = re.compile(rb"\x7f|\xc2[\x80-\x9f]|\xe2\x80[\x8b-\x8f\xa8-\xae]|\xe2\x81[\xa0-\xaf]|\xef\xbb\xbf")


def printable(text: str) -> str:
    r"""Text on one line without what a terminal might obey: ``\n``, ``\x1b``, ``\u202e``; ``\xff`` is a bad byte."""
    if text.isprintable():
        return text
    return "".join(character if character.isprintable() else _escaped(character) for character in text)


def _escaped(character: str) -> str:
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:  # surrogateescape: a byte that is no UTF-8
        return f"\\x{code - 0xDC00:02x}"
    return character.encode("unicode_escape").decode()


def well_formed(text: str) -> str:
    """Text that UTF-8 can encode: each byte that was none is U+FFFD, as Go's encoders have it."""
    return text if text.isascii() else _SURROGATE.sub("\ufffd", text)


def encode_json(value: Any) -> bytes:
    """JSON on one line, for people's terminals too: bad bytes are U+FFFD, and what a terminal would obey is escaped."""
    import msgspec

    try:
        encoded = msgspec.json.encode(value)
    except UnicodeEncodeError:
        encoded = msgspec.json.encode(all_well_formed(msgspec.to_builtins(value)))
    return _OBEYED.sub(lambda found: f"\\u{ord(found[0].decode()):04x}".encode(), encoded)


def all_well_formed(value: Any) -> Any:
    """The same value of dicts, lists and scalars with each text well formed."""
    if isinstance(value, str):
        return well_formed(value)
    if isinstance(value, dict):
        return {all_well_formed(key): all_well_formed(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [all_well_formed(item) for item in value]
    return value
