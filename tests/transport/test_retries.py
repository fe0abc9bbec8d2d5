"""What is tried again, how long the waits are, and that nothing is done twice."""

from __future__ import annotations

import itertools
import math
import pickle
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from attrs import evolve, field, frozen
from hypothesis import given
from hypothesis import strategies as st

from cvatfn.auth import AccessToken
from cvatfn.errors import (
    ConnectFailed,
    ConnectionLost,
    ForeignOrigin,
    TimedOut,
    TlsFailed,
    TooLarge,
    TransportError,
    Unsendable,
)
from cvatfn.messages import Request, Response, Timeout, masked_request
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.schedule import Schedule, constant, delay, delays, exponential
from cvatfn.transport import (
    Budget,
    Transport,
    authenticated,
    connect,
    in_organization,
    retrying,
    with_headers,
    with_timeout,
    worth_repeating,
)
from tests.transfer.downloads import URL, Shelf
from tests.transport.conftest import Serve
from tests.transport.wire import always, answering, ok, value_of

GET = Request("GET", "/api/tasks")
POST = Request("POST", "/api/tasks")
Sent = Outcome[Response, TransportError]

LATER: list[Sent] = [
    *(Success(Response(status)) for status in (408, 429, 502, 503, 504)),
    Failure(ConnectionLost(GET, "x")),
    Failure(TimedOut(GET, "x")),
]
UNSENT: list[Sent] = [
    Failure(ConnectFailed(GET, "x")),
    Failure(TimedOut(GET, "x", may_have_acted=False)),
    Failure(ConnectionLost(GET, "x", may_have_acted=False)),
]
FINAL: list[Sent] = [
    *(Success(Response(status)) for status in (200, 302, 400, 404, 409, 500, 501)),
    Failure(TlsFailed(GET, "x")),
    Failure(TooLarge(GET, 1)),
    Failure(ForeignOrigin(GET, "x")),
    Failure(Unsendable(GET, "x")),
]


@frozen
class World:
    """A server that answers as planned, and a clock that only waits and answers move."""

    outcomes: Iterator[Sent]
    takes: float = 0.0
    now: list[float] = field(factory=lambda: [0.0])
    waits: list[float] = field(factory=list[float])
    requests: list[Request] = field(factory=list[Request])

    def send(self, request: Request) -> Sent:
        self.requests.append(request)
        self.now[0] += self.takes
        return next(self.outcomes)

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now[0] += seconds

    def clock(self) -> float:
        return self.now[0]

    def retrying(
        self,
        schedule: Schedule,
        timeout: Timeout | None = None,
        *,
        budget: Budget | None = None,
        around: Transport | None = None,
    ) -> Transport:
        return retrying(
            around or self.send,
            schedule,
            budget=budget,
            timeout=timeout,
            sleep=self.sleep,
            random=lambda: 0.0,
            clock=self.clock,
        )


def _world(*outcomes: Sent, takes: float = 0.0) -> World:
    return World(itertools.chain(outcomes, itertools.repeat(outcomes[-1])), takes)


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"])
def test_what_is_worth_repeating(method: str) -> None:
    request = Request(method, "/")
    safe = method in ("GET", "HEAD", "OPTIONS")
    assert {worth_repeating(request, outcome) for outcome in LATER} == {safe}
    assert {worth_repeating(request, outcome) for outcome in UNSENT} == {True}
    assert {worth_repeating(request, outcome) for outcome in FINAL} == {False}


def test_it_tries_until_the_answer_is_one() -> None:
    world = _world(*LATER[:2], *UNSENT[:1], Success(Response(200)))
    assert value_of(world.retrying(constant(2))(GET)).status == 200
    assert world.waits == [2.0, 2.0, 2.0]
    assert world.requests == [GET] * 4


def test_the_last_outcome_comes_back_as_it_was() -> None:
    answers = [Response(502, {"X-Request-Id": str(n)}, b"<html>%d" % n) for n in range(3)]
    world = _world(*map(Success, answers))
    assert value_of(world.retrying(constant(1, attempts=3))(GET)) is answers[2]


def test_a_write_that_may_have_been_done_is_sent_once() -> None:
    for outcome in LATER:
        world = _world(outcome)
        assert world.retrying(constant(1, attempts=3))(POST) is outcome
        assert len(world.requests) == 1
        assert world.waits == []


