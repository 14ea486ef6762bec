"""What a table shows of a row."""

import re

import pytest

from cadvcli.cli import cells
from cadvcli.cli.cells import CELLS, Shown
from cadvcli.errors import UsageError
from cadvcli.model.identity import Identity, Port
from cadvcli.model.row import COLUMNS, Subject, row

SECOND = 1_000_000_000
STARTED = 1_795_458_517 * SECOND
WEB = Identity(
    runtime="docker",
    name="web",
    id="3f2a" * 16,
    image="nginx",
    image_id="sha256:" + "ab" * 32,
    labels={"b": "2", "a": "1"},
    command="nginx -g 'daemon off;'",
    state="running",
    health="healthy",
    started_ns=STARTED,
    oom_killed=False,
    ports=(Port(container_port=80, host_ip="::", host_port=8080),),
)


def shown(identity=WEB, whole=False, **values):
    made = row(Subject(identity=identity)) | values
    return Shown(made, identity, STARTED + 3 * 3600 * SECOND, whole)


def text(name, one):
    return CELLS[name].text(one)


def test_every_key_and_every_short_name_is_a_cell():
    assert {column.key for column in COLUMNS} <= set(CELLS)
    assert {"cpu", "mem", "net", "block", "psi", "status", "limits", "path"} <= set(CELLS)


def test_every_cell_is_made_of_keys_that_there_are():
    assert {key for cell in CELLS.values() for key in cell.keys} == {column.key for column in COLUMNS}


@pytest.mark.parametrize("name", sorted(CELLS))
def test_a_cell_of_which_nothing_is_known_is_empty_or_a_dash(name):
    nobody = Identity(runtime="docker", name="", complete=False)
    empty = Shown(dict.fromkeys(column.key for column in COLUMNS), nobody, STARTED)
    assert text(name, empty) in (None, "", "-")


@pytest.mark.parametrize(
    ("name", "values", "expected"),
    [
        ("status", {}, "Up 3 hours (healthy)"),
        ("id", {}, "3f2a3f2a3f2a"),
        ("image_id", {}, "abababababab"),
        ("ports", {}, "[::]:8080->80/tcp"),
        ("command", {}, '"nginx -g \'daemon of…"'),
        ("labels", {}, "a=1,b=2"),
        ("oom_killed", {}, "no"),
        ("cpu", {"cpu_usage_ratio": 1.5}, "150.00%"),
        ("cpus", {"cpu_limit_ratio": 1.5}, "1.5"),
        ("cpu_time", {"cpu_usage_seconds_total": 12.34567}, "12.346"),
        ("thr", {"cpu_throttled_ratio": 0.4}, "40.00%"),
        ("mem", {"memory_working_set_bytes": 1536}, "1.5KiB"),
        ("rx", {"network_receive_bytes_total": 1536}, "1.54kB"),
        ("rx_rate", {"network_receive_bytes_per_second": 1536.2}, "1.54kB/s"),
        ("net", {"network_receive_bytes_total": 1, "network_transmit_bytes_total": 2000}, "1B / 2kB"),
        ("block_rate", {"io_read_bytes_per_second": 0.0, "io_write_bytes_per_second": 1e6}, "0B/s / 1MB/s"),
        ("psi", {"psi_cpu_some_avg10_ratio": 0.126, "psi_io_some_avg10_ratio": 0.0}, "13/-/0"),
        ("limits", {"cpu_limit_ratio": 0.5, "memory_limit_bytes": 1 << 29, "pids_limit": 9}, "0.5 CPU, 512MiB, 9 pids"),
        ("pids", {"pids": 7}, "7"),
        (
            "interfaces",
            {"interfaces": [{"name": "eth0", "receive_bytes_total": 5, "transmit_bytes_total": 1000}]},
            "eth0 5B / 1kB",
        ),
    ],
)
def test_a_value_reads_as_a_person_wants_it(name, values, expected):
    assert text(name, shown(**values)) == expected


def test_a_time_is_the_local_one_with_its_offset():
    assert re.fullmatch(r"2026-11-2\d \d\d:\d\d:\d\d[+-]\d\d:\d\d", text("started", shown()))


def test_nothing_is_shortened_when_all_of_it_is_wanted():
    one = shown(whole=True)
    assert text("id", one) == "3f2a" * 16
    assert text("command", one) == "\"nginx -g 'daemon off;'\""


def test_a_container_that_nobody_names_goes_by_the_beginning_of_its_id():
    nameless = Identity(runtime="docker", name="3f2a" * 16, id="3f2a" * 16)
    assert text("name", shown(nameless)) == "3f2a3f2a3f2a"
    assert text("name", shown(nameless, whole=True)) == "3f2a" * 16


def test_the_engine_s_own_wording_is_the_status_where_no_times_are_known():
    listed = Identity(runtime="docker", name="x", state="exited", status="Exited (0) 5 days ago")
    assert text("status", shown(listed)) == "Exited (0) 5 days ago"


def test_a_plain_group_has_no_status():
    assert text("status", shown(Identity(runtime="raw", name="/a", state="running"))) == "-"


def test_columns_are_chosen_by_short_name_or_key_in_the_order_given():
    assert [cell.title for cell in cells.chosen(["mem", "NAME", "cpu_usage_ratio"])] == ["MEM", "NAME", "CPU%"]


def test_a_cell_of_several_keys_stands_for_each_of_them_once():
    assert cells.keys_of(cells.chosen(["net", "rx", "name"])) == [
        "network_receive_bytes_total",
        "network_transmit_bytes_total",
        "name",
    ]


def test_an_unknown_column_names_the_nearest():
    with pytest.raises(UsageError, match="unknown column 'memm': did you mean 'mem'"):
        cells.chosen(["memm"])


def test_a_measured_column_is_refused_where_nothing_is_measured():
    with pytest.raises(UsageError, match="column 'cpu' takes a sample"):
        cells.chosen(["name", "cpu"], sampled=False)


def test_hostile_names_are_escaped_in_a_table():
    evil = Identity(runtime="docker", name="a\n\x1b[2Jb\udcff", labels={"k\t": "v\x07"}, state="running")
    drawn = cells.draw(cells.chosen(["name", "labels"]), [shown(evil)])
    assert drawn.splitlines()[1:] == [r"a\n\x1b[2Jb\xff  k\t=v\x07"]


def test_help_lists_every_column_with_its_names_unit_and_files(golden):
    golden("columns.txt", cells.columns_help())


def test_help_of_a_command_without_samples_leaves_out_what_is_measured():
    text = cells.columns_help(sampled=False)
    assert "cpu_limit_ratio" in text
    assert "cpu_usage_ratio" not in text
