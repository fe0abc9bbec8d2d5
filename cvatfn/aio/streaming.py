"""Answers as they come, awaited piece by piece.

Rule: as in `cvatfn.transfer.streaming`. Nothing closes itself when it is dropped, since closing has
to be awaited: use `async with`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from types import TracebackType
from typing import ParamSpec, Self, final

from cvatfn.aio.driving import driven
from cvatfn.aio.threads import to_the_end
from cvatfn.aio.types import AsyncTransport
from cvatfn.endpoints import Endpoint
from cvatfn.errors import CallError, TransportError
from cvatfn.messages import Response
from cvatfn.outcome import Outcome
from cvatfn.preparing import prepare
from cvatfn.transfer.streaming import arriving, streamed, url_streamed

__all__ = ["AsyncStreamed", "stream", "stream_url"]

P = ParamSpec("P")


@final
class AsyncStreamed:
    """The content of an answer, in pieces of at most 1 MiB; made by `stream` and `stream_url`.

    It closes itself at its end and at the end of an `async with` block.

    :param response: the head of the answer.
    :param endpoint: which operation; `None` for a URL.
    """

    def __init__(self, response: Response, endpoint: Endpoint[..., object] | None) -> None:
        self.response = response
        self._arrived = arriving(response, endpoint)
        self._closed = False

    def __aiter__(self) -> AsyncIterator[Outcome[bytes, TransportError]]:
        return self

    async def __anext__(self) -> Outcome[bytes, TransportError]:
        piece = None if self._closed else await driven(self._arrived(), _nobody)
        if piece is None:
            raise StopAsyncIteration
        return piece

    async def aclose(self) -> None:
        """Give the rest up."""
        self._closed = True
        if self.response.astream is not None:
            await to_the_end(self.response.astream.aclose)
        if self.response.stream is not None:
            self.response.stream.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.aclose()


async def stream(
    transport: AsyncTransport, endpoint: Endpoint[P, object], /, *args: P.args, **params: P.kwargs
) -> Outcome[AsyncStreamed, CallError]:
    """Ask an endpoint and take its answer piece by piece; `cvatfn.stream`, awaited.

    :param transport: what sends.
    :param endpoint: which operation.
    :param args: the endpoint's parameters.
    :param params: the same, by name.
    :returns: the pieces, once the server has granted the request; any error as a value.

    >>> import anyio
    >>> from cvatfn import aio
    >>> from cvatfn.api import tasks
    >>> transport = aio.in_memory(lambda request: Response(200, body=b"a picture"))
    >>> async def shown():
    ...     async with (await aio.stream(transport, tasks.retrieve_preview, 7)).unwrap() as pieces:
    ...         return [piece.unwrap() async for piece in pieces]
    >>> anyio.run(shown)
    [b'a picture']
    """
    flow = streamed(endpoint, prepare(endpoint, *args, **params), AsyncStreamed)
    return await driven(flow, transport)


async def stream_url(transport: AsyncTransport, url: str, /) -> Outcome[AsyncStreamed, CallError]:
    """Take what a URL of the server names piece by piece; `cvatfn.stream_url`, awaited.

    :param transport: a connection to the URL's own origin; nothing is sent to another one.
    :param url: an absolute URL, such as a `result_url`, or a path with its query.
    :returns: the pieces; any error as a value.
    """
    return await driven(url_streamed(url, AsyncStreamed), transport)


async def _nobody(request: object) -> Outcome[Response, TransportError]:
    raise AssertionError(f"{request} is no piece of an answer")  # pragma: no cover
