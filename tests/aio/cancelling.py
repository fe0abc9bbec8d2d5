"""Cancelling at a point: whatever runs is cancelled when so many steps have been taken, by anyone.

Rule: every `await` at which a task gives up its turn is a step, be it in the task that is looked at
or in one that it began. It is cancelled at a step by its number, or by where in `cvatfn.aio` it is.
Under asyncio there are two kinds of ways: by a scope of anyio, and by what ends in `Task.cancel`,
of which anyio's shields know nothing.
"""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine, Generator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import FrameType
from typing import Any, Final, Literal, TypeAlias, TypeVar

import anyio
import trio
from attrs import define, field, frozen
from typing_extensions import override

from cvatfn import aio

__all__ = ["WAYS", "Act", "Came", "Place", "Way", "cancelled_at", "ran"]

T = TypeVar("T")

Act: TypeAlias = Callable[[], Awaitable[object]]

Place: TypeAlias = tuple[str, ...]
"""Where a task waits: the lines of `cvatfn.aio` that it is in, the outermost first."""

Way: TypeAlias = Literal[
    "a scope under asyncio",
    "a deadline under asyncio",
    "Task.cancel",
    "Task.cancel, again and again",
    "asyncio.timeout",
    "a scope under trio",
    "a deadline under trio",
]

WAYS: Final[tuple[tuple[Way, ...], ...]] = (
    ("a scope under asyncio", "a deadline under asyncio"),
    ("Task.cancel, again and again",),
    ("Task.cancel", "asyncio.timeout"),
    ("a scope under trio", "a deadline under trio"),
)
"""Those that are much alike are side by side."""

_PACKAGE: Final = str(Path(next(iter(aio.__path__))))


@frozen
class Came:
    """What came of a try.

    :param at: where it was cancelled, each time; nowhere where it ended before.
    :param places: where it was at each step.
    """

    at: tuple[Place, ...]
    places: tuple[Place, ...]


@define
class _Steps:
    """Counts steps, and does something at one of them.

    :param point: which one, counted from 1, or where it is; none is 0.
    :param again: whether at all from there on.
    """

    point: int | Place
    again: bool = False
    act: Callable[[], object] = field(default=lambda: None)
    places: list[Place] = field(factory=list[Place])
    at: list[Place] = field(factory=list[Place])

    def begin(self) -> None:
        """Nothing has been awaited yet: that is step 0."""
        if self.point == 0:
            self._reach(())

    def step(self, what: object) -> None:
        place = tuple(_lines(what))
        self.places.append(place)
        if self.again if self.at else self.point in (len(self.places), place):
            self._reach(place)

    def _reach(self, place: Place) -> None:
        self.at.append(place)
        self.act()


def cancelled_at(
    point: int | Place,
    way: Way,
    act: Act,
    settled: Callable[[], object] = lambda: None,
    then: Act | None = None,
) -> Came:
    """Run something, and cancel it at a step.

    :param point: at which step; 0 is before it begins; or where. It comes to -1 never.
    :param way: how.
    :param act: what to run.
    :param settled: looks at what is left, while the loop still runs.
    :param then: what must go well afterwards, in the same loop.
    """
    steps = _Steps(point, "again" in way)

    async def main() -> None:
        async with _no_task_left():
            await _RUNNERS[way](steps, act)
            await _at_rest()
        settled()
        if then is not None:
            async with _no_task_left():
                await then()
                await _at_rest()
            settled()

    anyio.run(main, backend=_backend(way))
    return Came(tuple(steps.at), tuple(steps.places))


def ran(way: Way, act: Callable[[], Awaitable[T]]) -> T:
    """Run something to its end.

    :param way: under which loop.
    :param act: what to run.
    """

    async def main() -> T:
        return await act()

    return anyio.run(main, backend=_backend(way))


def _backend(way: Way) -> str:
    return "trio" if "trio" in way else "asyncio"


async def _by_scope(steps: _Steps, act: Act) -> None:
    with anyio.CancelScope() as scope:
        steps.act = scope.cancel
        await _counted(steps, act)


async def _by_deadline(steps: _Steps, act: Act) -> None:
    with anyio.move_on_after(1000) as scope:
        steps.act = lambda: setattr(scope, "deadline", anyio.current_time())
        await _counted(steps, act)


async def _by_task(steps: _Steps, act: Act) -> None:
    async def counted() -> None:
        await _counted(steps, act)

    task = asyncio.get_running_loop().create_task(counted())
    steps.act = task.cancel
    try:
        await task
    except asyncio.CancelledError:
        assert task.cancelled()
        assert steps.at


