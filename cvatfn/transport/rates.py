"""No faster than agreed: a transport that lets requests wait for their turn.

Rule: in any `per` seconds at most `count` requests are begun, whoever oversleeps. Turns are handed
out in the order of asking, under a lock; the waiting is done outside of it.
"""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable
from functools import partial
from threading import Lock
from typing import Final, final

from attrs import evolve

from cvatfn.errors import TimedOut
from cvatfn.flows import Flow, Pause, Reply, wrapped
from cvatfn.forking import when_forked
from cvatfn.messages import Request, Timeout, masked_request
from cvatfn.outcome import Failure
from cvatfn.transport.fields import time_left
from cvatfn.transport.types import Transport

__all__ = ["in_turns", "rate_limited"]


def rate_limited(
    transport: Transport,
    count: int,
    *,
    per: float = 60.0,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], object] = time.sleep,
) -> Transport:
    """A transport that begins at most so many requests in any stretch of time.

    Requests below the limit pass at once; the others wait, first come, first served. CVAT itself
    answers 429 to more than 100 requests a minute that come without a login: `count=100` keeps
    below that. All threads that share the transport share the limit; a copy in another process has
    one of its own. Inside of `retrying` each try counts, around it a request counts once.

    :param transport: what sends.
    :param count: how many requests, at least 1; as many times are kept in memory.
    :param per: in how many seconds; the stretch holds its beginning, not its end.
    :param clock: seconds that never go back.
    :param sleep: how to wait.
    :returns: the transport. What a request waits counts towards its `timeout.total`; one whose time
        would run out before its turn comes back as `TimedOut` at once, unsent.
    :raises ValueError: a number that is not positive, or none.

    >>> from cvatfn import Response, Success
    >>> now = [0.0]
    >>> wait = lambda seconds: now.append(now[-1] + seconds)
    >>> tell = lambda request: Success(Response(200, body=str(now[-1]).encode()))
    >>> slow = rate_limited(tell, 2, per=10, clock=lambda: now[-1], sleep=wait)
    >>> [slow(Request("GET", "/")).unwrap().body for _ in range(5)]
    [b'0.0', b'0.0', b'10.0', b'10.0', b'20.0']
    """
    return wrapped(in_turns(count, per, clock), transport, sleep)


def in_turns(
    count: int, per: float, clock: Callable[[], float]
) -> Callable[[Request], Flow[Reply]]:
    """The same as a conversation for each request.

    :param count: how many requests, at least 1.
    :param per: in how many seconds.
    :param clock: seconds that never go back.
    :raises ValueError: a number that is not positive, or none.
    """
    if count < 1 or not 0 < per < math.inf:
        raise ValueError(f"count and per must be positive numbers, not {count!r} and {per!r}")
    return partial(_limited, _Turns(count, per, clock))


def _limited(turns: _Turns, request: Request) -> Flow[Reply]:
    limits, came = request.timeout, turns.clock()
    wait = turns.take(None if limits is None else limits.total)
    if wait == 0:
        return (yield request)
    left = None if wait is None else (yield from _awaited(turns, limits, came, wait))
    if left is None:
        return _late(request)
    return (yield request if limits is None else evolve(request, timeout=left))


def _awaited(
    turns: _Turns, limits: Timeout | None, came: float, wait: float
) -> Flow[Timeout | None]:
    """The limits that are left when a turn has come; `None` when it comes too late."""
    left: Timeout | None = None
    try:
        while wait:
            if not time_left(limits, turns.clock() - came + wait):
                return None
            yield Pause(wait)
            left = time_left(limits, turns.clock() - came)
            if not left:
                return None
            wait = turns.begin()
        return left
    finally:
        if wait:  # too late, or interrupted: whoever comes next need not wait for nobody
            turns.leave()


def _late(request: Request) -> Failure[TimedOut]:
    reason = "its turn would have come too late: more was asked than the rate allows"
    return Failure(TimedOut(masked_request(request), reason, may_have_acted=False))


@final
class _Turns:
    """When requests may begin: after those that wait, and `per` after the one `count` before.

    How long a turn is off is foretold from those two. Since who sleeps may oversleep, whoever wakes
    looks once more whether the request `count` before has begun long enough ago.
    """

    __slots__ = ("__weakref__", "_begun", "_lock", "_per", "_waiting", "clock")

    def __init__(self, count: int, per: float, clock: Callable[[], float]) -> None:
        self.clock: Final = clock
        self._per: Final = per
        self._begun = deque[float](maxlen=count)
        self._waiting = 0
        self._lock = Lock()
        when_forked(self)

    def take(self, within: float | None) -> float | None:
        """Take the next turn, and begin if that is now.

        :param within: how many seconds from now it may lie at most.
        :returns: how long to wait for it; `None` if it lies later, and then it is not taken.
        """
        with self._lock:
            now = self.clock()
            turn = self._turn(now, self._waiting)
            if within is not None and turn - now >= within:
                return None
            if turn == now:
                self._begun.append(now)
            else:
                self._waiting += 1
            return turn - now

    def begin(self) -> float:
        """Begin, unless one that was before has begun too late for that.

        :returns: how long to wait still; nothing when it has begun.
        """
        with self._lock:
            now = self.clock()
            turn = self._turn(now, 0)
            if turn == now:
                self._begun.append(now)
                self._waiting -= 1
            return turn - now

    def leave(self) -> None:
        """Give a turn up that was taken and has not begun."""
        with self._lock:
            self._waiting -= 1

    def forked(self) -> None:
        """Nobody waits in a process that is forked off."""
        self._lock = Lock()
        self._waiting = 0

    def _turn(self, now: float, ahead: int) -> float:
        """When it is the turn of somebody with so many ahead."""
        if len(self._begun) != self._begun.maxlen:  # then nobody waits
            return now
        rounds, place = divmod(ahead, len(self._begun))
        return max(now + rounds * self._per, self._begun[place] + (rounds + 1) * self._per)

    def __reduce__(self) -> tuple[type[_Turns], tuple[int, float, Callable[[], float]]]:
        count = self._begun.maxlen
        assert count is not None  # noqa: S101 - both are bounded; the type does not say so
        return _Turns, (count, self._per, self.clock)
