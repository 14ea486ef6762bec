import threading

import pytest

from cadvcli.model.clock import SECOND
from cadvcli.storage import ACCEPTED, Outcome, later, refused
from cadvcli.storage.sender import Sender, batches, deliver

SOON_NS = 1_000_000


class Backend:
    """A driver whose backend is in this process: it takes, refuses or is away as it is told."""

    where = "test backend"
    batch_bytes = 100

    def __init__(self) -> None:
        self.stored: list[bytes] = []
        self.attempts = threading.Semaphore(0)
        self.away = threading.Event()
        self.gate = threading.Event()
        self.gate.set()
        self.entered = threading.Event()
        self.closed = False
        self.error: Exception | None = None

    def encode(self, record):
        raise AssertionError("not asked here")

    def send(self, batch):
        self.entered.set()
        assert self.gate.wait(20)
        self.attempts.release()
        if self.error is not None:
            raise self.error
        if self.away.is_set():
            return later(batch, "away")
        if any(record.startswith(b"bad") for record in batch):
            return refused(batch, "bad record")
        self.stored += batch
        return ACCEPTED

    def close(self):
        self.closed = True


@pytest.fixture
def backend():
    return Backend()


def started(backend, **options):
    sender = Sender(backend, first_pause_ns=SOON_NS, **options)
    sender.start()
    return sender


def test_what_is_put_arrives_in_order_and_is_counted(backend):
    sender = started(backend)
    sender.put([b"%d" % number for number in range(500)])
    sender.put([b"last", b""])
    assert sender.drain(20 * SECOND) == 0
    assert backend.stored == [b"%d" % number for number in range(500)] + [b"last"]
    assert (sender.counts.accepted, sender.counts.rejected, sender.counts.dropped) == (501, 0, 0)
    assert backend.closed


def test_a_bad_record_is_rejected_alone(backend):
    outcome = deliver(backend, [b"a", b"b", b"bad 1", b"c", b"bad 2"])
    assert dict(outcome.rejected) == {2: "bad record", 4: "bad record"}
    assert list(outcome.retry) == []
    assert backend.stored == [b"a", b"b", b"c"]


def test_positions_to_retry_are_those_of_the_whole_batch():
    class Half(Backend):
        def send(self, batch):
            if len(batch) > 2:
                return refused(batch, "too much at once")
            return later(batch, "busy", 7) if b"x" in batch else ACCEPTED

    outcome = deliver(Half(), [b"a", b"b", b"x", b"c"])
    assert (list(outcome.retry), outcome.rejected, outcome.reason, outcome.after_ns) == ([2, 3], {}, "busy", 7)


def test_nothing_is_lost_while_the_backend_is_away(backend, caplog):
    backend.away.set()
    sender = started(backend)
    sender.put([b"1", b"2"])
    for _ in range(3):
        assert backend.attempts.acquire(timeout=20)
    sender.put([b"3"])
    backend.away.clear()
    assert sender.drain(20 * SECOND) == 0
    assert backend.stored == [b"1", b"2", b"3"]
    assert sender.counts.retries >= 3
    assert [record.getMessage() for record in caplog.records] == [
        "test backend: away; samples wait until it takes them",
        "test backend: takes samples again",
    ]


def test_putting_never_waits_for_a_backend_that_hangs(backend):
    backend.gate.clear()
    sender = started(backend)
    sender.put([b"1"])
    assert backend.entered.wait(20)
    sender.put([b"2"] * 1000)
    assert sender.waiting == 1001
    assert sender.drain(SOON_NS) == 1001
    backend.gate.set()


def test_beyond_the_bound_the_oldest_are_dropped_counted_and_said_once(backend, caplog):
    backend.gate.clear()
    sender = started(backend, limit_bytes=30)
    sender.put([b"first"])
    assert backend.entered.wait(20)
    sender.put([b"0123456789", b"1123456789", b"2123456789", b"3123456789", b"4123456789"])
    assert sender.counts.dropped == 2
    backend.gate.set()
    assert sender.drain(20 * SECOND) == 0
    assert backend.stored == [b"first", b"2123456789", b"3123456789", b"4123456789"]
    assert len([record for record in caplog.records if "dropped" in record.getMessage()]) == 1


def test_draining_gives_up_when_its_time_is_over(backend):
    backend.away.set()
    sender = started(backend)
    sender.put([b"1", b"2"])
    assert backend.attempts.acquire(timeout=20)
    assert sender.drain(SOON_NS) == 2


def test_draining_ends_a_long_pause_with_one_more_try(backend):
    backend.away.set()
    sender = Sender(backend, first_pause_ns=3600 * SECOND)
    sender.start()
    sender.put([b"1"])
    assert backend.attempts.acquire(timeout=20)
    # The next pause, an hour again, would not fit into the time given, so it is not waited for.
    assert sender.drain(20 * SECOND) == 1
    assert backend.attempts.acquire(blocking=False)


def test_a_driver_that_fails_for_good_ends_alone(backend):
    backend.error = BrokenPipeError()
    sender = started(backend)
    sender.put([b"1", b"2"])
    assert sender.ended.wait(20)
    assert isinstance(sender.error, BrokenPipeError)
    assert sender.waiting == 2


def test_part_of_a_batch_may_have_to_wait():
    class Picky(Backend):
        def send(self, batch):
            self.stored += [record for record in batch if record != b"later" or self.away.is_set()]
            waiting = [at for at, record in enumerate(batch) if record == b"later" and not self.away.is_set()]
            self.away.set()
            return Outcome(retry=waiting, reason="busy")

    backend = Picky()
    sender = started(backend)
    sender.put([b"1", b"later", b"2"])
    assert sender.drain(20 * SECOND) == 0
    assert backend.stored == [b"1", b"2", b"later"]
    assert sender.counts.accepted == 3


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [([], []), ([0], []), ([5, 5], [[5, 5]]), ([5, 6], [[5], [6]]), ([50, 1], [[50], [1]]), ([1, 50], [[1], [50]])],
)
def test_batches_are_bounded(sizes, expected):
    made = batches([b"x" * size for size in sizes], 10)
    assert [[len(record) for record in batch] for batch in made] == expected