@pytest.mark.parametrize(
    ("said", "waits"),
    [
        ("7", [7.0]),
        ("0", [2.0]),
        ("Mon, 23 Nov 2026 10:00:30 GMT", [30.0]),
        ("Mon, 23 Nov 2026 09:00:00 GMT", [2.0]),
        ("soon", [2.0]),
        ("-5", [2.0]),
        ("121", []),
        ("99999999999", []),
        ("9" * 400, []),
        ("Wed, 23 Nov 2095 10:00:30 GMT", []),
    ],
)
def test_retry_after_is_obeyed_with_patience_but_not_without_end(
    said: str, waits: list[float]
) -> None:
    fields = {"Retry-After": said, "Date": "Mon, 23 Nov 2026 10:00:00 GMT"}
    world = _world(Success(Response(429, fields)), Success(Response(200)))
    status = value_of(world.retrying(constant(2))(GET)).status
    assert world.waits == waits
    assert status == (200 if waits else 429)


def test_the_time_for_the_whole_bounds_tries_and_waits_together() -> None:
    world = _world(LATER[0], takes=1.0)
    world.now[0] = 100.0
    request = evolve(GET, timeout=Timeout(connect=3, total=10))
    world.retrying(constant(2))(request)
    assert world.waits == [2.0, 2.0, 2.0]
    assert [asked.timeout for asked in world.requests] == [
        Timeout(connect=3, total=left) for left in (10, 7, 4, 1)
    ]


def test_the_transports_own_limits_count_where_a_request_has_none() -> None:
    world = _world(LATER[0], takes=1.0)
    world.retrying(constant(2), Timeout(total=5))(GET)
    assert world.waits == [2.0]
    assert [asked.timeout for asked in world.requests] == [None, Timeout(total=2)]


def test_a_sleep_that_oversleeps_sends_nothing_late() -> None:
    world = _world(LATER[0])
    transport = retrying(
        world.send,
        constant(2),
        timeout=Timeout(total=5),
        sleep=lambda seconds: world.sleep(seconds * 10),
        clock=world.clock,
    )
    assert transport(GET) is LATER[0]
    assert len(world.requests) == 1


OUTCOMES = st.sampled_from(LATER + UNSENT + FINAL)
SCHEDULES = st.builds(
    exponential,
    st.floats(0, 10),
    factor=st.floats(1, 10),
    cap=st.floats(0, 100),
    jitter=st.floats(0, 1),
    attempts=st.integers(1, 6),
    deadline=st.one_of(st.none(), st.floats(0, 100)),
)


@given(st.lists(OUTCOMES, min_size=1), SCHEDULES, st.sampled_from([GET, POST]), st.floats(0, 5))
def test_no_more_tries_than_the_schedule_allows_and_none_after_an_answer(
    outcomes: list[Sent], schedule: Schedule, request: Request, takes: float
) -> None:
    world = _world(*outcomes, takes=takes)
    last = world.retrying(schedule)(request)
    seen = [*outcomes, *[outcomes[-1]] * 9][: len(world.requests)]
    assert last is seen[-1]
    assert all(worth_repeating(request, outcome) for outcome in seen[:-1])
    assert schedule.attempts is not None
    assert len(world.requests) <= schedule.attempts
    assert len(world.waits) == len(world.requests) - 1
    if schedule.deadline is not None and world.waits:
        assert world.now[0] - takes <= schedule.deadline * (1 + 1e-9)


@given(SCHEDULES, st.floats(0, 1, exclude_max=True))
def test_each_wait_is_between_none_and_the_cap_and_chance_only_shortens(
    schedule: Schedule, chance: float
) -> None:
    longest = list(delays(schedule))
    assert all(0 <= wait <= schedule.cap for wait in longest)
    assert longest == sorted(longest)
    for tried, wait in enumerate(longest, 1):
        shorter = delay(schedule, tried, chance=chance)
        assert shorter is not None
        assert wait * (1 - schedule.jitter) * (1 - 1e-9) <= shorter <= wait


@given(SCHEDULES, st.integers(1, 9), st.floats(0, 50), st.floats(0, 200))
def test_a_wait_is_no_shorter_than_was_asked_for(
    schedule: Schedule, tried: int, elapsed: float, asked: float
) -> None:
    wait = delay(schedule, tried, elapsed=elapsed, asked=asked)
    if wait is not None:
        assert asked <= wait <= max(schedule.cap, schedule.patience)
        assert schedule.deadline is None or elapsed + wait <= schedule.deadline


def test_a_schedule_without_end_has_none() -> None:
    waits = delays(exponential(1, factor=10, cap=60, jitter=0, attempts=None))
    assert list(itertools.islice(waits, 5000))[-1] == 60


@pytest.mark.parametrize(
    "make",
    [
        lambda: Schedule(initial=-1),
        lambda: Schedule(initial=float("nan")),
        lambda: Schedule(initial=float("inf")),
        lambda: Schedule(initial=1, factor=0.5),
        lambda: Schedule(initial=1, jitter=1.5),
        lambda: Schedule(initial=1, attempts=0),
        lambda: Schedule(initial=1, deadline=-1),
        lambda: Schedule(initial=1, patience=-1),
        lambda: constant(1, attempts=0),
        lambda: exponential(cap=-1),
    ],
)
def test_a_schedule_that_makes_no_sense_is_refused(make: Callable[[], Schedule]) -> None:
    with pytest.raises(ValueError, match="must be a number of at least"):
        make()


