"""Asking again until it is done: `poll` for anything, `wait_for`, `wait_all` for background work.

CVAT answers long work at once, with the id of a background request; `GET /api/requests/{id}` tells
how far it is. Nobody calls back, so whoever needs the end has to ask for it.

Rule: nothing waits longer than its schedule says, and none of the three ways out is an exception:
the answer that was waited for, the error that ended the waiting, or `PollTimedOut`.
"""

from __future__ import annotations

import random as randomness
import time
from collections.abc import Callable, Iterable
from functools import partial
from typing import Final, TypeVar, final

from attrs import evolve, frozen
from typing_extensions import override

from cvatfn import models
from cvatfn.codecs.clearing import cleared_text
from cvatfn.codecs.rejections import LONGEST
from cvatfn.codecs.showing import readable
from cvatfn.errors import CallError, Rejected
from cvatfn.flows import Flow, Pause, Reply, driven, taken
from cvatfn.looking import Sight, asked_wait, look_at, passes
from cvatfn.messages import Request
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.schedule import Schedule, delay
from cvatfn.transport.retries import sent_once
from cvatfn.transport.types import Transport

__all__ = [
    "WAITING",
    "PollTimedOut",
    "RequestFailed",
    "all_awaited",
    "poll",
    "polled",
    "wait_all",
    "wait_for",
]

T = TypeVar("T")
E = TypeVar("E")

WAITING: Final = Schedule(
    initial=0.1, factor=1.5, cap=5.0, jitter=0.1, deadline=3600.0, patience=600.0
)
"""When background work is looked at: often at first, then every five seconds, for an hour."""

_APPEARS_WITHIN: Final = 10.0
"""For how many seconds CVAT may not know yet, under its id, what it has just begun."""

_LINES_TOLD: Final = 10
"""How many lines of a traceback are told beside its last; the request keeps all of them."""


@final
@frozen
class PollTimedOut:
    """The schedule ended before what was waited for came; it may come yet.

    It holds what was seen as it was: if that has secrets, so has its pickle.

    :param waited: seconds from the beginning to the end.
    :param tries: how many times it was asked.
    :param what: what was waited for.
    :param last: the last answer; `None` where there was none.
    :param error: what the last try failed with; `None` where it was answered.

    >>> print(PollTimedOut(3.0, 4, "the export", "queued"))  # doctest: +NORMALIZE_WHITESPACE
    Waited 3.0 s in vain for the export (tries: 4). Last seen: 'queued'. It may come yet:
    wait again, with a larger `deadline`, `attempts` or `patience` in the schedule.
    """

    waited: float
    tries: int
    what: str
    last: object = None
    error: object = None

    @override
    def __str__(self) -> str:
        return (
            f"Waited {self.waited:.1f} s in vain for {self.what} (tries: {self.tries})."
            f"{_told(' Last seen', _seen(self.last))}{_told(' Last error', _failed(self.error))} "
            "It may come yet: wait again, with a larger `deadline`, `attempts` or `patience` "
            "in the schedule."
        )


@final
@frozen
class RequestFailed:
    """The server did the work, and it came to nothing.

    :param request: the background request; its `message` is what the server said, whole.
    """

    request: models.Request

    @override
    def __str__(self) -> str:
        lines = [line.rstrip() for line in self.request.message.splitlines() if line.strip()]
        *others, last = lines or ["the server gave no reason"]
        named = readable(repr(self.request.id))
        work = f"{_work(self.request.operation)} (background request {named})"
        head = _sentence(f"{work} failed: {_short(last.strip())}")
        advice = "Correct what this names and start the work again; `request.message` has all of it"
        told = "".join(f"\n  {_short(line)}" for line in others[-_LINES_TOLD:])
        return f"{head} {advice}{':' if told else '.'}{told}"


