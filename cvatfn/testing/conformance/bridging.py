"""The suite for asynchronous transports: one is asked from threads, through an event loop.

Rule: no check is written twice. What is asynchronous is awaited in a loop of its own, in a thread;
a check sees a transport like any other.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from types import TracebackType
from typing import TYPE_CHECKING, Self, TypeAlias, final

from attrs import evolve

from cvatfn.errors import TransportError
from cvatfn.messages import AsyncStream, Request, Response
from cvatfn.outcome import Outcome, Success
from cvatfn.testing.conformance.stage import MakeTransport
from cvatfn.transport.types import Transport

if TYPE_CHECKING:
    from anyio.from_thread import BlockingPortal

    from cvatfn.aio.types import AsyncTransport

__all__ = ["MakeAsyncTransport", "blocking"]

MakeAsyncTransport: TypeAlias = "Callable[[str], AbstractAsyncContextManager[AsyncTransport]]"
"""Makes an asynchronous transport to the server at a URL; its `async with` block ends it."""


def blocking(make: MakeAsyncTransport, backend: str = "asyncio") -> MakeTransport:
    """An asynchronous transport, for the suite (extra `async`).

    :param make: makes the transport.
    :param backend: under which loop it runs: `asyncio` or `trio`.

    >>> from cvatfn import aio
    >>> from cvatfn.testing.conformance import CHECKS, run
    >>> print(run(blocking(aio.connect_async), checks=CHECKS[:1]))
    passed   methods_arrive: Methods arrive as they are, also those that nobody knows.
    """

    @contextmanager
    def made(url: str) -> Generator[Transport]:
        from anyio.from_thread import start_blocking_portal

        with (
            start_blocking_portal(backend) as portal,
            portal.wrap_async_context_manager(make(url)) as transport,
        ):
            last: list[Transport] = [_asking(portal, transport)]
            yield lambda request: last[-1](request)
            # Asked once more, it has no loop to run in; it is closed, and says so in another one.
            last.append(_asking_anew(transport, backend))

    return made


def _asking(portal: BlockingPortal, transport: AsyncTransport) -> Transport:
    async def ask(request: Request) -> Outcome[Response, TransportError]:
        return await transport(request)

    def send(request: Request) -> Outcome[Response, TransportError]:
        outcome = portal.call(ask, request)
        if not isinstance(outcome, Success):
            return outcome
        head = outcome.unwrap()
        if head.astream is None:
            return outcome
        return Success(evolve(head, stream=_Blocking(portal, head.astream), astream=None))

    return send


def _asking_anew(transport: AsyncTransport, backend: str) -> Transport:
    def send(request: Request) -> Outcome[Response, TransportError]:
        from anyio.from_thread import start_blocking_portal

        with start_blocking_portal(backend) as portal:
            return _asking(portal, transport)(request)

    return send


@final
class _Blocking:
    """An asynchronous stream, for threads."""

    def __init__(self, portal: BlockingPortal, stream: AsyncStream) -> None:
        self._portal = portal
        self._stream = stream

    def __iter__(self) -> Iterator[Outcome[bytes, TransportError]]:
        return self

    def __next__(self) -> Outcome[bytes, TransportError]:
        piece = self._portal.call(self._following)
        if piece is None:
            raise StopIteration
        return piece

    async def _following(self) -> Outcome[bytes, TransportError] | None:
        return await anext(self._stream, None)

    def close(self) -> None:
        """Give the rest up."""
        self._portal.call(self._stream.aclose)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
        /,
    ) -> None:
        self.close()
