"""What a text means for an option: from a command line, the environment, a config file or the row's own default.

As a command sees them, durations are int nanoseconds, bytes int, lists tuples of str.
"""

import re
from typing import Any

from cadvcli.errors import UsageError, unknown
from cadvcli.options import Option
from cadvcli.units import parse_bytes, parse_duration


def parse(option: Option, text: str) -> Any:
    """The value that ``text``, from a command line or the environment, has for this option.

    Raises UsageError that says what is wrong with the value; the caller names the place it came from.
    """
    value = _parsed(option, text)
    if option.least is not None and value < _parsed(option, option.least):
        raise UsageError(f"'{text}' is less than {option.least}")
    if option.most is not None and value > _parsed(option, option.most):
        raise UsageError(f"'{text}' is more than {option.most}")
    return value


def default_of(option: Option) -> Any:
    """The value of an option that nobody set: None, or the empty tuple for a list, where the row has no default."""
    if option.default is None:
        return () if option.kind == "list" else None
    return parse(option, option.default)


def _parsed(option: Option, text: str) -> Any:
    match option.kind:
        case "duration":
            return parse_duration(text)
        case "bytes":
            return parse_bytes(text)
        case "choice":
            return _one_of(option.choices, text, option.name.replace("_", " "))
        case "list":
            words = tuple(word for word in (part.strip() for part in text.split(",")) if word)
            return tuple(_one_of(option.choices, word, "value") for word in words) if option.choices else words
        case "bool":
            return _parse_bool(text)
        case "int" | "count":
            return _parse_int(text)
        case "float":
            return _parse_float(text)
        case "str":
            return text


def _one_of(choices: tuple[str, ...], word: str, kind: str) -> str:
    if word not in choices:
        raise unknown(kind, word, choices)
    return word


def _parse_bool(text: str) -> bool:
    word = text.strip().lower()
    if word in ("1", "true", "yes", "on"):
        return True
    if word in ("0", "false", "no", "off"):
        return False
    raise UsageError(f"'{text}' is neither true nor false")


def _parse_int(text: str) -> int:
    # int() would take "1_000", " 7 " and other alphabets' digits too, and limits itself to 4,300 digits.
    if not re.fullmatch(r"-?[0-9]{1,18}", text):
        raise UsageError(f"'{text}' is not a whole number")
    return int(text)


def _parse_float(text: str) -> float:
    if not re.fullmatch(r"-?[0-9]{1,18}(\.[0-9]{0,18})?", text):
        raise UsageError(f"'{text}' is not a number")
    return float(text)
