"""Tables for people and records for programs, with the worst of names in them."""

import csv
import io
import json
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadvcli.cli.output import Heading, Records, clip, display_width, field, table, terminal, write_json

HOSTILE = ["web", 'say "hi", they said', "two\nlines", "\x1b[2J", "caf\udce9", "a\tb", "x" * 4096, " lead", ""]


def written(capsys, form: str, rows, keys=("name", "value")) -> str:
    with Records(form, keys) as records:
        records.write(rows)
    return capsys.readouterr().out


def test_columns_are_aligned_and_numbers_stand_right():
    assert table([Heading("NAME"), Heading("CPU%", right=True)], [("web", "1.5"), ("a-longer-name", None)]) == (
        "NAME           CPU%\n"
        "web             1.5\n"
        "a-longer-name     -\n"
    )


def test_no_line_ends_in_blanks():
    assert table([Heading("A"), Heading("B")], [("1", "")]) == "A  B\n1\n"


def test_a_table_without_rows_is_its_headline():
    assert table([Heading("NAME"), Heading("IMAGE")], []) == "NAME  IMAGE\n"


def test_wide_characters_take_two_cells():
    assert table([Heading("NAME"), Heading("ID")], [("容器", "1"), ("cafe\u0301", "2")]) == (
        "NAME  ID\n容器  1\ncafe\u0301  2\n"
    )


def test_hostile_cells_stay_on_their_line():
    lines = table([Heading("NAME"), Heading("V")], [(name, "v") for name in HOSTILE]).splitlines()
    assert len(lines) == len(HOSTILE) + 1
    assert all(line.isprintable() for line in lines)


def test_a_table_wider_than_the_terminal_cuts_its_widest_texts_but_no_number():
    headings = [Heading("NAME"), Heading("N", right=True), Heading("IMAGE")]
    text = table(headings, [("n" * 40, "1" * 30, "i" * 20)], width=70)
    line = text.splitlines()[1]
    assert line == "n" * 17 + "…  " + "1" * 30 + "  " + "i" * 17 + "…"
    assert display_width(line) == 70


def test_a_terminal_too_narrow_for_any_table_gets_the_narrowest():
    line = table([Heading("NAME"), Heading("IMAGE")], [("n" * 40, "i" * 40)], width=5).splitlines()[1]
    assert line == "n" * 11 + "…  " + "i" * 11 + "…"


@pytest.mark.parametrize(
    ("text", "width", "cut"),
    [("short", 5, "short"), ("longer", 5, "long…"), ("容器容器", 5, "容器…"), ("容器容器", 6, "容器…"), ("ab", 1, "…")],
)
def test_clip_counts_cells(text, width, cut):
    assert clip(text, width) == cut
    assert display_width(clip(text, width)) <= width


def test_json_is_one_array_also_for_one_and_for_none(capsys):
    assert written(capsys, "json", []) == "[]\n"
    assert json.loads(written(capsys, "json", [{"name": "a", "value": None}])) == [{"name": "a", "value": None}]
    text = written(capsys, "json", [{"name": "a", "value": 1}, {"name": "b", "value": 2}])
    assert text == '[\n{"name":"a","value":1},\n{"name":"b","value":2}\n]\n'


def test_json_comes_out_as_it_is_written(capsys):
    with Records("json", ["n"]) as records:
        records.write([{"n": 1}])
        assert capsys.readouterr().out == '[\n{"n":1}'
        records.write([{"n": 2}])
    assert capsys.readouterr().out == ',\n{"n":2}\n]\n'


def test_an_interrupted_array_is_ended_and_a_failed_one_is_not(capsys):
    with pytest.raises(KeyboardInterrupt), Records("json", ["n"]):
        raise KeyboardInterrupt
    assert capsys.readouterr().out == "[]\n"
    with pytest.raises(ValueError, match="gone"), Records("json", ["n"]):
        raise ValueError("gone")
    assert capsys.readouterr().out == "["


def test_json_lines_are_one_object_each_whatever_the_name(capsys):
    lines = written(capsys, "jsonl", [{"name": name, "value": 1} for name in HOSTILE]).splitlines()
    assert [json.loads(line)["name"] for line in lines] == [name.replace("\udce9", "\ufffd") for name in HOSTILE]


def test_a_key_that_a_row_lacks_is_null_and_one_not_asked_for_is_left_out(capsys):
    assert written(capsys, "jsonl", [{"name": "a", "other": 1}]) == '{"name":"a","value":null}\n'
    assert written(capsys, "tsv", [{"name": "a", "other": 1}]) == "name\tvalue\na\t\n"


def test_csv_reads_back_as_rfc_4180_has_it(capsys):
    text = written(capsys, "csv", [{"name": name, "value": 0.5} for name in HOSTILE])
    rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    assert rows[0] == ["name", "value"]
    assert [row[0] for row in rows[1:]] == [
        "web", 'say "hi", they said', "two\\nlines", "\\x1b[2J", "caf\\xe9", "a\\tb", "x" * 4096, " lead", "",
    ]
    assert all(line.endswith("\r\n") for line in text.splitlines(keepends=True))


def test_tsv_has_one_line_and_the_same_number_of_tabs_for_each_row(capsys):
    lines = written(capsys, "tsv", [{"name": name, "value": None} for name in HOSTILE]).split("\n")
    assert lines.pop() == ""
    assert len(lines) == len(HOSTILE) + 1
    assert {line.count("\t") for line in lines} == {1}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (0, "0"),
        (0.1, "0.1"),
        (18446744073709551615, "18446744073709551615"),
        (True, "true"),
        ({"a": "b"}, '{"a":"b"}'),
        ([], "[]"),
        ("text", "text"),
    ],
)
def test_value_as_a_field(value, text):
    assert field(value) == text


@given(st.lists(st.text(), min_size=1, max_size=4))
def test_any_csv_record_reads_back_as_its_fields(texts):
    keys = [f"k{number}" for number in range(len(texts))]
    line = Records("csv", keys)._record(dict(zip(keys, texts, strict=True)))
    (fields,) = csv.reader(io.StringIO(line, newline=""), strict=True) if line != "\r\n" else ([""],)
    assert fields == [field(text) for text in texts]


def test_one_document_is_on_one_line_in_a_pipe(capsys):
    write_json({"cores": 2, "disks": [{"name": "sda"}]})
    assert capsys.readouterr().out == '{"cores":2,"disks":[{"name":"sda"}]}\n'


def test_a_pipe_has_no_width_and_no_color(capsys):
    assert terminal() == (False, None, False)


class Screen(io.StringIO):
    """A stdout that is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("environ", "color"), [({}, True), ({"NO_COLOR": "1"}, False), ({"NO_COLOR": ""}, True), ({"TERM": "dumb"}, False)]
)
def test_a_terminal_has_color_unless_told_otherwise(monkeypatch, environ, color):
    monkeypatch.setattr(sys, "stdout", Screen())
    monkeypatch.setenv("COLUMNS", "132")
    assert terminal(environ) == (True, 132, color)


def test_a_terminal_gets_its_document_laid_out(monkeypatch):
    screen = Screen()
    monkeypatch.setattr(sys, "stdout", screen)
    write_json({"cores": 2})
    assert screen.getvalue() == '{\n  "cores": 2\n}\n'