def poll(
    step: Callable[[], Outcome[T, E]],
    until: Callable[[T], bool],
    schedule: Schedule,
    *,
    tolerate: Callable[[E, float], bool] | None = None,
    on_value: Callable[[T], object] | None = None,
    what: str = "an answer that will do",
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], object] = time.sleep,
    random: Callable[[], float] = randomness.random,
) -> Outcome[T, E | PollTimedOut]:
    """Ask, and ask again, until an answer will do; pure but for its arguments.

    A wait is as long as the schedule says, or as the server asked with the error that is tolerated
    (`Retry-After`: RFC 9110, section 10.2.3), up to the schedule's `patience`. No wait is begun
    that would end after the deadline; a try that is under way is not cut short. What the given
    functions raise goes through.

    :param step: asks once.
    :param until: whether an answer will do.
    :param schedule: how long to wait between tries, and when to stop.
    :param tolerate: whether an error, so many seconds after the beginning, may pass; without it
        none may.
    :param on_value: is shown each answer, also the last one.
    :param what: what is waited for, for the message of `PollTimedOut`.
    :param clock: seconds that never go back.
    :param sleep: how to wait.
    :param random: gives numbers of at least 0 and less than 1.
    :returns: the first answer that will do; the first error that is not tolerated;
        `PollTimedOut` when the schedule ends before either.

    >>> from cvatfn.schedule import constant
    >>> answers = iter([Success("queued"), Success("started"), Success("finished")])
    >>> poll(lambda: next(answers), lambda seen: seen == "finished", constant(2), sleep=print)
    2.0
    2.0
    <Success: finished>
    """
    flow = polled(partial(taken, step), until, schedule, tolerate, on_value, what, clock, random)
    return driven(flow, _nobody, sleep)


def polled(
    step: Callable[[], Flow[Outcome[T, E]]],
    until: Callable[[T], bool],
    schedule: Schedule,
    tolerate: Callable[[E, float], bool] | None,
    on_value: Callable[[T], object] | None,
    what: str,
    clock: Callable[[], float],
    random: Callable[[], float],
) -> Flow[Outcome[T, E | PollTimedOut]]:
    """The same as a flow.

    :param step: asks once.
    :param until: whether an answer will do.
    :param schedule: how long to wait between tries, and when to stop.
    :param tolerate: whether an error, so many seconds after the beginning, may pass.
    :param on_value: is shown each answer, also the last one.
    :param what: what is waited for, for the message of `PollTimedOut`.
    :param clock: seconds that never go back.
    :param random: gives numbers of at least 0 and less than 1.
    """
    began = clock()
    tries = 0
    last: T | None = None
    while True:
        outcome = yield from step()
        tries += 1
        error: E | None = None
        match outcome:
            case Success(value):
                last = value
                if on_value is not None:
                    on_value(value)
                if until(value):
                    return outcome
            case Failure(error):
                if tolerate is None or not tolerate(error, clock() - began):
                    return outcome
        elapsed = clock() - began
        wait = delay(schedule, tries, elapsed=elapsed, chance=random(), asked=asked_wait(error))
        if wait is None:
            return Failure(PollTimedOut(elapsed, tries, what, last, error))
        yield Pause(wait)


def _nobody(request: Request) -> Reply:
    raise AssertionError(f"{request} is not what was to be polled")  # pragma: no cover


