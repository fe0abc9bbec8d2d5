"""How hard a transfer tries: the waits between the steps of its conversation with the server.

Rule: whoever tries again says so in what it asks, so that no transport tries again below it.
"""

from __future__ import annotations

import random as randomness
import time
from collections.abc import Callable
from functools import partial
from itertools import count
from typing import Final, TypeVar

from attrs import frozen

from cvatfn.flows import Flow, Pause, Reply, driven
from cvatfn.messages import Request
from cvatfn.schedule import Schedule, delay, exponential
from cvatfn.transport.retries import asked_to_wait, may_pass, sent_once
from cvatfn.transport.types import Transport

__all__ = ["PATIENT", "Effort", "again", "asked", "led"]

T = TypeVar("T")

TRIES: Final = exponential(0.5, cap=30.0, attempts=8)
"""How often a step of a transfer is tried that comes to nothing; progress begins a new count."""


@frozen(kw_only=True)
class Effort:
    """How hard to try, and by which clock.

    What a transfer asks is sent with `once`: the transport's own `retry` does not come on top.

    :param schedule: the waits after a fault that may pass; each step forward begins it anew.
    :param clock: seconds that never go back.
    :param sleep: how to wait; what it returns is awaited by `cvatfn.aio`, where it can be.
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


def led(flow: Flow[T], transport: Transport, effort: Effort) -> T:
    """Lead a transfer to its end.

    :param flow: the transfer.
    :param transport: what sends.
    :param effort: how to wait.

    >>> from cvatfn import Response, Success
    >>> about = asked(Effort(), Request("GET", "/api/server/about"))
    >>> led(about, lambda request: Success(Response(200)), Effort()).unwrap().status
    200
    """
    return driven(flow, partial(sent_once, transport), effort.sleep)
