"""cadvcli/compat.tsv: where we differ from cAdvisor on purpose, and why."""

from pathlib import Path

import cadvcli

ROWS = (Path(cadvcli.__file__).parent / "compat.tsv").read_text("utf-8").split("\n")


def test_each_row_says_where_what_both_do_and_why() -> None:
    assert ROWS[0].split("\t") == ["where", "cadvisor", "cadvcli", "reason"]
    assert ROWS[-1] == ""
    for row in ROWS[:-1]:
        assert len([cell for cell in row.split("\t") if cell.strip()]) == 4, row


def test_no_row_stands_there_twice() -> None:
    assert len(set(ROWS)) == len(ROWS)
