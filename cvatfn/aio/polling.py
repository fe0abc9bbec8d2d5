"""Asking again until it is done: `poll`, `wait_for` and `wait_all`, awaited.

Rule: as in `cvatfn.polling`, whose conversations these are: nothing waits longer than its schedule
says. Clock, sleep and chance are arguments here, too; the sleep is awaited.
"""

from __future__ import annotations

import random as randomness
import time
from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from typing import TypeVar

import anyio

from cvatfn import models
from cvatfn.aio.driving import awaited, driven
from cvatfn.aio.types import AsyncSleep, AsyncTransport
from cvatfn.errors import CallError
from cvatfn.flows import Reply
from cvatfn.messages import Request
from cvatfn.outcome import Outcome
from cvatfn.polling import WAITING, PollTimedOut, RequestFailed, all_awaited, polled
from cvatfn.schedule import Schedule
from cvatfn.transport.retries import sent_once

__all__ = ["poll", "wait_all", "wait_for"]

T = TypeVar("T")
E = TypeVar("E")


async def poll(
    step: Callable[[], Awaitable[Outcome[T, E]]],
    until: Callable[[T], bool],
    schedule: Schedule,
    *,
    tolerate: Callable[[E, float], bool] | None = None,
    on_value: Callable[[T], object] | None = None,
    what: str = "an answer that will do",
    clock: Callable[[], float] = time.monotonic,
    sleep: AsyncSleep = anyio.sleep,
    random: Callable[[], float] = randomness.random,
) -> Outcome[T, E | PollTimedOut]:
    """Ask, and ask again, until an answer will do; `cvatfn.poll` with a step that is awaited.

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

    >>> from cvatfn.outcome import Success
    >>> from cvatfn.schedule import constant
    >>> answers = iter([Success("queued"), Success("finished")])
    >>> async def look():
    ...     return next(answers)
    >>> anyio.run(poll, look, lambda seen: seen == "finished", constant(0))
    <Success: finished>
    """
    flow = polled(partial(awaited, step), until, schedule, tolerate, on_value, what, clock, random)
    return await driven(flow, _nobody, sleep)


async def wait_for(
    transport: AsyncTransport,
    rq_id: str | models.RqId,
    *,
    schedule: Schedule = WAITING,
    progress: Callable[[models.Request], object] | None = None,
    clock: Callable[[], float] = time.monotonic,
    sleep: AsyncSleep = anyio.sleep,
    random: Callable[[], float] = randomness.random,
) -> Outcome[models.Request, CallError | RequestFailed | PollTimedOut]:
    """Wait until background work is over; `cvatfn.wait_for`, awaited.

    :param transport: what sends.
    :param rq_id: the background request, as the endpoint that began it answered.
    :param schedule: how long to wait between looks, and when to give up.
    :param progress: is shown each answer, also the last one.
    :param clock: seconds that never go back.
    :param sleep: how to wait.
    :param random: gives numbers of at least 0 and less than 1.
    :returns: the finished request; `RequestFailed` if the work failed; `PollTimedOut` if it is not
        over when the schedule ends; any error of the call.
    """
    (outcome,) = await wait_all(
        transport,
        (rq_id,),
        schedule=schedule,
        progress=progress,
        clock=clock,
        sleep=sleep,
        random=random,
    )
    return outcome


async def wait_all(
    transport: AsyncTransport,
    rq_ids: Iterable[str | models.RqId],
    *,
    schedule: Schedule = WAITING,
    progress: Callable[[models.Request], object] | None = None,
    clock: Callable[[], float] = time.monotonic,
    sleep: AsyncSleep = anyio.sleep,
    random: Callable[[], float] = randomness.random,
) -> tuple[Outcome[models.Request, CallError | RequestFailed | PollTimedOut], ...]:
    """Wait until many pieces of background work are over; `cvatfn.wait_all`, awaited.

    :param transport: what sends.
    :param rq_ids: the background requests; an id may come more than once.
    :param schedule: how long to wait between looks, and when to give up what is not over.
    :param progress: is shown each piece of work at each look that sees it, also the last time.
    :param clock: seconds that never go back.
    :param sleep: how to wait.
    :param random: gives numbers of at least 0 and less than 1.
    :returns: for each id, in the order given, what `wait_for` returns.
    """
    once = partial(sent_once, transport)  # the schedule tries again, and nobody below it
    return await driven(all_awaited(rq_ids, schedule, progress, clock, random), once, sleep)


async def _nobody(request: Request) -> Reply:
    raise AssertionError(f"{request} is not what was to be polled")  # pragma: no cover
