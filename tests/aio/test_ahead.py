"""Pages that tasks ask for beforehand: in order, no more than allowed, none that nobody wants."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing

import anyio
import anyio.lowlevel
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cvatfn import (
    Outcome,
    Request,
    Response,
    aio,
    collect,
    in_pages_of,
    limited,
    paginate,
    prefetching,
)
from cvatfn.errors import CallError, TransportError
from tests.pagination.listings import Listing, numbers


class _Watched:
    """A listing whose answers may be a while on their way, and how many are at once."""

    def __init__(
        self, count: int, wait: Callable[[], Awaitable[object]] = anyio.lowlevel.checkpoint
    ) -> None:
        self.listing = Listing([*range(count)])
        self._wait = wait
        self.inside = self.most = self.ended = 0

    async def __call__(self, request: Request) -> Outcome[Response, TransportError]:
        self.inside += 1
        self.most = max(self.most, self.inside)
        try:
            reply = self.listing.send(request)
            await self._wait()
            return reply
        finally:
            self.inside -= 1


async def _first(walk: AsyncIterator[Outcome[int, CallError]], count: int) -> list[int]:
    return [(await anext(walk)).unwrap() for _ in range(count)]


async def _all(walk: AsyncIterator[Outcome[int, CallError]], came: list[int]) -> None:
    async for outcome in walk:
        came += [outcome.unwrap()]


@given(st.integers(0, 60), st.integers(0, 9), st.integers(1, 9), st.sampled_from([1, 25, 99]))
def test_a_walk_comes_to_the_same_in_both_worlds(
    count: int, ahead: int, size: int, most: int
) -> None:
    walked = limited(prefetching(in_pages_of(numbers, size), ahead), most)
    watched = _Watched(count)
    came = anyio.run(aio.collect, aio.paginate(watched, walked))
    assert came == collect(paginate(Listing([*range(count)]).send, walked))
    assert watched.most <= ahead + 1  # the walk itself asks for what nobody asked for before
    assert watched.inside == 0


def test_no_more_are_asked_for_than_were_allowed(backend: str) -> None:
    watched = _Watched(1000)

    async def act() -> None:
        walk = aio.paginate(watched, prefetching(in_pages_of(numbers, 10), 4))
        async with aclosing(walk):
            assert await _first(walk, 11) == [*range(11)]
            await anyio.sleep(0.01)
            # The first two are read, and four wait.
            assert sorted(watched.listing.pages_asked) == [1, 2, 3, 4, 5, 6]

    anyio.run(act, backend=backend)


def test_they_are_under_way_at_once(backend: str) -> None:
    async def act() -> None:
        inside, together = 0, anyio.Event()

        async def wait() -> None:
            nonlocal inside
            inside += 1
            if inside == 5:  # the first page came alone
                together.set()
            if inside > 1:
                await together.wait()

        watched = _Watched(50, wait)
        walk = aio.paginate(watched, prefetching(in_pages_of(numbers, 10), 4))
        assert (await aio.collect(walk)).unwrap() == tuple(range(50))
        assert watched.most == 4

    anyio.run(act, backend=backend)


@pytest.mark.parametrize("taken", [0, 1, 11])
def test_whoever_closes_a_walk_ends_what_is_under_way(backend: str, taken: int) -> None:
    async def act() -> None:
        asked = 0

        async def wait() -> None:
            nonlocal asked
            asked += 1
            if asked > 2:
                await anyio.sleep_forever()

        watched = _Watched(1000, wait)
        walk = aio.paginate(watched, prefetching(in_pages_of(numbers, 10), 4))
        async with aclosing(walk):
            await _first(walk, taken)
        assert watched.inside == 0

    anyio.run(act, backend=backend)


def test_a_walk_that_is_dropped_ends_what_is_under_way() -> None:
    async def act() -> None:
        calls = 0

        async def wait() -> None:
            nonlocal calls
            calls += 1
            if calls > 2:
                await asyncio.sleep(60)

        watched = _Watched(1000, wait)
        walk = aio.paginate(watched, prefetching(in_pages_of(numbers, 10), 4))
        await _first(walk, 11)
        while watched.inside < 1:
            await asyncio.sleep(0)
        del walk
        gc.collect()
        while watched.inside:
            await asyncio.sleep(0)
        while len(asyncio.all_tasks()) > 2:  # this one, and that which waits for it
            await asyncio.sleep(0)

    asyncio.run(asyncio.wait_for(act(), 30))


def test_what_a_transport_raises_is_raised_where_the_page_is_needed(backend: str) -> None:
    async def act() -> None:
        calls = 0

        async def wait() -> None:
            nonlocal calls
            calls += 1
            if calls == 3:
                raise LookupError("a bug")

        walk = aio.paginate(_Watched(100, wait), prefetching(in_pages_of(numbers, 10), 4))
        came = list[int]()
        async with aclosing(walk):
            with pytest.raises(LookupError, match="a bug"):
                await _all(walk, came)
        assert came == [*range(len(came))]
        assert 10 <= len(came) < 60

    anyio.run(act, backend=backend)


def test_a_failure_is_the_last_outcome(backend: str) -> None:
    async def act() -> None:
        nobody = aio.in_memory(lambda _: Response(401, body=b'{"detail": "Who are you?"}'))
        outcomes = [each async for each in aio.pages(nobody, prefetching(numbers, 3))]
        assert [outcome.failure() for outcome in outcomes] == [outcomes[0].failure()]

    anyio.run(act, backend=backend)
