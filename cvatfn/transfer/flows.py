"""Conversations with a server as generators: what to ask next, given what was answered.

A flow yields a request, or a pause, and is sent what the request came to; its return value is what
the conversation came to. So it is written once, and driven by whoever has sockets and a clock.

Rule: a flow does no I/O of its own.
"""

from __future__ import annotations

import random as randomness
import time
from collections.abc import Callable, Generator
from itertools import count
from typing import Final, TypeAlias, TypeVar

from attrs import frozen

from cvatfn.errors import TransportError
from cvatfn.messages import Request, Response
from cvatfn.outcome import Outcome, Success
from cvatfn.schedule import Schedule, delay, exponential
from cvatfn.transport.retries import asked_to_wait, may_pass, sent_once
from cvatfn.transport.types import Transport

__all__ = ["PATIENT", "Effort", "Flow", "Pause", "Reply", "again", "asked", "driven"]

T = TypeVar("T")

Reply: TypeAlias = Outcome[Response, TransportError]
"""What a request comes to."""

TRIES: Final = exponential(0.5, cap=30.0, attempts=8)
"""How often a step of a transfer is tried that comes to nothing; progress begins a new count."""


@frozen
class Pause:
    """Wait before the next request.

    :param seconds: how long.
    """

    seconds: float


Flow: TypeAlias = Generator[Request | Pause, Reply, T]
"""A conversation that comes to a `T`."""


@frozen(kw_only=True)
class Effort:
    """How hard to try, and by which clock.

    What a transfer asks is sent with `once`: the transport's own `retry` does not come on top.

    :param schedule: the waits after a fault that may pass; each step forward begins it anew.
    :param clock: seconds that never go back.
    :param sleep: how to wait.
    :param random: gives numbers of at least 0 and less than 1.

    >>> Effort().schedule.attempts
    8
    """

    schedule: Schedule = TRIES
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], object] = time.sleep
    random: Callable[[], float] = randomness.random


PATIENT: Final = Effort()
"""Eight tries for each step, half a second to half a minute apart, by the machine's own clock."""


def again(effort: Effort, tried: int, began: float, reply: Reply | None = None) -> float | None:
    """How long to wait before the next try; `None` when there is to be none.

    :param effort: how hard to try.
    :param tried: how many tries there were since the last step forward.
    :param began: when the first of them began, on the effort's clock.
    :param reply: what the last one came to; a server may ask for a longer wait.
    """
    wanted = None if reply is None else asked_to_wait(reply)
    elapsed = effort.clock() - began
    return delay(effort.schedule, tried, elapsed=elapsed, chance=effort.random(), asked=wanted)


def asked(
    effort: Effort, request: Request, repeat: Callable[[Reply], bool] = may_pass
) -> Flow[Reply]:
    """Ask until the answer is there to stay.

    :param effort: how hard to try.
    :param request: what to ask; it must bear to be asked twice.
    :param repeat: whether a reply may pass.
    :returns: the last reply.
    """
    began = effort.clock()
    for tried in count(1):
        reply = yield request
        wait = again(effort, tried, began, reply) if repeat(reply) else None
        if wait is None:
            return reply
        yield Pause(wait)
    raise AssertionError("a count ended")  # pragma: no cover


def driven(flow: Flow[T], transport: Transport, sleep: Callable[[float], object]) -> T:
    """Lead a conversation to its end.

    :param flow: the conversation.
    :param transport: what sends.
    :param sleep: how to wait.

    >>> about = asked(Effort(), Request("GET", "/api/server/about"))
    >>> driven(about, lambda request: Success(Response(200)), time.sleep).unwrap().status
    200
    """
    reply: Reply = Success(Response(204))  # the first is not looked at
    try:
        wanted = next(flow)
        while True:
            if isinstance(wanted, Pause):
                sleep(wanted.seconds)
            else:
                reply = sent_once(transport, wanted)
            wanted = flow.send(reply)
    except StopIteration as end:
        value: T = end.value
        return value
