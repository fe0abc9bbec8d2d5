"""When to try again: schedules as data, and the pure function that walks them.

Rule: a schedule knows no clock, no sleep and no randomness. Whoever follows it brings those, so
that a test needs no time.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from itertools import count

from attrs import frozen

__all__ = ["Schedule", "constant", "delay", "delays", "exponential"]


@frozen(kw_only=True)
class Schedule:
    """How long to wait between tries, and when to stop.

    The wait after the n-th try is `initial * factor ** (n - 1)`, at most `cap`; `jitter` takes a
    random part of it away, so that many clients do not come back at the same moment.

    :param initial: the first wait, in seconds.
    :param factor: how many times longer each wait is than the one before; at least 1.
    :param cap: the longest wait of the schedule's own, in seconds.
    :param jitter: which part of a wait is left to chance: 0 is none of it, 1 is all.
    :param attempts: how many tries in all; `None` for no limit.
    :param deadline: how many seconds in all; no wait is begun that would end later.
    :param patience: the longest wait that a server may ask for (`Retry-After`), in seconds;
        when it asks for more, there is no further try.
    :raises ValueError: a number is out of its range.

    >>> Schedule(initial=2.0, attempts=3)  # doctest: +ELLIPSIS
    Schedule(initial=2.0, factor=1.0, cap=60.0, jitter=0.0, attempts=3, deadline=None, ...)
    """

    initial: float
    factor: float = 1.0
    cap: float = 60.0
    jitter: float = 0.0
    attempts: int | None = None
    deadline: float | None = None
    patience: float = 120.0

    def __attrs_post_init__(self) -> None:
        _check("initial", self.initial, 0)
        _check("factor", self.factor, 1)
        _check("cap", self.cap, 0)
        _check("jitter", self.jitter, 0, 1)
        _check("patience", self.patience, 0)
        _check("attempts", 1 if self.attempts is None else self.attempts, 1)
        _check("deadline", 0 if self.deadline is None else self.deadline, 0)


def constant(
    wait: float, *, attempts: int | None = None, deadline: float | None = None
) -> Schedule:
    """The same wait each time.

    :param wait: seconds.
    :param attempts: how many tries in all; `None` for no limit.
    :param deadline: how many seconds in all; `None` for no limit.
    :raises ValueError: a number is out of its range.

    >>> list(delays(constant(5, attempts=3)))
    [5.0, 5.0]
    """
    return Schedule(initial=wait, cap=wait, attempts=attempts, deadline=deadline)


def exponential(
    initial: float = 0.5,
    *,
    factor: float = 2.0,
    cap: float = 30.0,
    jitter: float = 0.5,
    attempts: int | None = 4,
    deadline: float | None = None,
) -> Schedule:
    """Waits that grow, with a part of each left to chance.

    :param initial: the first wait, in seconds.
    :param factor: how many times longer each wait is than the one before.
    :param cap: the longest wait, in seconds.
    :param jitter: which part of a wait is left to chance, from 0 to 1.
    :param attempts: how many tries in all; `None` for no limit.
    :param deadline: how many seconds in all; `None` for no limit.
    :raises ValueError: a number is out of its range.

    >>> list(delays(exponential(1, cap=5, jitter=0, attempts=5)))
    [1.0, 2.0, 4.0, 5.0]
    """
    return Schedule(
        initial=initial,
        factor=factor,
        cap=cap,
        jitter=jitter,
        attempts=attempts,
        deadline=deadline,
    )


def delay(
    schedule: Schedule,
    tried: int,
    *,
    elapsed: float = 0.0,
    chance: float = 0.0,
    asked: float | None = None,
) -> float | None:
    """How long to wait before the next try; pure.

    :param schedule: the schedule.
    :param tried: how many tries there were; at least 1.
    :param elapsed: seconds since the first try began.
    :param chance: a random number, at least 0 and less than 1.
    :param asked: what a server asked for, in seconds: the wait is no shorter.
    :returns: seconds, or `None` when there is to be no further try.

    >>> schedule = exponential(1, jitter=0.5, attempts=3)
    >>> delay(schedule, 1), delay(schedule, 2, chance=0.5), delay(schedule, 3)
    (1.0, 1.5, None)
    >>> delay(schedule, 1, asked=7), delay(schedule, 1, asked=7000)
    (7.0, None)
    """
    if schedule.attempts is not None and tried >= schedule.attempts:
        return None
    if asked is not None and asked > schedule.patience:
        return None
    own = min(schedule.cap, _grown(schedule, tried)) * (1 - schedule.jitter * chance)
    wait = float(max(own, asked or 0.0))
    if schedule.deadline is not None and elapsed + wait > schedule.deadline:
        return None
    return wait


def delays(schedule: Schedule, random: Callable[[], float] | None = None) -> Iterator[float]:
    """All waits of a schedule, were each try to take no time.

    :param schedule: the schedule.
    :param random: gives numbers of at least 0 and less than 1; without it nothing is left to
        chance, and each wait is the longest it can be.
    :returns: seconds; without end if the schedule has none.

    >>> list(delays(constant(2, deadline=5)))
    [2.0, 2.0]
    """
    elapsed = 0.0
    for tried in count(1):
        wait = delay(schedule, tried, elapsed=elapsed, chance=random() if random else 0.0)
        if wait is None:
            return
        elapsed += wait
        yield wait


def _grown(schedule: Schedule, tried: int) -> float:
    try:
        return schedule.initial * schedule.factor ** (tried - 1)
    except OverflowError:
        return math.inf if schedule.initial else 0.0


def _check(name: str, value: float, least: float, most: float = math.inf) -> None:
    if not least <= value <= most or value == math.inf:
        raise ValueError(f"{name} must be a number of at least {least}, not {value!r}")
