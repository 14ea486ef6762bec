"""What a text means for an option."""

import pytest

from cadvcli.errors import UsageError
from cadvcli.options import TOP, Option
from cadvcli.values import default_of, parse


def option(kind: str, **fields: object) -> Option:
    return Option("thing", kind, None, "A thing", (TOP,), **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("row", "text", "value"),
    [
        (option("str"), "any text ", "any text "),
        (option("int"), "-12", -12),
        (option("float"), "0.25", 0.25),
        (option("bool"), "Yes", True),
        (option("bool"), "0", False),
        (option("duration"), "1m30s", 90_000_000_000),
        (option("bytes"), "64MiB", 64 * 1024**2),
        (option("choice", choices=("json", "csv")), "csv", "csv"),
        (option("list"), "a, b,,c ", ("a", "b", "c")),
        (option("list"), "", ()),
        (option("list", choices=("cpu", "memory")), "memory,cpu", ("memory", "cpu")),
        (option("int", least="1", most="3"), "3", 3),
        (option("duration", least="100ms"), "0.1", 100_000_000),
    ],
)
def test_text_becomes_a_value(row, text, value):
    assert parse(row, text) == value


@pytest.mark.parametrize(
    ("row", "text", "complaint"),
    [
        (option("int"), "1_000", "'1_000' is not a whole number"),
        (option("int"), "²", "'²' is not a whole number"),
        (option("int"), "9" * 5000, "is not a whole number"),
        (option("float"), "nan", "'nan' is not a number"),
        (option("bool"), "ja", "'ja' is neither true nor false"),
        (option("duration"), "10x", "'10x' is not a duration"),
        (option("bytes"), "64XB", "'64XB' is not a size"),
        (option("choice", choices=("json", "csv")), "jsno", "unknown thing 'jsno': did you mean 'json'?"),
        (option("list", choices=("cpu", "memory")), "cpu,memry", "unknown value 'memry': did you mean 'memory'?"),
        (option("int", least="1"), "0", "'0' is less than 1"),
        (option("int", most="65535"), "65536", "'65536' is more than 65535"),
        (option("duration", least="100ms"), "99ms", "'99ms' is less than 100ms"),
    ],
)
def test_wrong_value_is_a_usage_error(row, text, complaint):
    with pytest.raises(UsageError) as caught:
        parse(row, text)
    assert complaint in str(caught.value)


def test_an_option_without_a_default_is_none_and_a_list_is_empty():
    assert default_of(option("duration")) is None
    assert default_of(option("list")) == ()
    assert default_of(Option("thing", "duration", "1m", "A thing", (TOP,))) == 60_000_000_000
