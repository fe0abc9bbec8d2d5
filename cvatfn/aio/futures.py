"""Outcomes that are awaited, for those who chain: the way to `returns` and its `FutureResult`.

Rule: an adapter and nothing else; the outcome inside is the one that was awaited.
"""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TypeVar

from returns.future import FutureResult
from returns.result import Result

from cvatfn.outcome import Outcome

__all__ = ["as_future"]

T = TypeVar("T")
E = TypeVar("E")


def as_future(awaitable: Awaitable[Outcome[T, E]]) -> FutureResult[T, E]:
    """See an awaited outcome as a `returns` container, for `.map`, `.bind` and their kin.

    :param awaitable: what a function of `cvatfn.aio` returned, not yet awaited.
    :returns: the container; awaited, it comes to an `IOResult`.

    >>> import anyio
    >>> from cvatfn import Success
    >>> async def size():
    ...     return Success(20)
    >>> async def chained():
    ...     return await as_future(size()).map(lambda size: size + 1)
    >>> anyio.run(chained)
    <IOResult: <Success: 21>>
    """
    return FutureResult(_awaited(awaitable))


async def _awaited(awaitable: Awaitable[Outcome[T, E]]) -> Result[T, E]:
    return await awaitable
