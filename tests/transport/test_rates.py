"""In any stretch of time no more requests than agreed, and none that waits for nothing."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from heapq import heappop, heappush
from itertools import count, pairwise
from threading import Condition, Lock

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from cvatfn.errors import TimedOut
from cvatfn.messages import Request, Response, Timeout
from cvatfn.outcome import Success
from cvatfn.schedule import constant
from cvatfn.transport import Transport, connect, rate_limited, retrying
from tests.transport.wire import error_of, value_of

GET = Request("GET", "/api/tasks")


class Time:
    """A clock that stands still while any of so many threads works, and the sleep that moves it.

    :param threads: how many there are.
    :param oversleeping: how many times longer a sleep takes, one after the other.
    """

    def __init__(self, threads: int = 1, oversleeping: Callable[[], float] = lambda: 1.0) -> None:
        self.now = 0.0
        self.slept = list[float]()
        self._oversleeping = oversleeping
        self._awake = threads
        self._wakes = list[float]()
        self._changed = Condition()

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        assert seconds > 0
        with self._changed:
            self.slept.append(seconds)
            # What `now + seconds` loses is gained again by the next, shorter sleep.
            wake = self.now + seconds * self._oversleeping()
            heappush(self._wakes, wake)
            self._rest()
            self._changed.wait_for(lambda: self.now >= wake)

    def leave(self) -> None:
        with self._changed:
            self._rest()

    def _rest(self) -> None:
        self._awake -= 1
        if self._awake or not self._wakes:
            return
        self.now = self._wakes[0]
        while self._wakes and self._wakes[0] <= self.now:
            heappop(self._wakes)
            self._awake += 1
        self._changed.notify_all()


class Begun:
    """A transport that notes when what was asked."""

    def __init__(self, time: Time) -> None:
        self.times = list[float]()
        self.requests = list[Request]()
        self._time = time
        self._lock = Lock()

    def __call__(self, request: Request) -> Success[Response]:
        with self._lock:
            self.times.append(self._time.now)
            self.requests.append(request)
        return Success(Response(200))


def _limited(time: Time, most: int, per: float) -> tuple[Transport, Begun]:
    begun = Begun(time)
    return rate_limited(begun, most, per=per, clock=time.clock, sleep=time.sleep), begun


def _within(times: list[float], most: int, per: float) -> bool:
    """Whether no `most + 1` of them lie within a stretch of `per`."""
    return all(later >= first + per for first, later in zip(times, times[most:], strict=False))


COUNTS = st.integers(1, 5)
STRETCHES = st.floats(0.01, 100)
PAUSES = st.lists(st.one_of(st.just(0.0), st.floats(0.001, 200)), min_size=1, max_size=30)


@given(COUNTS, STRETCHES, PAUSES)
def test_in_any_stretch_no_more_begin_than_agreed_and_none_later_than_it_must(
    most: int, per: float, pauses: list[float]
) -> None:
    time = Time()
    transport, begun = _limited(time, most, per)
    for pause in pauses:
        time.now += pause
        came = time.now
        transport(GET)
        before = begun.times[:-1][-most:]
        earliest = before[0] + per if len(before) == most else came
        assert begun.times[-1] == max(came, earliest)
    assert _within(begun.times, most, per)


@given(COUNTS, st.floats(0.1, 10), st.integers(2, 6), st.lists(st.floats(1, 9), min_size=1))
def test_so_it_is_for_threads_that_oversleep(
    most: int, per: float, threads: int, factors: list[float]
) -> None:
    turn = count()
    time = Time(threads, lambda: factors[next(turn) % len(factors)])
    transport, begun = _limited(time, most, per)

    def work(_: int) -> None:
        for _ in range(4):
            transport(GET)
        time.leave()

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(work, range(threads)))
    assert len(begun.times) == 4 * threads
    assert _within(sorted(begun.times), most, per)


def test_first_come_first_served() -> None:
    time = Time(8)
    transport, begun = _limited(time, 2, 10)

    def work(number: int) -> None:
        time.sleep(number / 8)
        transport(Request("GET", f"/{number}"))
        time.leave()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(1, 9)))
    assert [request.path for request in begun.requests] == [f"/{number}" for number in range(1, 9)]
    assert _within(begun.times, 2, 10)
    assert begun.times[-1] < 40


def test_below_the_limit_a_request_passes_as_it_is_and_at_once() -> None:
    time = Time()
    transport, begun = _limited(time, 3, 10)
    asked = [evolve(GET, timeout=Timeout(total=1)), evolve(GET, streamed=True), GET]
    for request in asked:
        assert value_of(transport(request)).status == 200
    assert all(seen is request for seen, request in zip(begun.requests, asked, strict=True))
    assert time.slept == []


def test_what_was_waited_counts_towards_the_time_for_the_whole() -> None:
    time = Time()
    transport, begun = _limited(time, 1, 4)
    limits = Timeout(connect=1, total=10)
    transport(evolve(GET, timeout=limits))
    transport(evolve(GET, timeout=limits))
    transport(GET)
    transport(evolve(GET, timeout=Timeout(read=1)))
    assert [request.timeout for request in begun.requests] == [
        limits,
        Timeout(connect=1, total=6),
        None,
        Timeout(read=1),
    ]


def test_a_request_whose_turn_comes_too_late_comes_back_at_once_and_takes_none() -> None:
    time = Time()
    transport, begun = _limited(time, 1, 4)
    transport(GET)
    error = error_of(transport(evolve(GET, timeout=Timeout(total=4))))
    assert isinstance(error, TimedOut)
    assert not error.may_have_acted
    assert "its turn" in error.reason
    assert time.slept == []
    transport(GET)
    assert begun.times == [0.0, 4.0]


def test_who_oversleeps_the_time_for_the_whole_sends_nothing() -> None:
    time = Time(oversleeping=lambda: 3.0)
    transport, begun = _limited(time, 1, 4)
    transport(GET)
    assert isinstance(error_of(transport(evolve(GET, timeout=Timeout(total=5)))), TimedOut)
    assert len(begun.requests) == 1


@pytest.mark.parametrize(
    ("most", "now", "waits"),
    [(1, 103, [10, 17, 27]), (1, 115, [10, 10, 20]), (2, 103, [9, 8, 17, 18])],
)
def test_how_long_a_turn_is_off_is_foretold_from_those_who_wait(
    most: int, now: float, waits: list[float]
) -> None:
    time, slept = Time(), list[float]()

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        time.now = now
        if slept == waits:
            raise KeyboardInterrupt
        wait = waits[len(slept)]  # others ask while this one sleeps
        assert isinstance(error_of(slow(evolve(GET, timeout=Timeout(total=wait)))), TimedOut)
        slow(evolve(GET, timeout=Timeout(total=wait + 0.5)))

    slow = rate_limited(Begun(time), most, per=10, clock=time.clock, sleep=sleep)
    for begins in (100, 101)[:most]:
        time.now = begins
        slow(GET)
    with pytest.raises(KeyboardInterrupt):
        slow(GET)
    assert slept == waits


@given(COUNTS, st.integers(1, 9), st.floats(0.5, 30))
def test_nobody_waits_for_those_who_gave_up(most: int, gone: int, pause: float) -> None:
    time = Time()
    sleeps: list[Callable[[float], None]] = [time.sleep]
    slow = rate_limited(
        begun := Begun(time), most, per=10, clock=time.clock, sleep=lambda wait: sleeps[-1](wait)
    )

    def interrupted(_: float) -> None:
        raise KeyboardInterrupt

    def overslept(seconds: float) -> None:
        time.now += 9 * seconds

    for _ in range(most):
        slow(GET)
    sleeps.append(interrupted)
    for _ in range(gone):
        with pytest.raises(KeyboardInterrupt):
            slow(GET)
    sleeps.append(overslept)
    error_of(slow(evolve(GET, timeout=Timeout(total=20))))
    sleeps.pop()
    sleeps.append(time.sleep)
    time.now += pause
    came = time.now
    slow(GET)
    assert begun.times[-1] == came


def test_no_secret_is_in_the_request_of_the_failure() -> None:
    transport, _ = _limited(Time(), 1, 4)
    asked = Request("GET", "/", (("token", "hunter2"),), timeout=Timeout(total=1))
    transport(asked)
    assert "hunter2" not in repr(error_of(transport(asked)))


def test_inside_of_a_retrying_transport_each_try_waits_its_turn() -> None:
    time = Time()
    tries = list[float]()

    def busy(_: Request) -> Success[Response]:
        tries.append(time.now)
        return Success(Response(503))

    slow = rate_limited(busy, 1, per=4, clock=time.clock, sleep=time.sleep)
    retrying(slow, constant(1, attempts=3), clock=time.clock, sleep=time.sleep)(GET)
    assert tries == [0.0, 4.0, 8.0]


def test_of_two_limits_both_are_kept() -> None:
    time = Time()
    slow, begun = _limited(time, 3, 10)
    slower = rate_limited(slow, 1, per=1, clock=time.clock, sleep=time.sleep)
    for _ in range(9):
        slower(GET)
    assert _within(begun.times, 3, 10)
    assert all(later - earlier >= 1 for earlier, later in pairwise(begun.times))


def test_a_copy_in_another_process_begins_anew() -> None:
    transport = rate_limited(connect("http://127.0.0.1:9"), 1)
    transport(evolve(GET, timeout=Timeout(total=5)))
    again = pickle.loads(pickle.dumps(transport))  # noqa: S301 - our own pickle
    late = evolve(GET, timeout=Timeout(total=5))
    assert isinstance(error_of(transport(late)), TimedOut)
    assert not isinstance(error_of(again(late)), TimedOut)


@pytest.mark.parametrize(("most", "per"), [(0, 1), (-1, 1), (1, 0), (1, -1), (1, float("nan"))])
def test_a_rate_that_makes_no_sense_is_refused(most: int, per: float) -> None:
    with pytest.raises(ValueError, match="must be positive"):
        rate_limited(lambda _: Success(Response(200)), most, per=per)
