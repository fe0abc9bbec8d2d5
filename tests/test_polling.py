"""Who is asked again, how long the waits are, and the three ways out of waiting."""

from __future__ import annotations

import pickle
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import reduce
from itertools import chain, repeat
from math import inf, nan
from operator import add
from typing import assert_type

import pytest
from attrs import evolve, field, frozen
from hypothesis import given
from hypothesis import strategies as st

from cvatfn import CallError, File, Outcome, Request, Transport, call, models
from cvatfn.api import tasks
from cvatfn.auth import Basic
from cvatfn.codecs.rejections import LONGEST
from cvatfn.errors import (
    ConnectFailed,
    ConnectionLost,
    InvalidParams,
    Rejected,
    TimedOut,
    TlsFailed,
    Undecodable,
)
from cvatfn.outcome import Failure, Success
from cvatfn.polling import WAITING, PollTimedOut, RequestFailed, poll, wait_for
from cvatfn.schedule import Schedule, constant, delay, delays, exponential
from cvatfn.testing.sandbox import Sandbox, World
from cvatfn.transport import authenticated, retrying
from tests.background_work import Sent, answered, refusal, work
from tests.sandbox.kit import picture

RQ = "action=create&target=task&target_id=7"
GET = Request("GET", "/api/requests/x")


@frozen
class Clock:
    """Time that only sleeping and answering move."""

    takes: float = 0.0
    now: list[float] = field(factory=lambda: [1000.0])
    waits: list[float] = field(factory=list[float])
    asked: list[Request] = field(factory=list[Request])

    def read(self) -> float:
        return self.now[0]

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now[0] += seconds

    def poll(
        self,
        answers: Iterator[Outcome[int, str]],
        schedule: Schedule,
        *,
        tolerate: Callable[[str, float], bool] | None = None,
        on_value: Callable[[int], object] | None = None,
        chance: float = 0.0,
    ) -> Outcome[int, str | PollTimedOut]:
        """Poll until there is a zero."""

        def step() -> Outcome[int, str]:
            self.now[0] += self.takes
            return next(answers)

        return poll(
            step,
            lambda value: value == 0,
            schedule,
            tolerate=tolerate,
            on_value=on_value,
            what="a zero",
            clock=self.read,
            sleep=self.sleep,
            random=lambda: chance,
        )

    def wait_for(
        self,
        *sent: Sent,
        schedule: Schedule = WAITING,
        rq_id: str | models.RqId = RQ,
        progress: Callable[[models.Request], object] | None = None,
    ) -> Outcome[models.Request, CallError | RequestFailed | PollTimedOut]:
        """Wait; the last of what a server sends is sent for ever."""
        answers = chain(sent, repeat(sent[-1]))

        def send(request: Request) -> Sent:
            self.asked.append(request)
            self.now[0] += self.takes
            return next(answers)

        return wait_for(
            send,
            rq_id,
            schedule=schedule,
            progress=progress,
            clock=self.read,
            sleep=self.sleep,
            random=lambda: 0.0,
        )


def _answers(*answers: Outcome[int, str]) -> Iterator[Outcome[int, str]]:
    return iter(answers)


def _answer(status: str, message: str = "", progress: float | None = None) -> Sent:
    return answered(work(RQ, status, message, progress))


def _failed(message: str) -> RequestFailed:
    error = Clock().wait_for(_answer("failed", message)).failure()
    assert isinstance(error, RequestFailed)
    return error


def _timed_out(outcome: Outcome[object, object]) -> PollTimedOut:
    error = outcome.failure()
    assert isinstance(error, PollTimedOut)
    return error


def _status_of(outcome: Outcome[object, object]) -> int:
    error = outcome.failure()
    assert isinstance(error, Rejected)
    return error.status


def _always(_error: object, _elapsed: float) -> bool:
    return True


SCHEDULES = st.builds(
    exponential,
    st.floats(0.01, 10),
    factor=st.floats(1, 10),
    cap=st.floats(0.5, 100),
    jitter=st.floats(0, 1),
    attempts=st.integers(1, 8),
    deadline=st.one_of(st.none(), st.floats(0, 100)),
)
CHANCES = st.floats(0, 1, exclude_max=True)


