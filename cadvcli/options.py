"""Every knob as data: its name, type, default, help, and the cAdvisor flag it succeeds.

The command line, the environment, the config file, the man pages and the completions are all made from these rows;
nothing here imports a command, a driver or typer. To add a knob, add a row that names the commands it is for. What a
storage driver takes behind its name stands in ``cadvcli.storage.options``.

A name may have several rows when commands differ in default or choices, one for each command. ``cadvcli.values`` says
what a text means for a row.
"""

from collections.abc import Mapping
from typing import Literal, NamedTuple

from cadvcli.units import format_duration as format_duration
from cadvcli.units import parse_bytes as parse_bytes
from cadvcli.units import parse_duration as parse_duration

Kind = Literal["str", "int", "float", "bool", "count", "duration", "bytes", "choice", "list"]

TOP = "cadvcli"  # stands among a row's commands for the command line before the subcommand
MACHINE, CONTAINERS, STATS, WATCH = "machine", "containers", "stats", "watch"
SERVE, EXPORT = "serve", "export"
EVERY = (TOP, MACHINE, CONTAINERS, STATS, WATCH, SERVE, EXPORT)
READERS = (CONTAINERS, STATS, WATCH, SERVE, EXPORT)
SAMPLERS = (SERVE, EXPORT)


class Option(NamedTuple):
    """One knob. ``default``, ``least`` and ``most`` are written as a person would write them.

    A ``default`` of None means that unset has a meaning of its own. ``flag`` is the cAdvisor flag it succeeds,
    ``area`` the heading it stands under in --help.
    """

    name: str
    kind: Kind
    default: str | None
    help: str
    commands: tuple[str, ...]
    choices: tuple[str, ...] = ()
    short: str = ""
    metavar: str = ""
    flag: str = ""
    area: str = ""
    least: str | None = None
    most: str | None = None

    @property
    def long(self) -> str:
        """The option as written on the command line: ``--host-root``."""
        return "--" + self.name.replace("_", "-")

    @property
    def negative(self) -> str:
        """What switches a bool off: ``--no-tree``, and ``--trunc`` for ``no_trunc``; "" for other kinds."""
        if self.kind != "bool":
            return ""
        name = self.name.removeprefix("no_") if self.name.startswith("no_") else "no_" + self.name
        return "--" + name.replace("_", "-")

    @property
    def variable(self) -> str:
        """The environment variable that sets it."""
        return "CADVCLI_" + self.name.upper()


class Argument(NamedTuple):
    """A positional argument; ``many`` takes all the words there are, also none."""

    name: str
    metavar: str
    help: str
    many: bool = True


TABLE_FORMATS = ("table", "wide", "json", "jsonl", "csv", "tsv")

