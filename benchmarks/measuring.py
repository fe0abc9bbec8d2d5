"""Taking the time of contenders in turns.

Rule: every round runs every contender, so that drift hits all alike, and collects what others left
behind before each turn; the first round warms caches and is thrown away. Where large results are
made, the time ends with a collection of the youngest generation: who puts the garbage collector
off, as cvatfn does, pays for it here as a program would.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from statistics import median
from time import perf_counter_ns

from attrs import frozen

__all__ = ["Contender", "Timing", "raced", "timed_large", "timed_once", "timed_small"]


@frozen
class Contender:
    """One way to do what a row is about.

    :param name: for the table.
    :param run: does it once.
    :param times: how often it runs in each round.
    """

    name: str
    run: Callable[[], object]
    times: int = 1


@frozen
class Timing:
    """What a contender took.

    :param name: the contender's.
    :param median: nanoseconds, of all its runs.
    :param best: nanoseconds.
    """

    name: str
    median: float
    best: float

    def per(self, count: float) -> Timing:
        """The same for one of several items.

        :param count: how many there were.
        """
        return Timing(self.name, self.median / count, self.best / count)

    def above(self, other: Timing) -> Timing:
        """What it took more than another.

        :param other: what is common to both.
        """
        return Timing(self.name, self.median - other.median, self.best - other.best)


def raced(
    contenders: tuple[Contender, ...],
    rounds: int,
    timed: Callable[[Callable[[], object]], int],
) -> tuple[Timing, ...]:
    """Let contenders run in turns.

    :param contenders: who.
    :param rounds: how often, after a first round that does not count.
    :param timed: runs a function once and says how many nanoseconds it took.
    :returns: what each took, in their order.
    """
    taken: dict[str, list[int]] = {contender.name: [] for contender in contenders}
    for number in range(rounds + 1):
        for contender in contenders:
            gc.collect()
            times = [timed(contender.run) for _ in range(contender.times)]
            if number:
                taken[contender.name] += times
    return tuple(Timing(name, median(times), min(times)) for name, times in taken.items())


def timed_once(contender: Contender) -> Timing:
    """What a contender takes that is too slow to run in turns: it runs once, unprepared.

    :param contender: who.
    """
    gc.collect()
    taken = timed_large(contender.run)
    return Timing(contender.name, taken, taken)


def timed_small(run: Callable[[], object]) -> int:
    """Nanoseconds of a run.

    :param run: what to run once.
    """
    start = perf_counter_ns()
    run()
    return perf_counter_ns() - start


def timed_large(run: Callable[[], object]) -> int:
    """Nanoseconds of a run and of the collection it leaves behind; freeing its result not counted.

    :param run: what to run once.
    """
    start = perf_counter_ns()
    result = run()
    gc.collect(0)
    taken = perf_counter_ns() - start
    del result
    return taken
