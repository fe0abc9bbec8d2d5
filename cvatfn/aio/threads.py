"""What must not be left half done: work that blocks, in a thread, and clearing up.

Rule: what was begun is over when the caller goes on, also where the caller was cancelled. A half
written file would otherwise be cleared away while a thread still writes to it, and a cancelled
`aclose` would leave sockets open.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextvars import copy_context
from functools import partial
from typing import TypeVar

import anyio
import anyio.to_thread

from cvatfn.outcome import Failure, Outcome, Success

__all__ = ["event_loop", "in_thread", "running_loop", "to_the_end"]

T = TypeVar("T")


async def in_thread(act: Callable[[], T]) -> T:
    """Do what blocks, in a thread.

    :param act: what to do; what it raises is raised here.

    >>> anyio.run(in_thread, lambda: 6 * 7)
    42
    """
    caught = partial(_caught, act)
    loop = running_loop()
    if loop is None:
        done = await _shielded(lambda: anyio.to_thread.run_sync(caught))
    else:
        done = await _unabandoned(loop.run_in_executor(None, copy_context().run, caught))
    match done:
        case Success(value):
            return value
        case Failure(error):
            raise error


async def to_the_end(act: Callable[[], Awaitable[T]]) -> T:
    """Do what clears up; a cancellation is heard when it is over.

    :param act: what to do.
    """
    loop = running_loop()
    return await (
        _shielded(act) if loop is None else _unabandoned(loop.create_task(_shielded(act)))
    )


def running_loop() -> asyncio.AbstractEventLoop | None:
    """The loop of asyncio that runs here; `None` under trio."""
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


def event_loop() -> object:
    """What stands for the event loop that runs here, under asyncio or trio."""
    loop = running_loop()
    if loop is not None:
        return loop
    from trio.lowlevel import current_trio_token

    return current_trio_token()


async def _unabandoned(future: asyncio.Future[T]) -> T:
    """Wait where a task can be cancelled by others than anyio, whose shields do not hold them."""
    interrupted: asyncio.CancelledError | None = None
    with anyio.CancelScope(shield=True):
        while not future.done():
            try:
                await asyncio.shield(future)
            except asyncio.CancelledError as error:
                interrupted = error
    if interrupted is not None:
        raise interrupted
    return future.result()


async def _shielded(act: Callable[[], Awaitable[T]]) -> T:
    came: list[T] = []
    with anyio.CancelScope(shield=True):
        came.append(await act())
    return came.pop()


def _caught(act: Callable[[], T]) -> Outcome[T, BaseException]:
    try:
        return Success(act())
    except BaseException as error:  # it goes to whoever waits; a future cannot hold them all
        return Failure(error)