async def _by_timeout(steps: _Steps, act: Act) -> None:
    loop = asyncio.get_running_loop()
    limit = asyncio.timeout(None)
    try:
        async with limit:
            steps.act = lambda: limit.reschedule(loop.time())
            await _counted(steps, act)
    except TimeoutError:
        assert limit.expired()


_RUNNERS: Final[dict[Way, Callable[[_Steps, Act], Awaitable[None]]]] = {
    "a scope under asyncio": _by_scope,
    "a deadline under asyncio": _by_deadline,
    "Task.cancel": _by_task,
    "Task.cancel, again and again": _by_task,
    "asyncio.timeout": _by_timeout,
    "a scope under trio": _by_scope,
    "a deadline under trio": _by_deadline,
}


@asynccontextmanager
async def _no_task_left() -> AsyncGenerator[None]:
    before = {each.id for each in anyio.get_running_tasks()}
    yield
    left = before
    for _ in range(25):  # trio closes what was dropped in tasks of its own
        left = {each.id for each in anyio.get_running_tasks()} - before
        if not left:
            break
        await anyio.sleep(0)
    assert not left


async def _at_rest() -> None:
    """Let sockets that were closed, and generators that were dropped, come to their end."""
    for _ in range(5):
        await anyio.sleep(0)


async def _counted(steps: _Steps, act: Act) -> None:
    """Run something, and count its steps, and those of the tasks that it begins."""
    steps.begin()
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        instrument = _Instrument(steps)
        trio.lowlevel.add_instrument(instrument)
        try:
            await act()
        finally:
            trio.lowlevel.remove_instrument(instrument)
    else:
        before = loop.get_task_factory()
        loop.set_task_factory(_counting(steps))
        try:
            await _Counted(act(), steps)
        finally:
            loop.set_task_factory(before)


class _Instrument(trio.abc.Instrument):
    def __init__(self, steps: _Steps) -> None:
        self._steps = steps

    @override
    def after_task_step(self, task: trio.lowlevel.Task) -> None:
        self._steps.step(task.coro)


def _counting(steps: _Steps) -> Callable[..., asyncio.Task[Any]]:
    def make(
        loop: asyncio.AbstractEventLoop,
        # `Any`: as asyncio has it of a task factory.
        coroutine: Coroutine[Any, Any, T] | Generator[Any, None, T],
        **options: Any,
    ) -> asyncio.Task[T]:
        assert isinstance(coroutine, Coroutine)
        return asyncio.Task(_awaiting(coroutine, steps), loop=loop, **options)

    return make


async def _awaiting(awaitable: Awaitable[T], steps: _Steps) -> T:
    return await _Counted(awaitable, steps)


class _Counted(Awaitable[T]):
    """Awaits something, and counts each of its steps."""

    def __init__(self, awaitable: Awaitable[T], steps: _Steps) -> None:
        self._awaitable = awaitable
        self._steps = steps

    @override
    def __await__(self) -> Generator[Any, Any, T]:
        going = self._awaitable.__await__()
        try:
            wanted: object = next(going)
            while True:
                self._steps.step(self._awaitable)
                came: object = None
                thrown: BaseException | None = None
                try:
                    came = yield wanted
                except BaseException as error:
                    thrown = error
                # Not in the `except`: it would be the context of whatever is raised from here on.
                wanted = going.send(came) if thrown is None else going.throw(thrown)
        except StopIteration as end:
            value: T = end.value
            return value


def _lines(what: object) -> Iterator[str]:
    """The lines of `cvatfn.aio` in which something is suspended."""
    while what is not None:
        frame = _first_of(what, "cr_frame", "gi_frame", "ag_frame")
        if isinstance(frame, FrameType) and frame.f_code.co_filename.startswith(_PACKAGE):
            yield f"{Path(frame.f_code.co_filename).stem}:{frame.f_lineno}"
        following = _first_of(what, "cr_await", "gi_yieldfrom", "ag_await")
        if following is None and type(what).__name__ in _STEPPING:  # they do not name it
            following = next(filter(_is_suspended, gc.get_referents(what)), None)
        what = following


_STEPPING: Final = (
    "anext_awaitable",
    "async_generator_asend",
    "async_generator_athrow",
    "coroutine_wrapper",
)


def _first_of(what: object, *names: str) -> object:
    return next((held for name in names if (held := getattr(what, name, None)) is not None), None)


def _is_suspended(what: object) -> bool:
    framed = _first_of(what, "cr_frame", "ag_frame") is not None
    return framed or type(what).__name__ in _STEPPING
