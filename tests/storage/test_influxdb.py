import socket

import pytest

from cadvcli.errors import HostError, UsageError
from cadvcli.model.clock import SECOND
from cadvcli.storage import ACCEPTED
from cadvcli.storage.influxdb import open_driver
from cadvcli.storage.options import driver_options, parse_driver
from cadvcli.storage.sender import deliver
from tests.fakes.http_backend import Answer, HttpBackend
from tests.storage.records import cpu, record, stats

LINE = b"cpu,machine=h1 value=1i 1700000000000000000\n"
TAKEN = Answer(204)


def driver(text, **flags):
    name, given = parse_driver(text)
    return open_driver(driver_options(name, given, {}, flags), "h1")


def test_a_record_is_cadvisors_lines():
    encoded = driver("influxdb").encode(record(stats(cpu=cpu())))
    assert encoded.startswith(b"cpu_usage_total,container_name=web,machine=h1 value=42i 1700000000123456789\n")


def test_v1_writes_as_cadvisor_does():
    with HttpBackend(TAKEN) as backend:
        influxdb = driver(f"influxdb:url={backend.url},db=d b,rp=week,user=u,password=p:w")
        assert influxdb.send([LINE, LINE]) == ACCEPTED
        influxdb.close()
    asked = backend.asked[0]
    assert asked.path == "/write?db=d+b&precision=ns&rp=week"
    assert asked.body == LINE + LINE
    assert asked.headers["Authorization"] == "Basic dTpwOnc="
    assert asked.headers["Content-Encoding"] == "gzip"
    assert asked.headers["User-Agent"].startswith("cadvcli/")


def test_v1_without_a_user_sends_no_login():
    with HttpBackend(TAKEN) as backend:
        influxdb = driver("influxdb:gzip=no", storage_driver_host=backend.url.removeprefix("http://"))
        influxdb.send([LINE])
        influxdb.close()
    assert backend.asked[0].path == "/write?db=cadvisor&precision=ns"
    assert "Authorization" not in backend.asked[0].headers
    assert "Content-Encoding" not in backend.asked[0].headers


def test_v2_writes_with_token_bucket_and_org():
    with HttpBackend(TAKEN) as backend:
        influxdb = driver(f"influxdb:url={backend.url}/,bucket=b/week,org=o,token=t0ken")
        influxdb.send([LINE])
        influxdb.close()
    asked = backend.asked[0]
    assert asked.path == "/api/v2/write?org=o&bucket=b%2Fweek&precision=ns"
    assert asked.headers["Authorization"] == "Token t0ken"
    assert asked.body == LINE


@pytest.mark.parametrize(
    ("answer", "reason", "after_ns"),
    [
        (Answer(503, b"busy", {"Retry-After": "7"}), "503 busy", 7 * SECOND),
        (Answer(429, b'{"code":"too many","message":"slow down"}'), "429 slow down", None),
        (
            Answer(401, b'{"error":"authorization failed"}'),
            "401 authorization failed: set user and password of the driver",
            None,
        ),
        (
            Answer(403, b'{"error":"no write"}'),
            "403 no write: this user may not write there",
            None,
        ),
        (
            Answer(404, b'{"error":"database not found: \\"cadvisor\\""}'),
            "404 database not found: \"cadvisor\": create 'cadvisor' or name another with db=",
            None,
        ),
        (Answer(301, b"", {"Location": "http://127.0.0.1:1/"}), "301 Moved Permanently", None),
        (Answer(500, b"<html>\n" + b"x" * 9000), "500 <html> " + "x" * 293 + "…", None),
        (Answer(502, b"\xff\xfe"), "an answer that is no text: is this InfluxDB?", None),
        (Answer(0), "the server ended the connection without an answer", None),
    ],
)
def test_what_may_work_later_is_to_be_sent_again(answer, reason, after_ns):
    with HttpBackend(answer) as backend:
        influxdb = driver(f"influxdb:url={backend.url}")
        outcome = influxdb.send([LINE, LINE])
        influxdb.close()
    assert (list(outcome.retry), dict(outcome.rejected)) == ([0, 1], {})
    assert (outcome.reason, outcome.after_ns) == (reason, after_ns)


def test_a_server_that_hangs_is_given_up_after_the_timeout():
    with HttpBackend(Answer(-1)) as backend:
        influxdb = driver(f"influxdb:url={backend.url},timeout=50ms")
        assert influxdb.send([LINE]).reason == "no answer within 50ms"
        influxdb.close()


@pytest.mark.parametrize("status", [400, 413, 422])
def test_a_batch_that_is_refused_is_sent_in_parts(status):
    refusal = Answer(status, b'{"error":"unable to parse"}')
    with HttpBackend(refusal, refusal, TAKEN, TAKEN) as backend:
        influxdb = driver(f"influxdb:url={backend.url}")
        outcome = deliver(influxdb, [b"bad\n", LINE, LINE])
        influxdb.close()
    assert dict(outcome.rejected) == {0: f"{status} unable to parse"}
    assert list(outcome.retry) == []
    assert [asked.body for asked in backend.asked] == [b"bad\n" + LINE + LINE, b"bad\n", LINE + LINE]


def test_nothing_listens_there():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, not listening: nobody else can take the port meanwhile
        influxdb = driver(f"influxdb:url=http://127.0.0.1:{taken.getsockname()[1]}")
        assert influxdb.send([LINE]).reason == "connection refused: nothing listens there"


def test_a_name_that_nobody_knows():
    reason = driver("influxdb:url=http://no-such-host.invalid:8086").send([LINE]).reason
    assert reason.startswith("host name lookup failed: ")


def test_https_to_a_server_that_speaks_http():
    with HttpBackend(TAKEN) as backend:
        influxdb = driver(f"influxdb:url={backend.url.replace('http', 'https')}")
        outcome = influxdb.send([LINE])
        influxdb.close()
    assert list(outcome.retry) == [0]
    assert outcome.reason.startswith("TLS: ")


def test_a_missing_ca_file_is_named(tmp_path):
    with pytest.raises(HostError, match=r"/ca\.crt: No such file or directory"):
        driver(f"influxdb:ca_file={tmp_path}/ca.crt")


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("influxdb", "influxdb http://localhost:8086, database cadvisor"),
        ("influxdb:secure=yes,host=h:1,db=x", "influxdb https://h:1, database x"),
        ("influxdb:url=https://u:pw@h/influx/,bucket=b", "influxdb https://h/influx, bucket b"),
        ("influxdb:url=http://[::1]:8086", "influxdb http://[::1]:8086, database cadvisor"),
    ],
)
def test_where_says_the_place_without_secrets(text, where):
    assert driver(text).where == where


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("influxdb:bucket=b,db=d", "'bucket' is of InfluxDB 2, 'db' of 1.x: give only one kind"),
        ("influxdb:token=t", "no bucket: add bucket=NAME"),
        ("influxdb:url=ftp://h", "'ftp://h' is no URL: write http://HOST:8086"),
        ("influxdb:url=http://u:secret@h:port", "'http://h:port' is no URL: write http://HOST:8086"),
        ("influxdb:host=", "'http://' is no URL: write http://HOST:8086"),
    ],
)
def test_options_that_make_no_sense_are_usage_errors(text, message):
    with pytest.raises(UsageError) as caught:
        driver(text)
    assert str(caught.value) == f"influxdb: {message}"
