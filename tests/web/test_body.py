"""The body of a v1 request, and the words with which a bad one is refused."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadvcli.web.body import BadBody, ContainerInfoRequest, parse_body


@pytest.mark.parametrize("body", ["", " \n\t", "null", " null ", "{}", '{"num_samples": 3}', '{"num_stats": null}'])
def test_without_a_wish_sixty_samples_are_given(body: str):
    assert parse_body(body.encode()) == ContainerInfoRequest(num_stats=60, start_ns=None, end_ns=None)


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        ('{"num_stats": 3}', ContainerInfoRequest(num_stats=3)),
        ('{"Num_Stats": 3}', ContainerInfoRequest(num_stats=3)),
        ('{"num_stats": 3, "num_stats": 4}', ContainerInfoRequest(num_stats=4)),
        ('{"num_stats": -1} trailing', ContainerInfoRequest(num_stats=-1)),
        ('{"num_stats": 0}', ContainerInfoRequest(num_stats=0)),
        ('{"start": "1970-01-01T00:00:01.5Z"}', ContainerInfoRequest(start_ns=1_500_000_000)),
        ('{"end": "1970-01-01T01:00:01+01:00"}', ContainerInfoRequest(end_ns=1_000_000_000)),
        # What cAdvisor's own client sends.
        (
            '{"num_stats":2,"start":"0001-01-01T00:00:00Z","end":"0001-01-01T00:00:00Z"}',
            ContainerInfoRequest(num_stats=2),
        ),
    ],
)
def test_wishes_are_read_as_go_reads_them(body: str, wanted: ContainerInfoRequest):
    assert parse_body(body.encode()) == wanted


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("{", "unexpected EOF"),
        ('{"num_stats"', "unexpected EOF"),
        ('"abc', "unexpected EOF"),
        ("tru", "unexpected EOF"),
        ("{bad", "invalid character 'b' looking for beginning of object key string"),
        ("bad", "invalid character 'b' looking for beginning of value"),
        ("'", "invalid character '\\'' looking for beginning of value"),
        ('{"a" 1}', "invalid character '1' after object key"),
        ('{"a": 1 "', "invalid character '\"' after object key:value pair"),
        ("[1 2]", "invalid character '2' after array element"),
        ('{"a": "\\x"}', "invalid character 'x' in string escape code"),
        ('{"a": "\n"}', "invalid character '\\n' in string literal"),
        ('{"a": "\\u00g0"}', "invalid character 'g' in \\u hexadecimal character escape"),
        ("trux", "invalid character 'x' in literal true (expecting 'e')"),
        ("NaN", "invalid character 'N' looking for beginning of value"),
        ("-x", "invalid character 'x' in numeric literal"),
        ('{"a": 1.x}', "invalid character 'x' after decimal point in numeric literal"),
        ('{"a": 1ex}', "invalid character 'x' in exponent of numeric literal"),
        ("[" * 100_000, "exceeded max depth"),
        (
            '{"num_stats": "3"}',
            "json: cannot unmarshal string into Go struct field ContainerInfoRequest.num_stats of type int",
        ),
        (
            '{"num_stats": 1.5}',
            "json: cannot unmarshal number 1.5 into Go struct field ContainerInfoRequest.num_stats of type int",
        ),
        (
            '{"num_stats": 1e2}',
            "json: cannot unmarshal number 1e2 into Go struct field ContainerInfoRequest.num_stats of type int",
        ),
        ('{"start": 5}', "Time.UnmarshalJSON: input is not a JSON string"),
        (
            '{"start": "now"}',
            'parsing time "now" as "2006-01-02T15:04:05Z07:00": cannot parse "now" as "2006"',
        ),
        ("[]", "json: cannot unmarshal array into Go value of type v1.ContainerInfoRequest"),
        ("7", "json: cannot unmarshal number into Go value of type v1.ContainerInfoRequest"),
    ],
)
def test_a_bad_body_is_refused_in_gos_words(body: str, reason: str):
    with pytest.raises(BadBody) as refused:
        parse_body(body.encode())
    assert str(refused.value) == f"unable to decode the json value: {reason}"


@given(st.binary(max_size=12) | st.text(alphabet='{}[]:,"\\u0123eE+-.tfn \n', max_size=16).map(str.encode))
def test_any_other_bytes_are_read_or_refused_in_one_line(body: bytes):
    with suppress(BadBody):
        parse_body(b'{"a": ' + body)
    with suppress(BadBody):
        parse_body(body)
