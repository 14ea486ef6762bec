"""Driver ``influxdb``: InfluxDB 1.x, 2.x, 3.x, and what else takes its line protocol over HTTP.

With a token or a bucket it uses the v2 write API (``/api/v2/write``), else that of 1.x as cAdvisor does
(``/write?db=&rp=``, user and password), which needs no account where the server asks for none. The lines are cAdvisor's
either way. A point that is sent twice is stored once, so that any batch may be repeated.
"""

import base64
import gzip
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import unquote, urlsplit

import msgspec
from msgspec import Struct

from cadvcli.errors import UsageError
from cadvcli.model.clock import SECOND
from cadvcli.storage import ACCEPTED, Outcome, Record, later, refused
from cadvcli.storage.line_protocol import lines
from cadvcli.storage.options import read_option_file
from cadvcli.storage.reason import failure, shortened

SUMMARY = "InfluxDB 1.x and 2.x, and what else takes its line protocol"

#: Answers after which sending the same bytes again would change nothing; the batch may be too much at once.
_REFUSALS = frozenset({400, 413, 422})


class Target(Struct, frozen=True, kw_only=True):
    """Which server, which place in it, and as whom."""

    url: str
    database: str | None = None  #: v1
    retention_policy: str = ""
    user: str = ""
    password: str = ""
    bucket: str = ""  #: v2, where ``database`` is None
    org: str = ""
    token: str = ""
    timeout_ns: int = 10 * SECOND
    compress: bool = True
    ca_file: str | None = None


class InfluxDB:
    """Writes to one database or bucket."""

    rich = False
    batch_bytes = 4 << 20  # InfluxDB refuses bodies of more than 25 MB (max-body-size)

    def __init__(self, target: Target) -> None:
        self._target = target
        place = f"bucket {target.bucket}" if target.database is None else f"database {target.database}"
        self.where = f"influxdb {target.url}, {place}"
        self._client: Any = None  # the library has no complete types
        self._write: Callable[[bytes], object] = self._connect_and_write

    def encode(self, record: Record) -> bytes:
        """cAdvisor's lines for this sample."""
        sample = record.sample
        return lines(sample.stats, record.container_name, record.machine, sample.wall_ns)

    def send(self, batch: Sequence[bytes]) -> Outcome:
        """One write request."""
        from influxdb_client.rest import ApiException
        from urllib3.exceptions import HTTPError

        try:
            self._write(b"".join(batch))
        except ApiException as error:
            return self._judge(batch, error)
        except (HTTPError, OSError) as error:
            return later(batch, failure(error, self._target.timeout_ns))
        except UnicodeDecodeError:  # the client's, of the answer's body
            return later(batch, "an answer that is no text: is this InfluxDB?")
        return ACCEPTED

    def close(self) -> None:
        """Close the connections."""
        if self._client is not None:
            self._client.close()
            self._client, self._write = None, self._connect_and_write

    def _judge(self, batch: Sequence[bytes], error: Any) -> Outcome:
        """What an answer other than 2xx means for the batch."""
        if not error.status:  # the client's wrapping of a TLS failure
            return later(batch, failure(error, self._target.timeout_ns))
        said = _said(error)
        if error.status in _REFUSALS:
            return refused(batch, f"{error.status} {said}")
        return later(batch, f"{error.status} {said}{self._remedy(error.status)}", _retry_after(error))

    def _remedy(self, status: int) -> str:
        v1 = self._target.database is not None
        if status == 401:
            return f": set {'user and password' if v1 else 'token'} of the driver"
        if status == 403:
            return f": this {'user' if v1 else 'token'} may not write there"
        if status == 404:
            place = self._target.database if v1 else self._target.bucket
            return f": create '{place}' or name another with {'db' if v1 else 'bucket and org'}="
        return ""

    def _connect_and_write(self, body: bytes) -> object:
        """The first write: make the client, which loads its library, and go on with its way of writing."""
        from influxdb_client.client.influxdb_client import InfluxDBClient
        from influxdb_client.client.write_api import SYNCHRONOUS

        from cadvcli import __version__

        target = self._target
        client: Any = InfluxDBClient(
            target.url,
            token=target.token,
            org=target.org,
            timeout=target.timeout_ns // 1_000_000,
            enable_gzip=target.compress,
            ssl_ca_cert=target.ca_file,
        )
        client.api_client.user_agent = f"cadvcli/{__version__}"
        self._client = client
        if target.database is not None:
            self._write = self._v1_write(client, target.database)
        else:
            api = client.write_api(write_options=SYNCHRONOUS)
            self._write = lambda body: api.write(bucket=target.bucket, org=target.org, record=body)
        return self._write(body)

    def _v1_write(self, client: Any, database: str) -> Callable[[bytes], object]:
        """The write of 1.x through the client's connections; its write API knows only that of 2.x."""
        target = self._target
        query = [("db", database), ("precision", "ns")]
        if target.retention_policy:
            query.append(("rp", target.retention_policy))
        headers = {"Content-Type": "text/plain; charset=utf-8"}
        if target.user:
            login = base64.b64encode(f"{target.user}:{target.password}".encode()).decode()
            headers["Authorization"] = f"Basic {login}"
        if target.compress:
            headers["Content-Encoding"] = "gzip"

        def write(body: bytes) -> object:
            return client.api_client.call_api(
                "/write",
                "POST",
                query_params=query,
                header_params=dict(headers),
                body=gzip.compress(body, 1) if target.compress else body,
            )

        return write


