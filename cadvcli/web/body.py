"""``ContainerInfoRequest``: which samples a v1 request wants, from its body. Read for every method, GET included."""

import json
import re
from typing import Any

from msgspec import Struct

from cadvcli.model.clock import parse_rfc3339
from cadvcli.web.go_json import complaint

_TYPE = "Go struct field ContainerInfoRequest."
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:\d\d)", re.ASCII)
_INTEGER = re.compile(r"-?[0-9]+", re.ASCII)


class ContainerInfoRequest(Struct, frozen=True, kw_only=True):
    """The newest ``num_stats`` samples (-1: all) between two wall-clock times, both inclusive; None is unbounded."""

    num_stats: int = 60
    start_ns: int | None = None
    end_ns: int | None = None


class BadBody(ValueError):
    """The body is no such request; the text is what cAdvisor says then."""


class _Number(str):
    """A JSON number as it was written."""

    __slots__ = ()


class _Object(list[tuple[str, Any]]):
    """The members of a JSON object in their order, repeated ones included."""


def _no_constant(name: str) -> Any:
    raise ValueError(name)


_decoder = json.JSONDecoder(
    object_pairs_hook=_Object, parse_int=_Number, parse_float=_Number, parse_constant=_no_constant
)


def parse_body(raw: bytes) -> ContainerInfoRequest:
    """The request; nothing, blanks and ``null`` are all defaults, what follows the first JSON value is ignored."""
    text = raw.decode("utf-8", "replace").lstrip(" \t\r\n")
    if not text:
        return ContainerInfoRequest()
    try:
        value, _ = _decoder.raw_decode(text)
    except (ValueError, RecursionError):
        raise BadBody(f"unable to decode the json value: {complaint(text)}") from None
    if value is None:
        return ContainerInfoRequest()
    if not isinstance(value, _Object):
        raise _mismatch(value, "Go value of type v1.ContainerInfoRequest")
    # Go matches names in any case, and the last of those that match wins.
    fields = {name.lower(): item for name, item in value if item is not None}
    return ContainerInfoRequest(
        num_stats=_integer(fields["num_stats"], "num_stats") if "num_stats" in fields else 60,
        start_ns=_time(fields["start"]) if "start" in fields else None,
        end_ns=_time(fields["end"]) if "end" in fields else None,
    )


def _integer(value: Any, name: str) -> int:
    if not isinstance(value, _Number) or not _INTEGER.fullmatch(value) or len(value) > 19:
        raise _mismatch(value, f"{_TYPE}{name} of type int")
    return int(value)


def _time(value: Any) -> int | None:
    """Wall-clock nanoseconds; None for the time that Go calls unset, in the year 1."""
    if isinstance(value, _Number) or not isinstance(value, str):
        raise BadBody("unable to decode the json value: Time.UnmarshalJSON: input is not a JSON string")
    found = parse_rfc3339(value.replace(",", ".")) if _TIME.fullmatch(value) else None
    if found is None and not (_TIME.fullmatch(value) and value.startswith("0001-01-01")):
        layout = "2006-01-02T15:04:05Z07:00"
        raise BadBody(f'unable to decode the json value: parsing time "{value}" as "{layout}": '
                      f'cannot parse "{value}" as "2006"')
    return found


def _mismatch(value: Any, wanted: str) -> BadBody:
    if isinstance(value, _Number):
        found = "number" if _INTEGER.fullmatch(value) and len(value) <= 19 else f"number {value}"
    else:
        names = {str: "string", bool: "bool", list: "array", _Object: "object"}
        found = names[type(value)]
    return BadBody(f"unable to decode the json value: json: cannot unmarshal {found} into {wanted}")
