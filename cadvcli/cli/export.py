"""``cadvcli export``: samples of every container, plain groups too, to a storage backend; once or as a stream."""

import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cadvcli.manager.container import Container
    from cadvcli.model.sample import Sample
    from cadvcli.storage import Driver
    from cadvcli.storage.feed import Feed

HELP = """Send samples of containers to a storage backend.

Plain groups are sent too. With --once it sends one sample of each and ends: status 0 says that the backend has them
all. Without --once it goes on, a sample every --interval. A backend that is slow or away delays no sampling; 64 MiB
wait for it in memory, and what waits when SIGTERM or Ctrl-C comes is sent within --drain-timeout.

    cadvcli export --once
    cadvcli export --interval 2s -o jsonl --containers web,db
    cadvcli export --driver influxdb:url=http://tsdb:8086,db=cadvisor
    CADVCLI_INFLUXDB_TOKEN=... cadvcli export --driver influxdb:url=https://tsdb:8086,bucket=containers,org=acme

--list-drivers shows what may stand behind a driver's name. Each of these may also be given in the environment, as
CADVCLI_ followed by the driver, an underscore and the option, in capitals.
"""


def run(settings: Any) -> int | None:
    """Send once, or until somebody says stop."""
    import sys

    if settings.list_drivers:
        sys.stdout.write(list_drivers())
        return None
    from cadvcli.cli.local import host_of
    from cadvcli.storage.feed import Feed
    from cadvcli.storage.stdout import Stdout

    feed = Feed(host_of(settings), settings.containers, settings.machine_name)
    driver = _driver(settings, feed.machine)
    feed.rich = driver.rich
    if settings.dry_run:
        driver = Stdout(driver.encode)
    if settings.once:
        return _once(settings, driver, feed)
    _stream(settings, driver, feed)
    return None


def list_drivers() -> str:
    """Every driver with what may stand behind its name."""
    from cadvcli.cli.help import metavar
    from cadvcli.storage import drivers
    from cadvcli.storage.options import options_of_driver

    lines = []
    for name, module in sorted(drivers().items()):
        lines.append(f"{name}: {module.SUMMARY}")
        spelled = [(f"{row.name}={metavar(row) or 'true|false'}", row) for row in options_of_driver(name).values()]
        width = max(len(text) for text, _ in spelled)
        for text, row in spelled:
            lines.append(f"    {text:{width}}  {row.help}" + (f" [{row.default}]" if row.default else ""))
    return "\n".join(lines) + "\n"


def _driver(settings: Any, machine: str) -> "Driver":
    """The driver that the options name."""
    import os

    from cadvcli.errors import UsageError
    from cadvcli.storage import check_driver, open_driver
    from cadvcli.storage.options import driver_options, parse_driver

    name, given = parse_driver(settings.driver)
    check_driver(name)
    if settings.format is not None:
        if name != "stdout":
            raise UsageError(f"-o is for driver stdout, and this is {name}")
        given.setdefault("format", settings.format)
    return open_driver(name, driver_options(name, given, os.environ, vars(settings)), machine)


def _once(settings: Any, driver: "Driver", feed: "Feed") -> int | None:
    """Send a sample of each container; 3 if a wanted one is not there. Raises unless the backend has all of them."""
    from cadvcli.cli.local import complain, kinds_of, manager_of
    from cadvcli.errors import UnknownContainer
    from cadvcli.model.clock import SECOND
    from cadvcli.storage.feed import latest, send_all

    manager = manager_of(settings, kinds_of(settings))
    try:
        manager.discover()
        manager.sample()
        if feed.rich:
            feed.records(manager, latest(manager))
            threading.Event().wait(settings.window / SECOND)
            manager.sample()
        encoded = [driver.encode(record) for record in feed.records(manager, latest(manager))]
    finally:
        manager.close()
    try:
        send_all(driver, encoded)
    finally:
        driver.close()
    complain(feed.missing)
    return UnknownContainer.exit_code if feed.missing else None


def _stream(settings: Any, driver: "Driver", feed: "Feed") -> None:
    """Send fresh samples every interval until a signal comes, or nothing can be sent any more."""
    import signal

    from cadvcli.cli.local import complain, host_of, runtimes_of
    from cadvcli.errors import DriverError
    from cadvcli.manager.daemon import Daemon
    from cadvcli.storage.sender import Sender

    over = threading.Event()
    signals: list[int] = []
    _on_first_signal(signals, over)
    host = host_of(settings)
    daemon = Daemon(host, _housekeeping(settings), runtimes_of(settings, host))
    sender = Sender(driver, over)
    sender.start()

    warned: set[str] = set()

    def swept(found: "list[tuple[Container, Sample]]") -> None:
        sender.put(driver.encode(record) for record in feed.records(daemon, found))
        if not warned:  # a container that is missed later has ended
            complain(feed.missing)
            warned.update(feed.missing or [""])

    daemon.start(housekeeping=False)
    daemon.each_sweep(settings.interval, swept)
    over.wait()
    daemon.stop()
    left = sender.drain(settings.drain_timeout)
    if sender.error is not None:
        raise sender.error
    trouble = DriverError(f"{driver.where}: {sender.trouble or 'too slow'}; {left} samples not sent")
    if signal.SIGINT in signals:
        complain([str(trouble)] if left else [])
        raise KeyboardInterrupt
    if left:
        raise trouble


def _housekeeping(settings: Any) -> Any:
    from cadvcli.cli.local import kinds_of
    from cadvcli.manager.settings import Settings
    from cadvcli.model.clock import SECOND

    return Settings(
        kinds=kinds_of(settings),
        global_housekeeping_interval_ns=settings.global_housekeeping_interval,
        max_descriptors=settings.max_descriptors,
        perf_events_config=settings.perf_events_config or "",
        resctrl_interval_ns=settings.resctrl_interval,
        load_reader=settings.enable_load_reader,
        referenced_reset_interval=settings.referenced_reset_interval,
        storage_duration_ns=SECOND,  # nobody asks for older samples here
    )


def _on_first_signal(signals: list[int], over: threading.Event) -> None:
    """Let SIGTERM and SIGINT end the stream in good order; a second one ends it at once."""
    import signal

    def stop(number: int, _frame: object) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signals.append(number)
        over.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
