"""What Go's standard library does to cAdvisor's answers and questions, where a client can see it.

JSON as encoding/json writes it, ``%q``, time.ParseDuration, net/url's query strings and path.Clean, with the texts of
their errors. https://pkg.go.dev/encoding/json, https://pkg.go.dev/time#ParseDuration
"""

import re
from posixpath import normpath
from typing import Any
from urllib.parse import unquote_to_bytes

import msgspec

from cadvcli.text import all_well_formed

_plain = msgspec.json.Encoder()
#: Go sorts the keys of maps; Structs keep their order.
_sorted = msgspec.json.Encoder(order="deterministic")

_HTML = {b"<": b"\\u003c", b">": b"\\u003e", b"&": b"\\u0026", b"\xe2\x80\xa8": b"\\u2028", b"\xe2\x80\xa9": b"\\u2029"}
_HTML_BYTES = re.compile(b"[<>&]|\xe2\x80[\xa8\xa9]")


def encode(value: Any) -> bytes:
    """The value as JSON: compact, maps sorted, ``<``, ``>``, ``&``, U+2028 and U+2029 as ``\\uXXXX``."""
    try:
        raw = _sorted.encode(value)
    except UnicodeEncodeError:
        raw = _plain.encode(all_well_formed(msgspec.to_builtins(value, order="deterministic")))
    return escaped(raw)


def escaped(raw: bytes) -> bytes:
    """JSON with the characters escaped that would mean something in HTML; they stand in strings only."""
    if b"<" in raw or b">" in raw or b"&" in raw or b"\xe2\x80" in raw:
        return _HTML_BYTES.sub(lambda found: _HTML[found[0]], raw)
    return raw


_SHORT = {"\a": "a", "\b": "b", "\f": "f", "\n": "n", "\r": "r", "\t": "t", "\v": "v", '"': '"', "\\": "\\"}


def quoted(text: str) -> str:
    """The text as ``%q`` writes it: in double quotes, what can't be seen as an escape."""
    return '"' + "".join([c if c.isprintable() and c not in '"\\' else _escape(c) for c in text]) + '"'


def _escape(char: str) -> str:
    code = ord(char)
    if char in _SHORT:
        return "\\" + _SHORT[char]
    if 0xDC80 <= code <= 0xDCFF:  # a byte that was no UTF-8
        return f"\\x{code - 0xDC00:02x}"
    if code < 0x20 or code == 0x7F:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


_UNITS = {"ns": 1, "us": 10**3, "µs": 10**3, "μs": 10**3, "ms": 10**6, "s": 10**9, "m": 60 * 10**9, "h": 3600 * 10**9}
_TERM = re.compile(r"([0-9]*)(?:\.([0-9]*))?([^0-9.]*)")


def parse_duration(text: str) -> int:
    """Nanoseconds of ``1h2m3.5s``, ``-3s`` or ``0``; ValueError with Go's words for anything else."""
    invalid = ValueError(f"time: invalid duration {quoted(text)}")
    rest = text.lstrip("+-") if text[:1] in "+-" and text[1:2] not in "+-" else text
    if rest == "0":
        return 0
    total, at = 0, 0
    while at < len(rest) or not rest:
        found = _TERM.match(rest, at)
        if found is None or not (found[1] or found[2]):
            raise invalid
        whole, fraction, unit = found[1], found[2] or "", found[3]
        if not unit:
            raise ValueError(f"time: missing unit in duration {quoted(text)}")
        if unit not in _UNITS:
            raise ValueError(f"time: unknown unit {quoted(unit)} in duration {quoted(text)}")
        if len(whole.lstrip("0")) > 19:
            raise invalid
        fraction = fraction[:18]
        total += int(whole or "0") * _UNITS[unit] + int(fraction or "0") * _UNITS[unit] // 10 ** len(fraction)
        at = found.end()
        if total >= 1 << 63:
            raise invalid
    return -total if text[0] == "-" else total


def parse_int(text: str) -> int:
    """What strconv.Atoi makes of it; ValueError for what is no decimal 64-bit integer."""
    if not re.fullmatch(r"[+-]?[0-9]{1,30}", text, re.ASCII) or not -(1 << 63) <= int(text) < 1 << 63:
        raise ValueError(f"not an integer: {text}")
    return int(text)


def parse_query(raw: bytes) -> dict[str, str]:
    """The first value of each parameter of a query string; malformed pairs are left out."""
    found: dict[str, str] = {}
    for pair in raw.split(b"&"):
        if pair and b";" not in pair and not re.search(rb"%(?![0-9a-fA-F]{2})", pair):
            name, _, value = (unescaped(part.replace(b"+", b" ")) for part in pair.partition(b"="))
            found.setdefault(name, value)
    return found


def unescaped(raw: bytes) -> str:
    """Part of an URL with its percent signs resolved; ``+`` stays a plus."""
    return unquote_to_bytes(raw).decode("utf-8", "surrogateescape")


def clean_path(path: str) -> str:
    """An absolute path without empty, ``.`` and ``..`` elements; a slash at its end stays."""
    cleaned = normpath("/" + path.lstrip("/"))
    return cleaned + "/" if path.endswith("/") and cleaned != "/" else cleaned
