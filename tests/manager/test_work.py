"""The one thread and its jobs."""

import os
import threading
from collections.abc import Generator, Iterator

import pytest

from cadvcli.manager.work import WorkThread
from cadvcli.model.clock import Clock


@pytest.fixture
def work() -> Iterator[WorkThread]:
    thread = WorkThread(Clock(), lambda now: None)
    thread.start()
    yield thread
    thread.stop()


def test_a_job_returns_its_result_to_the_thread_that_asked(work: WorkThread) -> None:
    def job() -> Generator[None, None, str]:
        yield
        return threading.current_thread().name

    assert work.submit(job()).result(5) == "work"


def test_an_error_reaches_whoever_waits_and_the_thread_goes_on(work: WorkThread) -> None:
    def bad() -> Generator[None, None, None]:
        yield
        raise ValueError("no")

    def good() -> Generator[None, None, int]:
        yield
        return 1

    with pytest.raises(ValueError, match="no"):
        work.submit(bad()).result(5)
    assert work.submit(good()).result(5) == 1


def test_jobs_take_turns(work: WorkThread) -> None:
    long_started, stop = threading.Event(), threading.Event()

    def long() -> Generator[None, None, None]:
        long_started.set()
        while not stop.is_set():
            yield

    def short() -> Generator[None, None, str]:
        yield
        return "done beside it"

    waiting = work.submit(long())
    assert long_started.wait(5)
    assert work.submit(short()).result(5) == "done beside it"
    assert not waiting.done()
    stop.set()
    waiting.result(5)


def test_a_readable_descriptor_calls_its_action() -> None:
    thread, heard = WorkThread(Clock(), lambda now: None), threading.Event()
    reader, writer = os.pipe()

    def hear() -> None:
        os.read(reader, 10)
        heard.set()

    thread.on_readable(reader, hear)
    thread.start()
    os.write(writer, b"x")
    assert heard.wait(5)
    thread.stop()
    os.close(reader)
    os.close(writer)


def test_a_descriptor_that_is_forgotten_calls_nothing(work: WorkThread) -> None:
    reader, writer = os.pipe()
    calls: list[None] = []

    def job() -> Generator[None, None, None]:
        work.on_readable(reader, lambda: calls.append(None))
        work.forget(reader)
        yield

    work.submit(job()).result(5)
    os.write(writer, b"x")
    work.submit(job()).result(5)
    assert calls == []
    os.close(reader)
    os.close(writer)


def test_the_timer_says_when_it_wants_to_be_called_again() -> None:
    calls: list[int] = []
    third = threading.Event()

    def timer(now_ns: int) -> int:
        calls.append(now_ns)
        if len(calls) == 3:
            third.set()
        return now_ns + 1_000_000

    thread = WorkThread(Clock(), timer)
    thread.start()
    assert third.wait(5)
    thread.stop()
    assert calls == sorted(calls)


def test_jobs_that_are_left_at_the_end_are_cancelled() -> None:
    thread, begun, ended = WorkThread(Clock(), lambda now: None), threading.Event(), []

    def endless() -> Generator[None, None, None]:
        begun.set()
        try:
            while True:
                yield
        finally:
            ended.append("cleaned up")

    thread.start()
    future = thread.submit(endless())
    assert begun.wait(5)
    thread.stop()
    assert future.cancelled()
    assert ended == ["cleaned up"]


def test_what_comes_after_the_end_is_cancelled() -> None:
    thread = WorkThread(Clock(), lambda now: None)
    thread.start()
    thread.stop()

    def job() -> Generator[None, None, None]:
        yield

    assert thread.submit(job()).cancelled()
    thread.wake()