def wait_for(
    transport: Transport,
    rq_id: str | models.RqId,
    *,
    schedule: Schedule = WAITING,
    progress: Callable[[models.Request], object] | None = None,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], object] = time.sleep,
    random: Callable[[], float] = randomness.random,
) -> Outcome[models.Request, CallError | RequestFailed | PollTimedOut]:
    """Wait until background work is over.

    Faults that may pass do not end the waiting: 408, 429, 502, 503, 504, and connections that
    cannot be made, are lost or slow. Neither does a 404 in the first ten seconds, as CVAT may
    answer so for work that has just begun. A status that this release does not know counts as still
    running.

    :param transport: what sends.
    :param rq_id: the background request, as the endpoint that began it answered.
    :param schedule: how long to wait between looks, and when to give up.
    :param progress: is shown each answer, also the last one.
    :param clock: seconds that never go back.
    :param sleep: how to wait.
    :param random: gives numbers of at least 0 and less than 1.
    :returns: the finished request, whose `result_url` or `result_id` leads to the result;
        `RequestFailed` if the work failed; `PollTimedOut` if it is not over when the schedule ends;
        `Rejected` with 404 if there is no such work; any other error of the call.

    >>> from attrs import evolve
    >>> from cvatfn import Response, in_memory
    >>> nobody = in_memory(lambda request: Response(404))
    >>> print(wait_for(nobody, "x", schedule=evolve(WAITING, deadline=0)).failure())
    requests.retrieve (GET /api/requests/x): 404: Not Found
    """
    (outcome,) = wait_all(
        transport,
        (rq_id,),
        schedule=schedule,
        progress=progress,
        clock=clock,
        sleep=sleep,
        random=random,
    )
    return outcome


def wait_all(
    transport: Transport,
    rq_ids: Iterable[str | models.RqId],
    *,
    schedule: Schedule = WAITING,
    progress: Callable[[models.Request], object] | None = None,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], object] = time.sleep,
    random: Callable[[], float] = randomness.random,
) -> tuple[Outcome[models.Request, CallError | RequestFailed | PollTimedOut], ...]:
    """Wait until many pieces of background work are over, looking at all of them at once.

    A look asks for the listing of one's background work, and by its id only for what the listing
    does not show. What is over is not looked for again. One deadline is for all of them, and so is
    `Retry-After`; otherwise each comes to what `wait_for` would have made of it, whatever becomes
    of the others. What is sent is sent `once`: the schedule is all there is of trying again.

    :param transport: what sends.
    :param rq_ids: the background requests; an id may come more than once.
    :param schedule: how long to wait between looks, and when to give up what is not over.
    :param progress: is shown each piece of work at each look that sees it, also the last time.
    :param clock: seconds that never go back.
    :param sleep: how to wait.
    :param random: gives numbers of at least 0 and less than 1.
    :returns: for each id, in the order given, what `wait_for` returns; `collect` makes all or
        nothing of it.

    >>> from attrs import evolve
    >>> from cvatfn import Response, collect, in_memory
    >>> nobody = in_memory(lambda request: Response(404))
    >>> outcomes = wait_all(nobody, ["x", "y"], schedule=evolve(WAITING, deadline=0))
    >>> [outcome.failure().status for outcome in outcomes]
    [404, 404]
    >>> print(collect(outcomes).failure())
    requests.retrieve (GET /api/requests/x): 404: Not Found
    """
    once = partial(sent_once, transport)  # the schedule tries again, and nobody below it
    return driven(all_awaited(rq_ids, schedule, progress, clock, random), once, sleep)


def all_awaited(
    rq_ids: Iterable[str | models.RqId],
    schedule: Schedule,
    progress: Callable[[models.Request], object] | None,
    clock: Callable[[], float],
    random: Callable[[], float],
) -> Flow[tuple[Outcome[models.Request, CallError | RequestFailed | PollTimedOut], ...]]:
    """The same as a flow.

    :param rq_ids: the background requests; an id may come more than once.
    :param schedule: how long to wait between looks, and when to give up what is not over.
    :param progress: is shown each piece of work at each look that sees it, also the last time.
    :param clock: seconds that never go back.
    :param random: gives numbers of at least 0 and less than 1.
    """
    ids = [rq_id.rq_id if isinstance(rq_id, models.RqId) else rq_id for rq_id in rq_ids]
    standings = dict.fromkeys(ids, _Standing())
    began = clock()

    def step() -> Flow[Outcome[bool, CallError]]:
        elapsed = clock() - began
        look = yield from look_at([each for each in standings if standings[each].end is None])
        for number, sight in look.seen.items():
            # What was asked for last is asked for last again: no fault keeps others from a look.
            standings[number] = _after(standings.pop(number), sight, elapsed)
            if progress is not None and isinstance(sight, Success):
                progress(sight.unwrap())
        over = all(standing.end is not None for standing in standings.values())
        return Success(over) if over or look.cut is None else Failure(look.cut)

    waited = yield from polled(
        step,
        bool,
        schedule,
        lambda _error, _elapsed: True,  # each error was judged for the work it is about
        None,
        "the end of it",
        clock,
        random,
    )
    return tuple(_end(number, standings[number], waited) for number in ids)