def test_it_asks_until_the_answer_will_do() -> None:
    clock, seen = Clock(), list[int]()
    answers = _answers(Success(2), Success(1), Success(0), Success(5))
    outcome = clock.poll(answers, constant(3), on_value=seen.append)
    assert outcome == Success(0)
    assert seen == [2, 1, 0]
    assert clock.waits == [3.0, 3.0]
    assert next(answers) == Success(5)


def test_it_does_not_sleep_before_the_first_answer_nor_after_the_last() -> None:
    clock = Clock()
    assert clock.poll(_answers(Success(0)), constant(3)) == Success(0)
    assert clock.waits == []


@given(SCHEDULES, CHANCES)
def test_the_waits_are_those_of_the_schedule(schedule: Schedule, chance: float) -> None:
    clock = Clock(now=[0.0])  # from zero, so that sums round as those of `delays`
    error = _timed_out(clock.poll(repeat(Success(1)), schedule, chance=chance))
    assert clock.waits == list(delays(schedule, lambda: chance))
    waited = reduce(add, clock.waits, 0.0)  # `sum` rounds otherwise from Python 3.12 on
    assert error == PollTimedOut(waited, len(clock.waits) + 1, "a zero", 1)


@given(SCHEDULES, CHANCES, st.floats(0, 5))
def test_neither_the_deadline_nor_the_attempts_are_passed(
    schedule: Schedule, chance: float, takes: float
) -> None:
    clock = Clock(takes, now=[0.0])
    error = _timed_out(clock.poll(repeat(Success(1)), schedule, chance=chance))
    assert error.tries == len(clock.waits) + 1 <= (schedule.attempts or 0)
    assert error.waited == clock.now[0]
    if schedule.deadline is not None:
        assert sum(clock.waits) <= schedule.deadline * (1 + 1e-9)
        assert error.waited <= (schedule.deadline + takes) * (1 + 1e-9)


def test_without_randomness_each_wait_is_the_longest_it_can_be() -> None:
    grown = exponential(1, cap=5, jitter=1, attempts=5)
    assert list(delays(grown)) == [1.0, 2.0, 4.0, 5.0]
    assert list(delays(grown, lambda: 0.5)) == [0.5, 1.0, 2.0, 2.5]


def test_a_schedule_says_nothing_that_nobody_said() -> None:
    assert list(delays(exponential(jitter=0))) == [0.5, 1.0, 2.0]
    assert exponential() == Schedule(initial=0.5, factor=2.0, cap=30.0, jitter=0.5, attempts=4)
    assert exponential(deadline=7).deadline == 7
    assert constant(90, deadline=5) == Schedule(initial=90, cap=90, deadline=5)
    assert [delay(constant(90, attempts=2), tried) for tried in (1, 2)] == [90.0, None]


def test_what_comes_to_the_limit_is_within_it() -> None:
    assert list(delays(constant(2, deadline=4))) == [2.0, 2.0]
    assert list(delays(constant(2, deadline=3.9))) == [2.0]
    schedule = Schedule(initial=1, cap=5, patience=7, jitter=0.5)
    assert delay(schedule, 1, asked=7) == 7.0
    assert delay(schedule, 1, asked=7.1) is None
    assert delay(schedule, 1, asked=0.5, chance=0.8) == 0.6
    assert delay(schedule, 1, asked=0.9, chance=0.8) == 0.9
    assert Schedule(
        initial=0, factor=1, cap=0, jitter=1, attempts=1, deadline=0, patience=0
    ) == Schedule(initial=0, cap=0, jitter=1.0, attempts=1, deadline=0.0, patience=0)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: Schedule(initial=-1), "initial must be a number of at least 0, not -1"),
        (lambda: Schedule(initial=inf), "initial must be a number of at least 0, not inf"),
        (lambda: Schedule(initial=nan), "initial must be a number of at least 0, not nan"),
        (lambda: Schedule(initial=1, factor=0.9), "factor must be a number of at least 1, not 0.9"),
        (lambda: Schedule(initial=1, cap=-0.5), "cap must be a number of at least 0, not -0.5"),
        (lambda: Schedule(initial=1, jitter=-0.1), "jitter must be a number of at least 0, not -0"),
        (lambda: Schedule(initial=1, jitter=1.1), "jitter must be a number of at least 0, not 1.1"),
        (lambda: Schedule(initial=1, patience=-1), "patience must be a number of at least 0, not"),
        (lambda: Schedule(initial=1, attempts=0), "attempts must be a number of at least 1, not 0"),
        (lambda: Schedule(initial=1, deadline=-1), "deadline must be a number of at least 0, not"),
    ],
)
def test_a_schedule_out_of_range_is_refused(make: Callable[[], Schedule], said: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(said)}"):
        make()