def test_a_connection_tries_again_when_told_to(serve: Serve) -> None:
    server = serve(answering(ok(status="503 Later"), ok(b"", status="502 Bad"), ok(b"here")))
    with connect(server.url, retry=constant(0)) as transport:
        assert value_of(transport(GET)).body == b"here"
    assert len(server.requests) == 3


def test_a_retrying_transport_pickles_if_what_it_wraps_does() -> None:
    transport = retrying(connect("http://127.0.0.1:9"), exponential())
    again: object = pickle.loads(pickle.dumps(transport))  # noqa: S301 - our own pickle
    assert callable(again)


def _statuses(outcomes: Iterable[Sent]) -> list[int]:
    return [value_of(outcome).status for outcome in outcomes]


def test_what_is_tried_again_can_be_chosen() -> None:
    world = _world(Success(Response(500)), Success(Response(200)))

    def on_500(_: Request, outcome: Sent) -> bool:
        return _statuses([outcome]) == [500]

    transport = retrying(world.send, constant(1), when=on_500, sleep=world.sleep)
    assert value_of(transport(POST)).status == 200


# Retries never multiply: of policies around each other the outermost rules.


@given(st.lists(OUTCOMES, min_size=1), SCHEDULES, st.lists(SCHEDULES, max_size=3))
def test_of_retrying_transports_around_each_other_the_outermost_rules(
    outcomes: list[Sent], outer: Schedule, inner: list[Schedule]
) -> None:
    alone, nested = _world(*outcomes), _world(*outcomes)
    transport: Transport = nested.send
    for schedule in inner:
        transport = nested.retrying(schedule, around=transport)
    assert nested.retrying(outer, around=transport)(GET) == alone.retrying(outer)(GET)
    assert nested.requests == alone.requests
    assert nested.waits == alone.waits


def test_what_stands_between_two_policies_keeps_the_word_of_the_outer_one() -> None:
    world = _world(LATER[0])
    transport: Transport = world.retrying(constant(1, attempts=5))
    transport = with_timeout(with_headers(in_organization(transport, "acme"), {"X-A": "1"}), 9)
    transport = authenticated(transport, AccessToken("t"), "https://cvat.example")
    world.retrying(constant(1, attempts=3), around=transport)(GET)
    assert len(world.requests) == 3
    assert all(asked.once for asked in world.requests)


def test_a_request_to_be_sent_once_passes_as_it_is() -> None:
    world = _world(LATER[0])
    once = evolve(GET, once=True)
    assert world.retrying(constant(1, attempts=5), Timeout(total=9))(once) is LATER[0]
    [seen] = world.requests
    assert seen is once


def test_a_policy_around_a_connection_with_one_of_its_own_rules(serve: Serve) -> None:
    server = serve(always(ok(status="503 Later")))
    with connect(server.url, retry=constant(0, attempts=5)) as transport:
        patient = retrying(transport, constant(0, attempts=2))
        assert value_of(patient(GET)).status == 503
    assert len(server.requests) == 2


def test_how_often_to_send_is_no_part_of_what_is_asked_or_kept() -> None:
    once = evolve(GET, once=True)
    assert once == GET
    assert hash(once) == hash(GET)
    assert not masked_request(once, frozenset()).once


# Retries never multiply: in an outage a budget ends them.


def test_when_the_budget_is_spent_the_outcome_comes_back_at_once() -> None:
    world = _world(LATER[0])
    transport = world.retrying(constant(1, attempts=3), budget=Budget(3, 0.5))
    sent = [len(world.requests) for _ in range(4) if transport(GET) is LATER[0]]
    assert sent == [3, 5, 6, 7]
    assert len(world.waits) == 3


def test_good_answers_fill_the_budget_up_to_its_size() -> None:
    down, up = LATER[0], Success(Response(200))
    world = World(itertools.chain([up] * 9, [down] * 9))
    transport = world.retrying(constant(1, attempts=9), budget=Budget(2, 1))
    for _ in range(9):
        transport(GET)
    assert transport(GET) is down
    assert len(world.requests) == 9 + 3


def test_a_good_answer_gives_back_what_it_is_worth() -> None:
    world = World(itertools.cycle([LATER[0], Success(Response(399))]))
    transport = world.retrying(constant(1, attempts=2), budget=Budget(1, 1))
    assert _statuses(transport(GET) for _ in range(5)) == [399] * 5


def test_a_fifth_of_a_token_for_each_good_answer_unless_told() -> None:
    budget = Budget()
    assert [budget.take() for _ in range(101)] == [True] * 100 + [False]
    for _ in range(4):
        budget.give()
    assert not budget.take()
    budget.give()
    assert budget.take()