@frozen
class _Standing:
    """How a piece of work stands.

    :param last: what was last seen of it.
    :param error: what the last look at it failed with.
    :param end: what the waiting for it came to.
    """

    last: models.Request | None = None
    error: CallError | None = None
    end: Outcome[models.Request, CallError | RequestFailed] | None = None


def _after(before: _Standing, sight: Sight, elapsed: float) -> _Standing:
    """How work stands after a look that began so many seconds after the waiting."""
    match sight:
        case Success(request):
            return _Standing(request, end=_judged(request) if _over(request) else None)
        case Failure(error):
            return evolve(before, error=error, end=None if _may_pass(error, elapsed) else sight)


def _end(
    number: str, standing: _Standing, waited: Outcome[bool, CallError | PollTimedOut]
) -> Outcome[models.Request, CallError | RequestFailed | PollTimedOut]:
    """What the waiting for work came to: its end, or that of the schedule."""
    if standing.end is not None:
        return standing.end
    if isinstance(standing.error, Rejected) and standing.error.status == 404:
        return Failure(standing.error)  # the schedule was shorter than what is allowed to appear
    error = waited.failure()
    if isinstance(error, PollTimedOut):
        what = f"the end of background request {number!r}"
        return Failure(evolve(error, what=what, last=_kept(standing.last), error=standing.error))
    return Failure(error)


def _over(request: models.Request) -> bool:
    return request.status in (models.RequestStatus.FINISHED, models.RequestStatus.FAILED)


def _kept(work: T) -> T:
    """Work as an error keeps it: a worker may quote the signed URL that it could not open."""
    if not isinstance(work, models.Request):
        return work
    message, url = cleared_text(work.message, set()), work.result_url
    return evolve(work, message=message, result_url=url and cleared_text(url, set()))


def _judged(request: models.Request) -> Outcome[models.Request, RequestFailed]:
    """What work that is over came to."""
    if request.status is models.RequestStatus.FAILED:
        return Failure(RequestFailed(_kept(request)))
    return Success(request)


def _may_pass(error: CallError, elapsed: float) -> bool:
    if isinstance(error, Rejected) and error.status == 404:
        return elapsed < _APPEARS_WITHIN
    return passes(error)


def _told(name: str, said: str) -> str:
    return _sentence(f"{name}: {said}") if said else ""


def _sentence(text: str) -> str:
    return text if text.endswith(".") else f"{text}."


def _seen(last: object) -> str:
    match last:
        case None:
            return ""
        case models.Request(status=status, progress=progress):
            told = readable(status.value)  # what a server of another release calls it
            return told if progress is None else f"{told}, progress {progress:g}"
        case _:
            return _short(repr(last))


def _failed(error: object) -> str:
    asked = asked_wait(error)
    told = "" if error is None else _cut("\n".join(map(readable, str(error).split("\n"))))
    return told if asked is None else f"{told} (the server asks to wait {asked:g} s)"


def _work(operation: models.RequestDataOperation) -> str:
    numbers = {
        "project": operation.project_id,
        "task": operation.task_id,
        "job": operation.job_id,
    }
    number = numbers.get(operation.target)
    work = operation.type if number is None else f"{operation.type} of {operation.target} {number}"
    return readable(work)


def _short(text: str) -> str:
    return _cut(readable(text))


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 3]}..."
