"""Where our log goes: stderr, one line a record, UTC. The only place that sets a handler."""

import logging
import sys
import time

from cadvcli.text import printable

LEVELS = (logging.WARNING, logging.INFO, logging.DEBUG)


class Line(logging.Formatter):
    """A record as ``2026-11-23T20:34:27.125Z WARNING docker: away, names come from its files``."""

    def format(self, record: logging.LogRecord) -> str:
        """Lay the record out; what an exception says follows the message, its innermost place last."""
        when = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
        name = record.name.rpartition(".")[2]
        line = f"{when}.{int(record.msecs):03d}Z {record.levelname} {name}: {record.getMessage()}"
        if record.exc_info and record.exc_info[1] is not None:
            error, trace = record.exc_info[1], record.exc_info[2]
            line += f": {type(error).__name__}: {error}"
            while trace is not None and trace.tb_next is not None:
                trace = trace.tb_next
            if trace is not None:
                line += f" ({trace.tb_frame.f_code.co_filename}:{trace.tb_lineno})"
        return printable(line)


def start_logging(verbose: int) -> None:
    """Log warnings, with one -v also changes of state, with two everything."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Line())
    log = logging.getLogger("cadvcli")
    log.handlers[:] = [handler]
    log.propagate = False
    log.setLevel(LEVELS[max(0, min(verbose, 2))])
