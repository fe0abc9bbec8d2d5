"""Trying again: a transport around a transport.

Rule: a request is repeated only when that cannot do a thing twice, and never past its time limit.
What comes back at the end is the last outcome, as it was. Retries never multiply: of several
policies in a row the outermost rules, and in an outage a budget ends them
(docs/decisions/0017-retries-never-multiply.md).
"""

from __future__ import annotations

import random as randomness
import time
from collections.abc import Callable
from functools import partial
from itertools import count
from typing import Final, TypeVar, assert_never

from attrs import evolve, frozen

from cvatfn.codecs.rejections import read_retry_after
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
from cvatfn.flows import Flow, Pause, Reply, dropped, wrapped
from cvatfn.messages import Request, Response, Timeout
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.schedule import Schedule, delay
from cvatfn.transport.budgets import Budget
from cvatfn.transport.credentials import SAFE_METHODS
from cvatfn.transport.fields import checked_timeout, time_left
from cvatfn.transport.types import Transport

__all__ = ["asked_to_wait", "may_pass", "retrying", "sent_once", "trying", "worth_repeating"]

R = TypeVar("R")

PASSING: Final = frozenset({408, 429, 502, 503, 504})
"""Statuses that say: later. (RFC 6585, section 4; RFC 9110, sections 15.5.9 and 15.6.)"""


def worth_repeating(request: Request, outcome: Outcome[Response, TransportError]) -> bool:
    """Whether to send a request again: the fault may pass, and no harm can come of it.

    Requests of safe methods (GET, HEAD, OPTIONS) are repeated after 408, 429, 502, 503, 504 and
    after a lost or slow connection; any request is repeated when it surely never reached the
    server.

    :param request: what was sent.
    :param outcome: what it came to.

    >>> worth_repeating(Request("GET", "/"), Success(Response(503)))
    True
    >>> worth_repeating(Request("POST", "/"), Success(Response(503)))
    False
    """
    if not may_pass(outcome):
        return False
    unseen = isinstance(outcome, Failure) and not outcome.failure().may_have_acted
    return unseen or request.method in SAFE_METHODS


def may_pass(outcome: Outcome[Response, TransportError]) -> bool:
    """Whether the same request may come to more at a later time.

    :param outcome: what a request came to.

    >>> may_pass(Success(Response(503))), may_pass(Success(Response(404)))
    (True, False)
    """
    match outcome:
        case Success(response):
            return response.status in PASSING
        case Failure(error):
            return _may_pass(error)


def retrying(
    transport: Transport,
    schedule: Schedule,
    *,
    when: Callable[[Request, Outcome[Response, TransportError]], bool] = worth_repeating,
    budget: Budget | None = None,
    timeout: Timeout | None = None,
    sleep: Callable[[float], object] = time.sleep,
    random: Callable[[], float] = randomness.random,
    clock: Callable[[], float] = time.monotonic,
) -> Transport:
    """A transport that tries again.

    `Retry-After` is obeyed (RFC 9110, section 10.2.3), up to the schedule's `patience`. A request's
    `timeout.total` bounds all of its tries and waits together. A request that comes with `once` is
    passed on as it is, and what is passed on here says `once`: so of several retrying transports
    around each other the outermost rules, and m tries of n tries are never m times n.
    `with_timeout` around it limits all tries together, inside of it each.

    :param transport: what sends.
    :param schedule: how long to wait, and when to stop.
    :param when: whether to try again after this.
    :param budget: how many retries there may be in an outage; a budget of its own unless given, for
        all requests that pass here.
    :param timeout: the transport's own limits: they count for requests that bring none.
    :param sleep: how to wait.
    :param random: gives numbers of at least 0 and less than 1.
    :param clock: seconds that never go back.
    :returns: the transport; it answers with the last outcome, as it was.
    :raises ValueError: a limit that cannot be kept: a number that is not positive.

    >>> from cvatfn.schedule import constant
    >>> answers = iter([Success(Response(503)), Success(Response(200))])
    >>> patient = retrying(lambda request: next(answers), constant(1, attempts=2), sleep=print)
    >>> patient(Request("GET", "/api/server/about")).unwrap().status
    1.0
    200
    """
    talk = trying(schedule, when, budget, timeout, random, clock)
    return wrapped(talk, transport, sleep)