def test_an_answer_that_is_asked_for_again_gives_its_link_back() -> None:
    shelf, closed = Shelf(), list[bool]()

    def send(asked: Request) -> Sent:
        closed.extend(stream.closed for stream in shelf.streams)
        return shelf(asked)

    asked = Request("GET", URL, streamed=True)
    transport = retrying(send, constant(0, attempts=3), when=lambda _, __: True)
    last = value_of(transport(asked)).stream
    assert last is shelf.streams[-1]
    assert [stream.closed for stream in shelf.streams] == [True, True, False]
    assert closed == [True, True, True]


@pytest.mark.parametrize("status", [400, 404, 500])
def test_a_refusal_gives_nothing_back(status: int) -> None:
    world = World(iter([LATER[0], Success(Response(status)), *LATER[:2]]))
    transport = world.retrying(constant(1, attempts=9), budget=Budget(1, 1))
    assert value_of(transport(GET)).status == status
    assert transport(GET) is LATER[0]
    assert len(world.requests) == 3


def test_transports_may_share_a_budget() -> None:
    world, budget = _world(LATER[0]), Budget(1)
    for _ in range(2):
        world.retrying(constant(1, attempts=5), budget=budget)(GET)
    assert len(world.requests) == 3


def test_a_connection_keeps_one_budget_for_all_its_requests(serve: Serve) -> None:
    server = serve(always(ok(status="503 Later")))
    with connect(server.url, retry=constant(0, attempts=41)) as transport:
        for _ in range(5):
            transport(GET)
        assert len(server.requests) == 5 + 100
        copy = pickle.loads(pickle.dumps(transport))  # noqa: S301 - our own pickle
    with copy:
        copy(GET)
    assert len(server.requests) == 5 + 100 + 41


@given(
    st.lists(OUTCOMES, min_size=1, max_size=40),
    st.lists(st.tuples(st.sampled_from([GET, POST]), st.booleans()), min_size=1, max_size=9),
    st.lists(SCHEDULES, min_size=1, max_size=3),
    st.integers(0, 5),
    st.floats(0, 1),
)
def test_however_it_goes_the_number_of_sends_is_bounded(
    outcomes: list[Sent],
    requests: list[tuple[Request, bool]],
    schedules: list[Schedule],
    tokens: int,
    ratio: float,
) -> None:
    world = World(itertools.cycle(outcomes))
    transport: Transport = world.send
    for schedule in schedules:
        transport = world.retrying(schedule, budget=Budget(tokens, ratio), around=transport)
    attempts = schedules[-1].attempts
    assert attempts is not None
    for request, once in requests:
        before = len(world.requests)
        transport(evolve(request, once=once))
        assert len(world.requests) - before <= (1 if once else attempts)
    sent = list(itertools.islice(itertools.cycle(outcomes), len(world.requests)))
    good = sum(isinstance(each, Success) and each.unwrap().status < 400 for each in sent)
    assert len(sent) <= len(requests) + tokens + ratio * good + 1e-6


def test_a_budget_pickles_by_its_size_and_begins_full() -> None:
    budget = Budget(1, 0.25)
    budget.take()
    copy = pickle.loads(pickle.dumps(budget))  # noqa: S301 - our own pickle
    assert repr(copy) == repr(budget) == "Budget(tokens=1, ratio=0.25)"
    assert (copy.take(), budget.take()) == (True, False)


def test_a_budget_without_end_has_none() -> None:
    budget = Budget(math.inf)
    assert all(budget.take() for _ in range(1000))


@pytest.mark.parametrize(("tokens", "ratio"), [(-1, 0), (math.nan, 0), (1, -1), (1, math.inf)])
def test_a_budget_that_makes_no_sense_is_refused(tokens: float, ratio: float) -> None:
    with pytest.raises(ValueError, match="at least 0"):
        Budget(tokens, ratio)


@given(st.integers(1, 100), st.integers(0, 9))
def test_so_many_good_answers_are_worth_a_token(parts: int, tokens: int) -> None:
    budget = Budget(tokens + 1, 1 / parts)
    for _ in range(tokens + 1):
        assert budget.take()
    for _ in range(parts - 1):
        budget.give()
    assert not budget.take()
    budget.give()
    assert budget.take()
    assert not budget.take()


@pytest.mark.parametrize("total", [0, -1, math.nan])
def test_limits_that_cannot_be_kept_are_refused(total: float) -> None:
    with pytest.raises(ValueError, match="a timeout must be"):
        retrying(lambda _: LATER[0], constant(1), timeout=Timeout(total=total))


def test_threads_take_no_token_twice() -> None:
    budget = Budget(500)
    with ThreadPoolExecutor(8) as pool:
        taken = sum(pool.map(Budget.take, [budget] * 2000))
    assert taken == 500