def open_driver(options: Mapping[str, Any], machine: str) -> InfluxDB:
    """The driver for these options; UsageError where they contradict each other."""
    v2 = [name for name in ("bucket", "org", "token") if options[name]]
    v1 = [name for name in ("db", "rp", "user", "password") if options[name]]
    if v2 and v1:
        raise UsageError(f"influxdb: '{v2[0]}' is of InfluxDB 2, '{v1[0]}' of 1.x: give only one kind")
    if v2 and not options["bucket"]:
        raise UsageError("influxdb: no bucket: add bucket=NAME")
    if options["ca_file"]:
        read_option_file(options["ca_file"])  # the client would only say "no such file", and not which
    url, user, password = _address(options)
    target = Target(
        url=url,
        database=None if v2 else options["db"] or "cadvisor",
        retention_policy=options["rp"] or "",
        user=options["user"] or user,
        password=options["password"] or password,
        bucket=options["bucket"] or "",
        org=options["org"] or "",
        token=options["token"] or "",
        timeout_ns=options["timeout"],
        compress=options["gzip"],
        ca_file=options["ca_file"],
    )
    return InfluxDB(target)


def _address(options: Mapping[str, Any]) -> tuple[str, str, str]:
    """URL without credentials, and the user and password that stood in it."""
    text = options["url"] or f"{'https' if options['secure'] else 'http'}://{options['host']}"
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UsageError(f"influxdb: '{_without_login(text)}' is no URL: write http://HOST:8086")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    place = host if port is None else f"{host}:{port}"
    url = f"{parts.scheme}://{place}{parts.path.rstrip('/')}"
    return url, unquote(parts.username or ""), unquote(parts.password or "")


def _without_login(text: str) -> str:
    """A would-be URL as it may be shown."""
    return re.sub(r"//.*@", "//", text)


def _said(error: Any) -> str:
    """The server's own words."""
    return shortened(_words(error.body or "")) or error.reason or "no reason given"


def _words(body: str) -> str:
    """1.x says ``{"error":…}``, 2.x ``{"code":…,"message":…}``, a proxy in between anything."""
    try:
        answer = msgspec.json.decode(body)
    except msgspec.DecodeError:
        return body
    return str(answer.get("message") or answer.get("error") or body) if isinstance(answer, dict) else body


def _retry_after(error: Any) -> int | None:
    """How long the server asked us to wait, where it said so in seconds."""
    text = (error.headers or {}).get("Retry-After", "")
    return int(text) * SECOND if text.isascii() and text.isdigit() and len(text) < 6 else None