def test_a_schedule_without_waits_stays_without_them() -> None:
    assert delay(Schedule(initial=0, factor=2), 5000) == 0.0
    assert delay(Schedule(initial=1, factor=2), 5000) == 60.0


@given(st.lists(st.integers(0, 3)), st.integers(1, 8))
def test_the_first_answer_that_will_do_is_the_outcome(values: list[int], attempts: int) -> None:
    answers = map(Success, chain(values, repeat(1)))
    outcome = Clock().poll(answers, constant(1, attempts=attempts))
    if 0 in values[:attempts]:
        assert outcome == Success(0)
    else:
        assert _timed_out(outcome).tries == attempts


def test_an_error_ends_it() -> None:
    clock, failure = Clock(), Failure("broken")
    answers = _answers(Success(1), failure, Success(0))
    assert clock.poll(answers, constant(3)) is failure
    assert clock.waits == [3.0]


def test_what_is_tolerated_is_asked_with_the_time_that_has_passed() -> None:
    clock, seen = Clock(takes=0.5), list[tuple[str, float]]()

    def until_five(error: str, elapsed: float) -> bool:
        seen.append((error, elapsed))
        return elapsed < 5

    outcome = clock.poll(repeat(Failure("away")), constant(2), tolerate=until_five)
    assert outcome == Failure("away")
    assert seen == [("away", 0.5), ("away", 3.0), ("away", 5.5)]


def test_a_schedule_that_ends_on_an_error_tells_of_it_and_of_the_last_answer() -> None:
    answers = _answers(Success(4), Failure("away"), Failure("gone"))
    error = _timed_out(Clock().poll(answers, constant(2, attempts=3), tolerate=_always))
    assert error == PollTimedOut(4.0, 3, "a zero", 4, "gone")
    assert str(error) == (
        "Waited 4.0 s in vain for a zero (tries: 3). Last seen: 4. Last error: gone. "
        "It may come yet: wait again, with a larger `deadline`, `attempts` or `patience` "
        "in the schedule."
    )


def test_an_error_that_passed_is_not_told() -> None:
    answers = _answers(Failure("away"), Success(4))
    error = _timed_out(Clock().poll(answers, constant(2, attempts=2), tolerate=_always))
    assert (error.last, error.error) == (4, None)
    assert "error" not in str(error)


def test_what_was_seen_is_told_shortly() -> None:
    assert len(str(PollTimedOut(1, 1, "x", "y" * 9000, "z" * 9000))) < 1500


AGAIN = (
    "It may come yet: wait again, with a larger `deadline`, `attempts` or `patience` in the "
    "schedule."
)


@pytest.mark.parametrize(
    ("last", "error", "told"),
    [
        (None, None, " "),
        ("x", None, " Last seen: 'x'. "),
        (None, "Down.", " Last error: Down. "),
        (None, "Down...", " Last error: Down... "),
        ("x", "y", " Last seen: 'x'. Last error: y. "),
    ],
)
def test_what_was_waited_for_in_vain_is_told_to_the_letter(
    last: object, error: object, told: str
) -> None:
    error = PollTimedOut(61.25, 7, "rain", last, error)
    assert str(error) == f"Waited 61.2 s in vain for rain (tries: 7).{told}{AGAIN}"