def trying(
    schedule: Schedule,
    when: Callable[[Request, Outcome[Response, TransportError]], bool],
    budget: Budget | None,
    timeout: Timeout | None,
    random: Callable[[], float],
    clock: Callable[[], float],
) -> Callable[[Request], Flow[Reply]]:
    """The same as a conversation for each request.

    :param schedule: how long to wait, and when to stop.
    :param when: whether to try again after this.
    :param budget: how many retries there may be in an outage; one of its own unless given.
    :param timeout: the transport's own limits.
    :param random: gives numbers of at least 0 and less than 1.
    :param clock: seconds that never go back.
    :raises ValueError: a limit that cannot be kept: a number that is not positive.
    """
    own = Budget() if budget is None else budget
    limits = None if timeout is None else checked_timeout(timeout)
    return partial(_sent, _Plan(schedule, when, own, limits, random, clock))


def sent_once(transport: Callable[[Request], R], request: Request) -> R:
    """Send a request that is tried again by whoever asks: `retrying` transports leave that to them.

    `partial(sent_once, transport)` is a transport that does so for all requests.

    :param transport: what sends.
    :param request: the request.

    >>> from cvatfn.schedule import constant
    >>> patient = retrying(lambda request: Success(Response(503)), constant(60))
    >>> sent_once(patient, Request("GET", "/api/requests/7")).unwrap().status
    503
    """
    return transport(evolve(request, once=True))


@frozen
class _Plan:
    schedule: Schedule
    when: Callable[[Request, Outcome[Response, TransportError]], bool]
    budget: Budget
    timeout: Timeout | None
    random: Callable[[], float]
    clock: Callable[[], float]


def _sent(plan: _Plan, request: Request) -> Flow[Reply]:
    if request.once:
        return (yield request)
    limits = request.timeout or plan.timeout
    began = plan.clock()
    outcome = yield evolve(request, once=True)
    for tried in count(1):
        if not plan.when(request, outcome):
            _settled(plan.budget, outcome)
            break
        elapsed = plan.clock() - began
        chance, wanted = plan.random(), asked_to_wait(outcome)
        wait = delay(plan.schedule, tried, elapsed=elapsed, chance=chance, asked=wanted)
        if wait is None or not time_left(limits, elapsed + wait) or not plan.budget.take():
            break
        yield Pause(wait)
        left = time_left(limits, plan.clock() - began)
        if not left:
            break
        asked = request if limits is None else evolve(request, timeout=left)
        if isinstance(outcome, Success):
            yield from dropped(outcome.unwrap())  # nobody will see it: its stream may hold a link
        outcome = yield evolve(asked, once=True)
    return outcome


def _settled(budget: Budget, outcome: Outcome[Response, TransportError]) -> None:
    """Only what is answered well shows that the server has room for retries."""
    if isinstance(outcome, Success) and outcome.unwrap().status < 400:
        budget.give()


def asked_to_wait(outcome: Outcome[Response, TransportError]) -> float | None:
    """How many seconds a server asks to wait (`Retry-After`), if it does.

    :param outcome: what a request came to.

    >>> asked_to_wait(Success(Response(503, {"Retry-After": "7"})))
    7.0
    """
    match outcome:
        case Success(response):
            said = response.headers
            return read_retry_after(said.get("retry-after"), said.get("date"))
        case Failure():
            return None


def _may_pass(error: TransportError) -> bool:
    match error:
        case ConnectFailed() | TimedOut() | ConnectionLost():
            return True
        case TlsFailed() | TooLarge() | ForeignOrigin() | Unsendable():
            return False
        case _:
            assert_never(error)
