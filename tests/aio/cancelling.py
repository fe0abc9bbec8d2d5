"""Cancelling at a point: whatever runs is cancelled when so many steps have been taken, by anyone.

Rule: every `await` at which a task gives up its turn is a step, be it in the task that is looked at
or in one that it began. Under asyncio there are two ways to be cancelled: by a scope of anyio, and
by `Task.cancel`, of which anyio's shields know nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Generator
from typing import Any, Final, Literal, TypeAlias, TypeVar

import anyio
import trio
from attrs import define
from typing_extensions import override

__all__ = ["WAYS", "Way", "cancelled_at", "ran"]

T = TypeVar("T")

Way: TypeAlias = Literal["a scope under asyncio", "Task.cancel", "a scope under trio"]

WAYS: Final[tuple[Way, ...]] = ("a scope under asyncio", "Task.cancel", "a scope under trio")


@define
class _Counter:
    """Counts steps, and does something at one of them."""

    left: int
    act: Callable[[], object]

    def step(self) -> None:
        self.left -= 1
        if not self.left:
            self.act()


def cancelled_at(point: int, way: Way, act: Callable[[], Awaitable[object]]) -> bool:
    """Run something, and cancel it at a step.

    :param point: at which step, counted from 1.
    :param way: how.
    :param act: what to run.
    :returns: whether it came so far; otherwise it ended before.
    """
    if way == "Task.cancel":
        return asyncio.run(_by_task(point, act))
    if way == "a scope under asyncio":
        return asyncio.run(_by_scope(point, act))
    return trio.run(_under_trio, point, act)


def ran(way: Way, act: Callable[[], Awaitable[T]]) -> T:
    """Run something to its end.

    :param way: under which loop.
    :param act: what to run.
    """

    async def main() -> T:
        return await act()

    return anyio.run(main, backend="trio" if "trio" in way else "asyncio")


async def _by_scope(point: int, act: Callable[[], Awaitable[object]]) -> bool:
    scope = anyio.CancelScope()
    counter = _Counter(point, scope.cancel)
    with scope:
        _count_steps(counter)
        await _Counted(act(), counter)
    await _settled()
    assert len(asyncio.all_tasks()) == 1
    return counter.left <= 0


async def _by_task(point: int, act: Callable[[], Awaitable[object]]) -> bool:
    async def awaited() -> object:
        return await act()

    counter = _Counter(point, lambda: task.cancel())
    _count_steps(counter)
    task = asyncio.get_running_loop().create_task(awaited())
    try:
        await task
    except asyncio.CancelledError:
        assert task.cancelled()
    _count_steps(None)
    await _settled()
    assert len(asyncio.all_tasks()) == 1
    return counter.left <= 0


async def _under_trio(point: int, act: Callable[[], Awaitable[object]]) -> bool:
    before = trio.lowlevel.current_statistics().tasks_living
    scope = trio.CancelScope()
    counter = _Counter(point, scope.cancel)
    with scope:
        instrument = _Instrument(counter)
        trio.lowlevel.add_instrument(instrument)
        try:
            await act()
        finally:
            trio.lowlevel.remove_instrument(instrument)
    await _settled()
    assert trio.lowlevel.current_statistics().tasks_living == before
    return counter.left <= 0


async def _settled() -> None:
    """Let sockets that were closed come to their end."""
    for _ in range(5):
        await anyio.sleep(0)


class _Instrument(trio.abc.Instrument):
    def __init__(self, counter: _Counter) -> None:
        self._counter = counter

    @override
    def after_task_step(self, task: trio.lowlevel.Task) -> None:
        self._counter.step()


def _count_steps(counter: _Counter | None) -> None:
    def make(
        loop: asyncio.AbstractEventLoop,
        # `Any`: as asyncio has it of a task factory.
        coroutine: Coroutine[Any, Any, T] | Generator[Any, None, T],
        **options: Any,
    ) -> asyncio.Task[T]:
        assert counter is not None
        assert isinstance(coroutine, Coroutine)
        return asyncio.Task(_stepped(coroutine, counter), loop=loop, **options)

    asyncio.get_running_loop().set_task_factory(None if counter is None else make)


async def _stepped(awaitable: Awaitable[T], counter: _Counter) -> T:
    return await _Counted(awaitable, counter)


class _Counted(Awaitable[T]):
    """Awaits something, and counts each of its steps."""

    def __init__(self, awaitable: Awaitable[T], counter: _Counter) -> None:
        self._awaitable = awaitable
        self._counter = counter

    @override
    def __await__(self) -> Generator[Any, Any, T]:
        steps = self._awaitable.__await__()
        try:
            wanted: object = next(steps)
            while True:
                self._counter.step()
                try:
                    came: object = yield wanted
                except BaseException as error:
                    wanted = steps.throw(error)
                else:
                    wanted = steps.send(came)
        except StopIteration as end:
            value: T = end.value
            return value