@given(st.integers(LONGEST - 10, LONGEST + 10))
def test_what_is_told_is_cut_to_the_longest_and_not_before(length: int) -> None:
    told = str(PollTimedOut(1, 1, "x", None, "y" * length))
    shown = told.partition("Last error: ")[2].partition(". It may")[0]
    if length <= LONGEST:
        assert shown == "y" * length
    else:
        assert shown == "y" * (LONGEST - 3) + ".."


def test_both_errors_pickle_and_compare_by_value() -> None:
    timed_out = _timed_out(Clock().wait_for(_answer("started"), refusal(503), schedule=ONCE_MORE))
    assert isinstance(timed_out.last, models.Request)
    assert isinstance(timed_out.error, Rejected)
    for error in (_failed("ValueError: no"), timed_out):
        again: object = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own pickle
        assert again == error
        assert str(again) == str(error)
    assert _failed("ValueError: no") == _failed("ValueError: no") != _failed("other")


ONCE_MORE = constant(1, attempts=2)


@pytest.mark.parametrize("rq_id", [RQ, models.RqId(rq_id=RQ)])
def test_background_work_is_asked_for_until_it_is_finished(rq_id: str | models.RqId) -> None:
    clock, seen = Clock(), list[str]()
    answers = [_answer(status) for status in ("queued", "started", "finished")]
    outcome = clock.wait_for(
        *answers, rq_id=rq_id, progress=lambda request: seen.append(request.status.value)
    )
    assert outcome.unwrap().status is models.RequestStatus.FINISHED
    assert seen == ["queued", "started", "finished"]
    assert {asked.path for asked in clock.asked} == {
        "/api/requests/action%3Dcreate%26target%3Dtask%26target_id%3D7"
    }
    assert clock.waits == pytest.approx([0.1, 0.15])


def test_a_status_of_a_newer_server_is_not_the_end() -> None:
    clock = Clock()
    outcome = clock.wait_for(_answer("paused"), _answer("finished"))
    assert outcome.unwrap().status is models.RequestStatus.FINISHED
    assert len(clock.asked) == 2


def test_by_default_it_waits_for_an_hour_and_looks_every_five_seconds() -> None:
    clock = Clock()
    error = _timed_out(clock.wait_for(_answer("started", progress=0.25)))
    assert 3590 < error.waited <= 3600
    assert clock.waits[0] == 0.1
    assert clock.waits[-1] == 5.0
    assert clock.waits == sorted(clock.waits)
    assert str(error).startswith(
        f"Waited {error.waited:.1f} s in vain for the end of background request '{RQ}' "
        f"(tries: {len(clock.asked)}). Last seen: started, progress 0.25. It may come yet"
    )


@pytest.mark.parametrize(
    "fault",
    [
        *map(refusal, (408, 429, 502, 503, 504)),
        Failure(ConnectionLost(GET, "x")),
        Failure(TimedOut(GET, "x")),
        Failure(ConnectFailed(GET, "x")),
    ],
)
def test_faults_that_may_pass_do_not_end_it(fault: Sent) -> None:
    clock = Clock()
    outcome = clock.wait_for(fault, _answer("started"), fault, fault, _answer("finished"))
    assert outcome.unwrap().status is models.RequestStatus.FINISHED
    assert len(clock.asked) == 5
    error = _timed_out(Clock().wait_for(fault, schedule=constant(60, deadline=600)))
    assert (error.waited, error.tries, error.last) == (600.0, 11, None)
    assert error.error is not None


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        *((refusal(status), Rejected) for status in (400, 401, 403, 409, 500)),
        (refusal(200, b"{}"), Undecodable),
        (Failure(TlsFailed(GET, "x")), TlsFailed),
    ],
)
def test_other_faults_end_it_at_once(fault: Sent, kind: type[object]) -> None:
    clock = Clock()
    assert isinstance(clock.wait_for(fault, _answer("finished")).failure(), kind)
    assert clock.waits == []


def test_an_id_that_is_none_ends_it_before_anything_is_sent() -> None:
    clock = Clock()
    error = clock.wait_for(_answer("finished"), rq_id="").failure()
    assert isinstance(error, InvalidParams)
    assert clock.asked == []


