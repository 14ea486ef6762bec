"""The influxdb driver against a real influxd 1.8, read back through its own query interface."""

import msgspec
import pytest

from cadvcli.model.clock import SECOND
from cadvcli.storage.influxdb import open_driver
from cadvcli.storage.measurements import measurements
from cadvcli.storage.options import driver_options
from cadvcli.storage.sender import Sender, deliver
from cadvcli.text import printable
from tests.influxd import Influxd
from tests.storage.records import cpu, filesystem, memory, network, plain, record, stats

pytestmark = pytest.mark.real

EVERYTHING = stats(cpu=cpu(), memory=memory(), network=network(), filesystem=[filesystem("/dev/sda1", 4096)])
HOSTILE = [
    "plain", "a,b c=d", r"dev-disk-by\x2duuid.mount", "ends\\", "\\", "a\\,b", "a\\\\b", "new\nline", "tab\t", "=", ",",
    " leading", "trailing ", "#comment", '"quoted" \'single\'', "größe ✓ 容器", "\x1b[2J", "bad \udcff", "x" * 4096,
    "a,b=c value=1i 1\ncpu_usage_total value=0i 1",
]  # fmt: skip


@pytest.fixture(scope="module")
def influxd(tmp_path_factory):
    with Influxd(tmp_path_factory.mktemp("influxd")) as server:
        yield server


@pytest.fixture
def database(influxd, request):
    name = f"db {request.node.name}"
    influxd.query(f'CREATE DATABASE "{name}"')
    return name


def driver(url, **given):
    return open_driver(driver_options("influxdb", {"url": url, **given}, {}, {}), "h1")


def expected(records):
    """What the server must have: (measurement, tags, time) to value."""
    found = {}
    for each in records:
        tags = {"container_name": each.container_name, "machine": each.machine}
        for name, labels, value in measurements(each.sample.stats):
            found[name, tuple(sorted({**tags, **dict(labels)}.items())), each.sample.wall_ns] = value
    return found


@pytest.mark.parametrize("kind", ["db", "bucket"])
def test_what_is_read_back_is_what_was_sent(influxd, database, kind):
    influxdb = driver(influxd.url, **{kind: database})
    records = [record(EVERYTHING, wall_ns=1_700_000_000_000_000_000 + at) for at in range(3)]
    records += [plain(stats(memory=memory(usage=at)), f"/group {at}") for at in range(3)]
    outcome = deliver(influxdb, [influxdb.encode(each) for each in records])
    influxdb.close()
    assert (list(outcome.retry), dict(outcome.rejected)) == ([], {})
    assert influxd.points(database) == expected(records)


def test_no_name_breaks_a_line(influxd, database):
    influxdb = driver(influxd.url, db=database)
    records = [plain(stats(memory=memory(usage=at)), name) for at, name in enumerate(HOSTILE)]
    outcome = deliver(influxdb, [influxdb.encode(each) for each in records])
    influxdb.close()
    assert dict(outcome.rejected) == {}
    stored = influxd.query("SELECT value FROM memory_usage GROUP BY container_name", database)
    names = {series["values"][0][1]: series["tags"]["container_name"] for series in stored}
    # A backslash before a separator, a backslash or the end comes as text: there is no escape for it in 1.x.
    written = {"ends\\": r"ends\x5c", "\\": r"\x5c", "a\\,b": r"a\x5c,b", "a\\\\b": r"a\x5c\b"}
    assert names == {at: written.get(name, printable(name)) for at, name in enumerate(HOSTILE)}


def test_a_type_conflict_rejects_one_record_and_stores_the_others(influxd, database):
    influxdb = driver(influxd.url, db=database)
    good = record(EVERYTHING)
    line = f"swap value=1i {good.sample.wall_ns}\n".encode()
    conflict = f"swap value=1.5 {good.sample.wall_ns + 1}\n".encode()
    assert not deliver(influxdb, [line]).rejected
    outcome = deliver(influxdb, [influxdb.encode(good), conflict, influxdb.encode(plain(EVERYTHING, "/b"))])
    influxdb.close()
    assert list(outcome.rejected) == [1]
    assert "field type conflict" in outcome.rejected[1]
    assert len(influxd.points(database)) == 1 + len(expected([good, plain(EVERYTHING, "/b")]))


def test_a_database_that_is_not_there_is_said(influxd):
    influxdb = driver(influxd.url, db="nope")
    reason = influxdb.send([influxdb.encode(record(EVERYTHING))]).reason
    influxdb.close()
    assert reason == "404 database not found: \"nope\": create 'nope' or name another with db="


def test_nothing_accepted_is_lost_when_the_server_is_killed_in_the_middle(tmp_path):
    with Influxd(tmp_path) as server:
        server.query("CREATE DATABASE cadvisor")
        influxdb = driver(server.url, timeout="5s")
        sender = Sender(influxdb, first_pause_ns=SECOND // 50)
        sender.start()
        records = []
        for at in range(300):
            records.append(record(EVERYTHING, wall_ns=1_700_000_000_000_000_000 + at))
            sender.put([influxdb.encode(records[-1])])
            if at == 100:
                server.stop(kill=True)
            if at == 200:
                server.start()
        assert sender.drain(60 * SECOND) == 0
        assert msgspec.structs.astuple(sender.counts)[:3] == (300, 0, 0)
        assert server.points() == expected(records)


def test_logins(tmp_path):
    with Influxd(tmp_path, auth=True) as server:
        server.query("CREATE USER root WITH PASSWORD 'rootpw' WITH ALL PRIVILEGES")
        for text in ("CREATE DATABASE cadvisor", "CREATE USER ro WITH PASSWORD 'ropw'", "GRANT READ ON cadvisor TO ro"):
            server.query(text, user="root", password="rootpw")
        encoded = driver(server.url).encode(record(EVERYTHING))
        tries = [
            ({"user": "root", "password": "rootpw"}, ""),
            ({"bucket": "cadvisor", "token": "root:rootpw"}, ""),
            ({}, "401 unable to parse authentication credentials: set user and password of the driver"),
            ({"user": "root", "password": "no"}, "401 authorization failed: set user and password of the driver"),
            (
                {"user": "ro", "password": "ropw"},
                '403 "ro" user is not authorized to write to database "cadvisor": this user may not write there',
            ),
            ({"bucket": "cadvisor", "token": "root:no"}, "401 authorization failed: set token of the driver"),
        ]
        for given, reason in tries:
            influxdb = driver(server.url, **given)
            assert influxdb.send([encoded]).reason == reason
            influxdb.close()


def test_tls_trusts_whom_it_is_told_to(tmp_path):
    with Influxd(tmp_path, tls=True) as server:
        server.query("CREATE DATABASE cadvisor")
        stranger = driver(server.url)
        encoded = stranger.encode(record(EVERYTHING))
        reason = stranger.send([encoded]).reason
        stranger.close()
        assert reason.startswith("TLS: the certificate is not trusted: self")
        trusted = driver(server.url, ca_file=str(server.certificate))
        assert not trusted.send([encoded]).retry
        trusted.close()
        assert server.points() == expected([record(EVERYTHING)])