OPTIONS: tuple[Option, ...] = (
    # containers
    Option("all", "bool", "false", "Stopped containers too", (CONTAINERS,), short="-a"),
    Option("quiet", "bool", "false", "Ids only", (CONTAINERS,), short="-q"),
    Option("size", "bool", "false", "What each has written: walks through its files", (CONTAINERS,), short="-s"),
    Option("timeout", "duration", "10s", "With --size: walk no longer than this", (CONTAINERS,)),
    Option("tree", "bool", "false", "Draw the cgroup tree", (CONTAINERS,)),
    Option("raw", "bool", "false", "Plain cgroups too, not only containers", (CONTAINERS, STATS, WATCH)),
    Option("no_trunc", "bool", "false", "Cut nothing off to fit the terminal", (CONTAINERS, STATS)),
    Option(
        "columns", "list", None, "Columns to show, in this order; 'help' lists them", (CONTAINERS, STATS, WATCH),
        metavar="NAME,…",
    ),
    # stats, watch, export
    Option(
        "window", "duration", "500ms", "Time between the two samples that rates are made of", (STATS, EXPORT),
        least="10ms",
    ),
    Option("interval", "duration", None, "Go on, with new numbers this often", (STATS,), least="10ms"),
    Option("interval", "duration", "1s", "Time between two refreshes of the screen", (WATCH,), least="10ms"),
    Option("count", "int", None, "Stop after so many rounds", (STATS,), least="1"),
    Option("events", "bool", "false", "Stream lifecycle events instead of drawing a screen", (WATCH,)),
    Option("count", "int", None, "With events: stop after so many", (WATCH,), least="1"),
    Option("timeout", "duration", None, "Stop after this long, with exit status 124", (WATCH,)),
    # export
    Option(
        "driver", "str", "stdout", "Where the samples go, with its options: NAME:KEY=VALUE,KEY=VALUE", (EXPORT,),
        metavar="NAME[:…]", flag="storage_driver",
    ),
    Option("once", "bool", "false", "Send one sample of each container and end: for cron", (EXPORT,)),
    Option("interval", "duration", "10s", "Time between two samples sent, without --once", (EXPORT,), least="10ms"),
    Option("containers", "list", None, "Only these containers, named as for stats", (EXPORT,), metavar="NAME,…"),
    Option("dry_run", "bool", "false", "Print what would be sent, and send nothing", (EXPORT,)),
    Option("drain_timeout", "duration", "10s", "Time to send what still waits when it ends", (EXPORT,)),
    Option("machine_name", "str", None, "This machine's name in what is sent; unset: its host name", (EXPORT,),
           metavar="NAME"),
    Option("list_drivers", "bool", "false", "List the drivers and their options, and end", (EXPORT,)),
    Option("storage_driver_host", "str", None, "HOST:PORT of the backend", (EXPORT,), flag="storage_driver_host",
           area="driver", metavar="ADDRESS"),
    Option("storage_driver_db", "str", None, "Database", (EXPORT,), flag="storage_driver_db", area="driver",
           metavar="NAME"),
    Option("storage_driver_user", "str", None, "User", (EXPORT,), flag="storage_driver_user", area="driver",
           metavar="NAME"),
    Option("storage_driver_password", "str", None, "Password; better in the environment", (EXPORT,),
           flag="storage_driver_password", area="driver"),
    Option("storage_driver_secure", "bool", "false", "Use TLS", (EXPORT,), flag="storage_driver_secure", area="driver"),
    Option("storage_driver_table", "str", "stats", "Table; influxdb and stdout have none", (EXPORT,),
           flag="storage_driver_table", area="driver", metavar="NAME"),
    Option("storage_driver_influxdb_retention_policy", "str", None, "Retention policy of influxdb", (EXPORT,),
           flag="storage_driver_influxdb_retention_policy", area="driver", metavar="NAME"),
    # serve
    Option("listen_ip", "str", "127.0.0.1", "Address to listen on", (SERVE,), metavar="ADDRESS", flag="listen_ip"),
    Option(
        "port", "int", "8080", "TCP port to listen on; 0 picks a free one", (SERVE,), flag="port", least="0",
        most="65535",
    ),
    Option(
        "scrape_timeout", "duration", "5s", "Answer with older samples when a sweep takes longer", (SERVE,),
        least="1ms",
    ),
    Option(
        "prometheus_endpoint", "str", "/metrics", "Path of the metrics page", (SERVE,), metavar="PATH",
        flag="prometheus_endpoint",
    ),
    Option("answer_cache", "bytes", "32MiB", "Memory for encoded samples that the next answer shares", (SERVE,)),
    # what the manager does
    Option(
        "enable_metrics", "list", None, "Metric kinds to collect, just these; unset: those that are on by default",
        SAMPLERS, metavar="KIND,…", flag="enable_metrics", area="housekeeping",
    ),
    Option(
        "disable_metrics", "list", None,
        "Metric kinds not to collect, instead of those that are off by default; all others are on", SAMPLERS,
        metavar="KIND,…", flag="disable_metrics", area="housekeeping",
    ),
    Option(
        "housekeeping_interval", "duration", "1s", "Base interval between samples of one container", (SERVE,),
        flag="housekeeping_interval", area="housekeeping", least="100ms",
    ),
    Option(
        "max_housekeeping_interval", "duration", "1m", "The longest that an idle container's interval grows to",
        (SERVE,), flag="max_housekeeping_interval", area="housekeeping", least="100ms",
    ),
    Option(
        "allow_dynamic_housekeeping", "bool", "true", "Double the interval of a container in which nothing moves",
        (SERVE,), flag="allow_dynamic_housekeeping", area="housekeeping",
    ),
    Option(
        "global_housekeeping_interval", "duration", "1m", "Interval between full re-lists of the cgroup tree", SAMPLERS,
        flag="global_housekeeping_interval", area="housekeeping", least="100ms",
    ),
    Option(
        "storage_duration", "duration", "2m", "Age of the samples kept in memory", (SERVE,), flag="storage_duration",
        area="housekeeping",
    ),
    Option(
        "max_descriptors", "int", "8192", "Most cgroup files kept open, at 4.7 kB of kernel memory each", SAMPLERS,
        area="housekeeping", least="0",
    ),
    Option(
        "perf_events_config", "str", None, "JSON file that names the perf events to count; unset: none", SAMPLERS,
        metavar="FILE", flag="perf_events_config", area="kinds",
    ),
    Option(
        "resctrl_interval", "duration", "0s", "Interval at which resctrl groups are made and mended; 0: never",
        SAMPLERS, flag="resctrl_interval", area="kinds",
    ),
    Option(
        "enable_load_reader", "bool", "false", "Count tasks by their states, for kind cpuLoad", SAMPLERS,
        flag="enable_load_reader", area="kinds",
    ),
    Option(
        "referenced_reset_interval", "int", "0", "Samples after which the kernel forgets what was used; 0: never",
        SAMPLERS, flag="referenced_reset_interval", area="kinds", least="0",
    ),
    # runtimes
    Option(
        "docker", "str", "unix:///var/run/docker.sock", "Docker's endpoint", READERS, metavar="URL", flag="docker",
        area="docker",
    ),
    Option(
        "docker_root", "str", "/var/lib/docker", "Docker's data folder, read where Docker doesn't answer", READERS,
        metavar="DIR", flag="docker_root", area="docker",
    ),
    Option(
        "docker_env_metadata_whitelist", "list", None, "Environment variables of containers that are kept, by prefix",
        READERS, metavar="PREFIX,…", flag="docker_env_metadata_whitelist", area="docker",
    ),
    Option(
        "format", "choice", None, "Layout of driver stdout; unset: cadvisor", (EXPORT,),
        choices=("cadvisor", "jsonl", "influx"), short="-o",
    ),
    # common ones, last in every --help
    Option(
        "format", "choice", "table", "Output format", (MACHINE,), choices=("table", "json"), short="-o",
    ),
    Option("format", "choice", "table", "Output format", (CONTAINERS, STATS), choices=TABLE_FORMATS, short="-o"),
    Option(
        "format", "choice", None, "Format of events; unset: a table on a terminal, else jsonl", (WATCH,),
        choices=("table", "jsonl"), short="-o",
    ),
    Option(
        "host_root", "str", None,
        "Folder in which the machine's files are found; unset: /rootfs in a container that has them there, else /",
        EVERY, metavar="DIR",
    ),
    Option(
        "config", "str", None, "Configuration file; unset: /etc/cadvcli/cadvcli.toml where there is one", EVERY,
        metavar="FILE",
    ),
    Option("verbose", "count", "0", "Tell more on stderr; twice for everything", EVERY, short="-v", flag="v"),
    Option("version", "bool", "false", "Print the version and end", (TOP,), short="-V", flag="version"),
)

ARGUMENTS: Mapping[str, Argument] = {
    "names": Argument(
        "names", "NAME",
        "Containers: name, id prefix, Compose service or project/service, cgroup path, glob, pid:N, port:N, if:NAME, "
        "path:DIR",
    ),
}


def options_of(command: str) -> dict[str, Option]:
    """The rows that a command takes, by name, in the order of --help."""
    return {row.name: row for row in OPTIONS if command in row.commands}