def test_work_that_has_just_begun_may_be_unknown_for_ten_seconds() -> None:
    clock, missing = Clock(), refusal(404)
    outcome = clock.wait_for(missing, missing, _answer("finished"))
    assert outcome.unwrap().status is models.RequestStatus.FINISHED
    never = Clock()
    assert _status_of(never.wait_for(missing)) == 404
    assert 10 <= sum(never.waits) < 15
    assert sum(never.waits[:-1]) < 10


def test_work_that_vanishes_later_ends_it() -> None:
    clock = Clock()
    outcome = clock.wait_for(_answer("queued"), refusal(404), schedule=constant(11))
    assert _status_of(outcome) == 404
    assert clock.waits == [11.0]


@pytest.mark.parametrize(
    "schedule",
    [constant(1, deadline=3), constant(1, attempts=4), constant(1, deadline=3.5)],
)
def test_an_id_that_never_was_is_a_404_when_the_schedule_is_shorter(schedule: Schedule) -> None:
    clock = Clock()
    assert _status_of(clock.wait_for(refusal(404), schedule=schedule)) == 404
    assert clock.waits == [1.0, 1.0, 1.0]


@pytest.mark.parametrize("status", [404, 429, 503])
def test_retry_after_is_obeyed(status: int) -> None:
    clock = Clock()
    later = refusal(status, Retry_After="7")
    assert clock.wait_for(later, _answer("finished")).unwrap().id == RQ
    assert clock.waits == [7.0]


def test_nobody_below_tries_again_what_the_waiting_does() -> None:
    clock, later = Clock(), refusal(503)
    sent = [later, _answer("started"), later, _answer("finished")]
    asked: list[Request] = []

    def send(request: Request) -> Sent:
        asked.append(request)
        return sent[len(asked) - 1]

    stubborn = retrying(send, constant(1, attempts=9), sleep=clock.sleep, clock=clock.read)
    outcome = wait_for(stubborn, RQ, clock=clock.read, sleep=clock.sleep, random=lambda: 0.0)
    assert outcome.unwrap().id == RQ
    assert clock.waits == pytest.approx([0.1, 0.15, 0.225])
    assert all(request.once for request in asked)


def test_a_server_that_asks_for_too_much_is_not_waited_for() -> None:
    clock = Clock()
    later = refusal(503, b'"Down."', Retry_After="700")
    error = _timed_out(clock.wait_for(_answer("queued"), later))
    assert len(clock.waits) == 1
    assert "Last seen: queued. Last error: requests.retrieve (GET " in str(error)
    assert ": 503: Down. Try again later; " in str(error)
    assert " (the server asks to wait 700 s). It may come yet" in str(error)


def test_work_that_failed_tells_the_last_line_first() -> None:
    trace = 'Traceback (most recent call last):\n  File "a.py", line 3, in read\n    open(x)\n'
    error = _failed(f"{trace}ValueError: No media data found.\n\n")
    assert error.request.message.startswith("Traceback")
    assert str(error) == (
        f"create:task of task 7 (background request '{RQ}') failed: ValueError: No media data "
        "found. Correct what this names and start the work again; `request.message` has all of it:"
        '\n  Traceback (most recent call last):\n    File "a.py", line 3, in read\n      open(x)'
    )


@pytest.mark.parametrize("message", ["", " \n\n"])
def test_work_that_failed_without_a_word_says_so(message: str) -> None:
    assert "failed: the server gave no reason. " in str(_failed(message))


@given(st.text(max_size=200), st.integers(0, 300))
def test_a_long_message_is_told_shortly(line: str, times: int) -> None:
    shown = str(_failed(f"{line}\n" * times + "x" * 9000 + "\nKeyError: 'end'"))
    assert shown.startswith(
        f"create:task of task 7 (background request '{RQ}') failed: KeyError: 'end'."
    )
    assert len(shown) < 7000


