"""Query options, and the words with which a bad one is refused."""

import pytest

from cadvcli.web.query import BadOption, Options, parse_options


@pytest.mark.parametrize(
    ("query", "options"),
    [
        (b"", Options(type="name", count=64, recursive=False, max_age_ns=None)),
        (b"type=&count=&max_age=", Options()),
        (b"type=docker&count=-1&recursive=true&max_age=1m", Options(
            type="docker", count=-1, recursive=True, max_age_ns=60_000_000_000
        )),
        (b"count=%2B5&recursive=True", Options(count=5)),
        (b"max_age=0", Options(max_age_ns=0)),
        (b"max_age=-3s", Options(max_age_ns=-3_000_000_000)),
        (b"count=3&count=x", Options(count=3)),
        (b"nonsense=1", Options()),
    ],
)
def test_options_are_read_as_cadvisor_reads_them(query: bytes, options: Options):
    assert parse_options(query) == options


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        (b"type=Docker", "unknown 'type' \"Docker\""),
        (b"type=%0a", "unknown 'type' \"\\n\""),
        (b"count=x", "failed to parse 'count' option: x"),
        (b"count=1.5", "failed to parse 'count' option: 1.5"),
        (b"count=-2", "invalid 'count' option: only -1 and larger values allowed, not -2"),
        (b"max_age=5", "failed to parse 'max_age' option: time: missing unit in duration \"5\""),
        (b"max_age=5d", "failed to parse 'max_age' option: time: unknown unit \"d\" in duration \"5d\""),
        (b"type=x&count=x", "unknown 'type' \"x\""),
    ],
)
def test_a_bad_option_is_refused_in_cadvisors_words(query: bytes, reason: str):
    with pytest.raises(BadOption) as refused:
        parse_options(query)
    assert str(refused.value) == reason
