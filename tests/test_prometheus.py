"""The text format, read back with a reader of its own."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadvcli.prometheus import Metric, block, header, label_name, lines, render
from cadvcli.text import well_formed
from tests.exposition import parse

#: Everything that means something in the format or in UTF-8.
hostile = st.text(alphabet='ab0\\\n\r\t"{}=, #\0\x7fé☃\U0001f600\u2028\udcff\ud800', max_size=12)

plain: Metric[int] = Metric(name="things", type="gauge", help="Things.", value=lambda number: number)


def test_a_family_without_labels_is_its_name_and_its_number():
    assert render([plain], 5) == "# HELP things Things.\n# TYPE things gauge\nthings 5\n"


def test_a_value_that_is_not_there_leaves_neither_sample_nor_header():
    absent: Metric[int] = Metric(name="absent", type="gauge", help="x", value=lambda number: None)
    assert render([absent], 5) == ""


def test_zero_is_a_value():
    assert render([plain], 0).endswith("things 0\n")


def test_own_labels_stand_before_those_of_the_container():
    by_cpu: Metric[int] = Metric(
        name="cpu", type="counter", help="x", labels=("cpu",), rows=lambda n: [(("cpu00",), n), (("cpu01",), None)]
    )
    assert lines(by_cpu, [3], [block({"id": "/a", "name": "web"})]) == ['cpu{cpu="cpu00",id="/a",name="web"} 3\n']
    assert lines(by_cpu, [3], [block({})]) == ['cpu{cpu="cpu00"} 3\n']


def test_families_stand_in_byte_order_whatever_order_they_came_in():
    later: Metric[int] = Metric(name="unthings", type="gauge", help="x", value=lambda number: number)
    assert list(parse(render([later, plain], 1)).samples) == ["things", "unthings"]


def test_every_subject_gets_its_own_block():
    blocks = [block({"id": "/a"}), block({"id": "/b"})]
    assert lines(plain, [1, 2], blocks) == ['things{id="/a"} 1\n', 'things{id="/b"} 2\n']


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (18446744073709551615, "18446744073709551615"),
        (123456789 / 1e9, "0.123456789"),
        (600000000 / 1e9, "0.6"),
        (1e-09, "1e-9"),
        (0.0, "0.0"),
    ],
)
def test_numbers_keep_every_digit(number: float, text: str):
    assert lines(Metric(name="x", type="gauge", help="", value=lambda n: n), [number], [block({})]) == [f"x {text}\n"]


@given(st.lists(st.integers(0, 2**64 - 1) | st.floats(allow_nan=False, allow_infinity=False) | st.none(), max_size=5))
def test_any_number_reads_back_and_none_is_no_sample(numbers: list[float | None]):
    metric: Metric[float | None] = Metric(name="x", type="gauge", help="", value=lambda number: number)
    found = lines(metric, numbers, [block({})] * len(numbers))
    assert [float(line.split()[1]) for line in found] == [float(number) for number in numbers if number is not None]


def test_help_escapes_backslash_and_newline():
    assert header(Metric(name="x", type="gauge", help="a\\b\nc")) == "# HELP x a\\\\b\\nc\n# TYPE x gauge\n"


@given(st.dictionaries(st.sampled_from(["id", "name", "image"]), hostile))
def test_any_label_value_reads_back(labels: dict[str, str]):
    page = parse(render([plain], 7, labels))
    assert page.samples["things"] == {frozenset((name, well_formed(value)) for name, value in labels.items()): 7}


@given(st.tuples(hostile, hostile))
def test_any_own_label_value_reads_back(values: tuple[str, str]):
    metric: Metric[int] = Metric(name="x", type="gauge", help="", labels=("a", "b"), rows=lambda n: [(values, n)])
    (labels,) = parse(render([metric], 7, {"id": "/"})).samples["x"]
    assert dict(labels) == {"a": well_formed(values[0]), "b": well_formed(values[1]), "id": "/"}


def test_bytes_that_are_no_unicode_become_one_replacement_each():
    raw = b"a\xff\xfeb".decode("utf-8", "surrogateescape")
    assert lines(plain, [1], [block({"id": raw})]) == ['things{id="a\ufffd\ufffdb"} 1\n']


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("container_label_com.docker/compose-x", "container_label_com_docker_compose_x"),
        ("container_label_é", "container_label__"),
        ("container_label_a\udcff\udcffb", "container_label_a__b"),
    ],
)
def test_each_odd_character_of_a_label_name_becomes_one_underscore(raw: str, name: str):
    assert label_name(raw) == name
