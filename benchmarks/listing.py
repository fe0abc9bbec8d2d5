"""A listing of 20,000 tasks in pages of 100: all of it, the first of it, and the memory for it.

Rule: everybody asks for the same pages of the same server, and ends with all of the items. The
official client takes half a minute each time, so it runs once where the others run in turns.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Final

from benchmarks import bodies, by_cvat_sdk, by_cvatfn, by_others
from benchmarks.loopback import Paged, answer, serving
from benchmarks.measuring import Contender, Timing, raced, timed_large, timed_once, timed_small
from benchmarks.peak import peak
from benchmarks.table import Row, Target

__all__ = ["listings"]

PATH: Final = "/api/tasks"
PAGE: Final = 100
LATENCY: Final = 0.02
SDK: Final = "cvat-sdk: get_paginated_collection"
AFTER_A_WHILE: Final = 35
AT_ONCE: Final = 60
MOST: Final = 15_000_000
LIMIT: Final = "the limit"


def listings(rounds: int, pages: int) -> Iterator[Row]:
    """The listing with a server that takes 20 ms to answer, and with one that takes none.

    :param rounds: how often to measure.
    :param pages: how many pages there are.
    """
    told = tuple(answer(bodies.task_page(PAGE, page, pages)) for page in range(1, pages + 1))
    with serving(Paged(PATH, told)) as port:
        host = f"http://127.0.0.1:{port}"
        yield _whole(host, rounds, pages, "no latency", AT_ONCE)
        yield _first(host, rounds)
        yield from _memory(host, pages)
    with serving(Paged(PATH, told, LATENCY)) as port:
        host = f"http://127.0.0.1:{port}"
        yield _whole(host, rounds, pages, f"{LATENCY * 1e3:.0f} ms of latency", AFTER_A_WHILE)


def _whole(host: str, rounds: int, pages: int, latency: str, target: float) -> Row:
    count = pages * PAGE
    assert by_cvatfn.tasks(host) == by_others.tasks(host)
    assert sum(1 for _ in by_cvatfn.tasks(host)) == count
    mine, *others = raced(
        (
            Contender("cvatfn: paginate, prefetching 8", partial(by_cvatfn.tasks, host)),
            Contender("cvatfn: prefetching 16", partial(by_cvatfn.tasks, host, ahead=16)),
            Contender("cvatfn: one page at a time", partial(by_cvatfn.tasks, host, ahead=0)),
            Contender("urllib3 in 8 threads, msgspec", partial(by_others.tasks, host)),
        ),
        rounds,
        timed_large,
    )

    def gathered() -> object:
        found = by_cvat_sdk.tasks(host)
        assert len(found) == count  # looked at here: a run only to look takes as long again
        return found

    theirs = timed_once(Contender(SDK, gathered))
    return Row(
        f"Listing of {count:,} tasks in pages of {PAGE}, {latency}",
        "s",
        1e9,
        mine,
        (*others, theirs),
        Target(SDK, "at least", target),
    )


def _first(host: str, rounds: int) -> Row:
    mine, page = raced(
        (
            Contender("cvatfn: next(paginate(...))", partial(by_cvatfn.first_task, host)),
            Contender("cvatfn: one page", partial(by_cvatfn.first_page, host)),
        ),
        rounds,
        timed_small,
    )
    return Row("The first task of that listing", "ms", 1e6, mine, (page,))


def _memory(host: str, pages: int) -> Iterator[Row]:
    told = f"Peak memory above the import: {pages * PAGE:,} tasks"
    walked, kept = (peak("by_cvatfn", does, host, ()) for does in ("walk", "keep"))
    theirs = peak("by_cvat_sdk", "keep", host, ())
    sdk, limit = _taken("cvat-sdk, all in a list", theirs), _taken(LIMIT, MOST)
    yield Row(
        f"{told}, one by one",
        "MB",
        1e6,
        _taken("cvatfn, prefetching 8", walked),
        (limit, sdk),
        Target(LIMIT, "at most", 1),
    )
    yield Row(
        f"{told}, all kept",
        "MB",
        1e6,
        _taken("cvatfn, prefetching 8", kept),
        (sdk,),
        Target(sdk.name, "at most", 0.25),
    )


def _taken(name: str, most: int) -> Timing:
    return Timing(name, most, most)
