"""Why encoding/json would refuse a body, in its own words: clients parse them.

https://pkg.go.dev/encoding/json#SyntaxError. Only bodies that are refused already come here, so speed is no matter.
"""

import re

_SPACE = " \t\r\n"
_ESCAPED = '"\\/bfnrt'
_DIGITS = "0123456789"
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")


class _Syntax(Exception):
    """What is wrong with the text."""


def complaint(text: str) -> str:
    """Go's words for the first thing in ``text`` that is no JSON; ``unexpected EOF`` if it just ends too early."""
    try:
        _Scanner(text).value()
    except _Syntax as error:
        return str(error)
    except RecursionError:
        return "exceeded max depth"
    return "unexpected EOF"


class _Scanner:
    """Walks one JSON value and stops at the first character that can't be there."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    def value(self) -> None:
        """One value of any kind."""
        char = self._visible()
        if char == "{":
            self._object()
        elif char == "[":
            self._array()
        elif char == '"':
            self._string()
        elif char in "-" + _DIGITS:
            self._number()
        elif char in "tfn":
            self._literal({"t": "true", "f": "false", "n": "null"}[char])
        else:
            raise self._refused("looking for beginning of value")

    def _object(self) -> None:
        self._at += 1
        if self._visible() == "}":
            self._at += 1
            return
        while True:
            if self._visible() != '"':
                raise self._refused("looking for beginning of object key string")
            self._string()
            if self._visible() != ":":
                raise self._refused("after object key")
            self._at += 1
            self.value()
            if self._end("}", "after object key:value pair"):
                return

    def _array(self) -> None:
        self._at += 1
        if self._visible() == "]":
            self._at += 1
            return
        while True:
            self.value()
            if self._end("]", "after array element"):
                return

    def _end(self, closing: str, where: str) -> bool:
        """Whether the list ends here; else steps over its comma."""
        char = self._visible()
        if char not in "," + closing:
            raise self._refused(where)
        self._at += 1
        return char == closing

    def _string(self) -> None:
        self._at += 1
        while (char := self._char()) != '"':
            if char < " ":
                raise self._refused("in string literal")
            self._at += 1
            if char == "\\":
                self._escape()
        self._at += 1

    def _escape(self) -> None:
        char = self._char()
        if char not in _ESCAPED + "u":
            raise self._refused("in string escape code")
        self._at += 1
        for _ in range(4 if char == "u" else 0):
            if self._char() not in _DIGITS + "abcdefABCDEF":
                raise self._refused("in \\u hexadecimal character escape")
            self._at += 1

    def _number(self) -> None:
        found = _NUMBER.match(self._text, self._at)
        if found is None:
            self._at += 1
            self._char()
            raise self._refused("in numeric literal")
        self._at = found.end()
        rest = self._text[self._at : self._at + 1]
        if rest == "." and "." not in found[0] and "e" not in found[0].lower():
            self._at += 1
            self._char()
            raise self._refused("after decimal point in numeric literal")
        if rest in ("e", "E") and "e" not in found[0].lower():
            self._at += 1
            if self._char() in "+-":
                self._at += 1
                self._char()
            raise self._refused("in exponent of numeric literal")

    def _literal(self, word: str) -> None:
        for expected in word:
            if self._char() != expected:
                raise self._refused(f"in literal {word} (expecting '{expected}')")
            self._at += 1

    def _visible(self) -> str:
        while self._char() in _SPACE:
            self._at += 1
        return self._char()

    def _char(self) -> str:
        if self._at >= len(self._text):
            raise _Syntax("unexpected EOF")
        return self._text[self._at]

    def _refused(self, where: str) -> _Syntax:
        char = self._text[self._at]
        shown = {"'": "\\'", '"': '"'}.get(char) or char.encode("unicode_escape").decode()
        return _Syntax(f"invalid character '{shown}' {where}")
