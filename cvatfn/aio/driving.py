"""The driver of conversations for event loops: what `cvatfn.flows.driven` is for threads.

Rule: the logic is in the flows; here is only how a thing is done that one of them yields. Work that
may block is done in a thread. When a conversation is interrupted, what it still wants to have done
is its clearing up: no cancellation reaches that.
"""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from contextlib import nullcontext
from functools import partial
from typing import Final, TypeVar, assert_never

import anyio

from cvatfn.aio.groups import first_of
from cvatfn.aio.threads import in_thread
from cvatfn.aio.types import AsyncSleep, AsyncTransport
from cvatfn.flows import Drop, Flow, Own, Pause, Piece, Pull, Reply, Together, Work, given_up
from cvatfn.messages import Request, Response
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.transfer.flows import Effort
from cvatfn.transport.retries import sent_once

__all__ = ["awaited", "driven", "led", "unfolded", "wrapped"]

T = TypeVar("T")
S = TypeVar("S")
E = TypeVar("E")

_NOTHING: Final[Reply] = Success(Response(204))


async def driven(flow: Flow[T], transport: AsyncTransport, sleep: AsyncSleep = anyio.sleep) -> T:
    """Lead a conversation to its end.

    :param flow: the conversation.
    :param transport: what sends.
    :param sleep: how to wait.

    >>> def about() -> Flow[int]:
    ...     reply = yield Request("GET", "/api/server/about")
    ...     return reply.unwrap().status
    >>> async def fine(request):
    ...     return Success(Response(200))
    >>> anyio.run(driven, about(), fine)
    200
    """
    reply = _NOTHING
    interrupted = False
    try:
        wanted = next(flow)
        while True:
            try:
                if isinstance(wanted, Request):
                    reply = await transport(wanted)
                else:
                    with anyio.CancelScope(shield=True) if interrupted else nullcontext():
                        await _done(wanted, transport, sleep)
            except GeneratorExit:  # no loop is there any more to wait on
                raise
            except BaseException as error:
                interrupted = interrupted or not isinstance(error, Exception)
                wanted = flow.throw(error)
            else:
                wanted = flow.send(reply)
    except StopIteration as end:
        value: T = end.value
        return value
    except BaseException:  # between two steps, too: then the flow knows nothing of it yet
        given_up(flow)
        raise


def wrapped(
    talk: Callable[[Request], Flow[Reply]],
    transport: AsyncTransport,
    sleep: AsyncSleep = anyio.sleep,
) -> AsyncTransport:
    """A transport that has a conversation for each request.

    :param talk: the conversation; what it comes to is the reply.
    :param transport: what sends.
    :param sleep: how to wait.
    """
    return partial(_through, transport, talk, sleep)


async def led(flow: Flow[T], transport: AsyncTransport, effort: Effort) -> T:
    """Lead a transfer to its end.

    :param flow: the transfer.
    :param transport: what sends.
    :param effort: how to wait.
    """
    sleep = anyio.sleep if effort.sleep is time.sleep else partial(_slept, effort.sleep)
    return await driven(flow, partial(sent_once, transport), sleep)


def awaited(act: Callable[[], Awaitable[T]]) -> Flow[T]:
    """Await something of the caller's, and have its result; the twin of `flows.taken`.

    :param act: what to await.
    """
    came: list[T] = []

    async def take() -> None:
        came.append(await act())

    yield Own(take)
    return came.pop()


async def unfolded(
    step: Callable[[S], Awaitable[Outcome[tuple[Iterable[T], S | None], E]]], seed: S
) -> AsyncGenerator[Outcome[T, E]]:
    """Grow an iterator from a seed; the twin of `pagination.unfold`.

    :param step: makes items of a seed, and the next seed, or `None` at the end.
    :param seed: the first one.
    """
    following: S | None = seed
    while following is not None:
        match await step(following):
            case Success((items, following)):
                for item in items:
                    yield Success(item)
                del items  # or else they would be held while the next ones are made
            case Failure() as failure:
                yield failure
                return


async def _through(
    transport: AsyncTransport,
    talk: Callable[[Request], Flow[Reply]],
    sleep: AsyncSleep,
    request: Request,
) -> Reply:
    return await driven(talk(request), transport, sleep)


async def _done(
    wanted: Pause | Work | Own | Pull | Drop | Together,
    transport: AsyncTransport,
    sleep: AsyncSleep,
) -> None:
    match wanted:
        case Pause(seconds):
            await sleep(seconds)
        case Work(act):
            await in_thread(act)
        case Own(act):
            await _if_awaitable(act())
        case Pull(head, put):
            put(await _next(head))
        case Drop(head):
            await _dropped(head)
        case Together():
            await _all_at_once(wanted, transport, sleep)
        case _:
            assert_never(wanted)


async def _next(head: Response) -> Piece:
    if head.astream is not None:
        return await anext(head.astream, None)
    return None if head.stream is None else await in_thread(partial(next, head.stream, None))


async def _dropped(head: Response) -> None:
    if head.astream is not None:
        await head.astream.aclose()
    if head.stream is not None:
        await in_thread(head.stream.close)


async def _all_at_once(wanted: Together, transport: AsyncTransport, sleep: AsyncSleep) -> None:
    left = iter(wanted.flows)

    async def lead() -> None:
        for flow in left:
            await driven(flow, transport, sleep)

    try:
        async with anyio.create_task_group() as tasks:
            for _ in range(min(wanted.most, len(wanted.flows))):
                tasks.start_soon(lead)
    except BaseExceptionGroup as group:  # what a single one raised is raised, as it is in threads
        wanted.stop()
        raise first_of(group) from None
    except BaseException:
        wanted.stop()
        raise


async def _slept(sleep: Callable[[float], object], seconds: float) -> None:
    await _if_awaitable(sleep(seconds))


async def _if_awaitable(came: object) -> None:
    if isinstance(came, Awaitable):
        await came