@pytest.mark.parametrize(
    ("target", "number", "told"),
    [
        ("job", {"job_id": 3, "task_id": 7}, "x of job 3"),
        ("project", {"project_id": 2}, "x of project 2"),
        ("task", {}, "x"),
        ("cloud", {"task_id": 7}, "x"),
    ],
)
def test_work_that_failed_is_named(target: str, number: dict[str, int], told: str) -> None:
    operation = models.RequestDataOperation(
        type="x",
        target=target,
        project_id=number.get("project_id"),
        task_id=number.get("task_id"),
        job_id=number.get("job_id"),
    )
    request = evolve(_failed("no").request, operation=operation)
    assert str(RequestFailed(request)).startswith(f"{told} (background request")


def _sandbox() -> tuple[Sandbox, Transport]:
    sandbox = Sandbox(World.with_user("admin", "s3cret"))
    return sandbox, authenticated(sandbox, Basic("admin", "s3cret"), sandbox.world.origin)


def _started(cvat: Transport, image: File) -> models.RqId:
    task = call(cvat, tasks.create, {"name": "cats", "labels": [{"name": "cat"}]}).unwrap()
    started = call(cvat, tasks.create_data, task.id, {"client_files": [image]}).unwrap()
    assert started is not None
    return started


def _still(_seconds: float) -> None:
    """Every look moves the sandbox's clock on: nobody needs to sleep."""


def test_in_the_sandbox_work_comes_to_its_end() -> None:
    _, cvat = _sandbox()
    seen: list[str] = []
    rq_id = _started(cvat, picture("cat.png"))
    outcome = wait_for(
        cvat, rq_id, sleep=_still, progress=lambda request: seen.append(request.status.value)
    )
    assert outcome.unwrap().finished_date is not None
    assert seen == ["queued", "started", "finished"]
    task = call(cvat, tasks.list).unwrap().results[0]
    assert task.size == 1


def test_in_the_sandbox_a_sleep_that_sets_the_clock_on_needs_one_look_more() -> None:
    sandbox, cvat = _sandbox()
    waits: list[float] = []

    def sleep(seconds: float) -> None:
        waits.append(seconds)
        world = sandbox.world
        sandbox.world = evolve(world, now=world.now + timedelta(seconds=seconds))

    rq_id = _started(cvat, picture("cat.png"))
    assert wait_for(cvat, rq_id, sleep=sleep, random=lambda: 0.0).unwrap().id == rq_id.rq_id
    assert waits == [0.1]


def test_in_the_sandbox_work_may_fail() -> None:
    _, cvat = _sandbox()
    rq_id = _started(cvat, File("cat.png", b"no picture", "image/png"))
    error = wait_for(cvat, rq_id, sleep=_still).failure()
    assert isinstance(error, RequestFailed)
    assert error.request.message
    assert str(error).startswith("create:task of task 1 (background request")


def test_in_the_sandbox_what_never_was_is_a_404() -> None:
    _, cvat = _sandbox()
    clock = Clock()
    outcome = wait_for(cvat, "never", clock=clock.read, sleep=clock.sleep)
    assert _status_of(outcome) == 404
    assert clock.now[0] >= 1010.0


def outcomes_have_these_types(
    transport: Transport, one: Callable[[], Outcome[int, str]], rq_id: models.RqId
) -> None:
    """Only type checkers run this."""

    def look() -> Outcome[models.TaskRead, CallError]:
        return call(transport, tasks.retrieve, 1)

    assert_type(poll(one, bool, constant(1)), Outcome[int, str | PollTimedOut])
    assert_type(
        poll(look, lambda task: task.size == 3, constant(1)),
        Outcome[models.TaskRead, CallError | PollTimedOut],
    )
    waited = wait_for(transport, rq_id)
    assert_type(waited, Outcome[models.Request, CallError | RequestFailed | PollTimedOut])
    match waited:
        case Success(request):
            assert_type(request, models.Request)
        case Failure(error):
            match error:
                case RequestFailed(request):
                    assert_type(request, models.Request)
                case PollTimedOut(seconds, tries, what):
                    assert_type((seconds, tries, what), tuple[float, int, str])
                case _:
                    assert_type(error, CallError)
