"""Answers as they come: without a file, without the whole in memory.

Rule: the status is known before the first piece; a fault on the way is a value, and the last one.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from types import TracebackType
from typing import ParamSpec, Self, TypeAlias, TypeVar, final

from attrs import evolve

from cvatfn.calling import concluded, request_of, settled, told
from cvatfn.endpoints import Endpoint, raw
from cvatfn.errors import CallError, InvalidParams, TransportError
from cvatfn.flows import Flow, Piece, driven, following
from cvatfn.messages import Request, Response
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.outdated import explained
from cvatfn.preparing import prepare
from cvatfn.transport.types import Transport

__all__ = [
    "Make",
    "Streamed",
    "arriving",
    "sliced",
    "stream",
    "stream_url",
    "streamed",
    "streamed_request",
    "told_of",
    "url_streamed",
]

P = ParamSpec("P")
S = TypeVar("S")

Make: TypeAlias = "Callable[[Response, Endpoint[..., object] | None], S]"
"""Makes what a streamed answer is to its caller, of its head and of what was asked."""

_PIECE = 1 << 20


@final
class Streamed:
    """The content of an answer, in pieces of at most 1 MiB; made by `stream` and `stream_url`.

    It closes itself at its end, at the end of a `with` block, and when it is dropped.

    :param response: the head of the answer.
    :param endpoint: which operation; `None` for a URL.
    """

    def __init__(self, response: Response, endpoint: Endpoint[..., object] | None) -> None:
        self.response = response
        self._endpoint = endpoint
        self._whole = sliced(response.body)

    def __iter__(self) -> Iterator[Outcome[bytes, TransportError]]:
        return self

    def __next__(self) -> Outcome[bytes, TransportError]:
        if self.response.stream is None:
            return Success(next(self._whole))
        return told_of(next(self.response.stream), self._endpoint)

    def close(self) -> None:
        """Give the rest up."""
        self._whole.close()
        if self.response.stream is not None:
            self.response.stream.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


def stream(
    transport: Transport, endpoint: Endpoint[P, object], /, *args: P.args, **params: P.kwargs
) -> Outcome[Streamed, CallError]:
    """Ask an endpoint and take its answer piece by piece, whatever its size.

    :param transport: what sends.
    :param endpoint: which operation.
    :param args: the endpoint's parameters.
    :param params: the same, by name.
    :returns: the pieces, once the server has granted the request; any error as a value.

    >>> from cvatfn import in_memory
    >>> from cvatfn.api import tasks
    >>> transport = in_memory(lambda request: Response(200, body=b"a picture"))
    >>> with stream(transport, tasks.retrieve_preview, 7).unwrap() as pieces:
    ...     [piece.unwrap() for piece in pieces]
    [b'a picture']
    """
    return driven(streamed(endpoint, prepare(endpoint, *args, **params), Streamed), transport)


def streamed(
    endpoint: Endpoint[P, object], prepared: Outcome[Request, InvalidParams], make: Make[S]
) -> Flow[Outcome[S, CallError]]:
    """The same as a flow.

    :param endpoint: which operation.
    :param prepared: what `prepare` made of its parameters.
    :param make: makes the pieces of a head.
    """
    match prepared:
        case Failure() as refused:
            return refused
        case Success(request):
            pass
    asked = streamed_request(request)
    outcome = concluded(raw(endpoint), asked, (yield asked))
    match (yield from explained(endpoint, asked, outcome)):
        case Success(head):
            return Success(make(head, endpoint))
        case Failure() as failed:
            return failed


def stream_url(transport: Transport, url: str, /) -> Outcome[Streamed, CallError]:
    """Take what a URL of the server names piece by piece, with the connection's credentials.

    :param transport: a connection to the URL's own origin; nothing is sent to another one.
    :param url: an absolute URL, such as a `result_url`, or a path with its query.
    :returns: the pieces; any error as a value.
    """
    return driven(url_streamed(url, Streamed), transport)


def url_streamed(url: str, make: Make[S]) -> Flow[Outcome[S, CallError]]:
    """The same as a flow.

    :param url: an absolute URL, or a path with its query.
    :param make: makes the pieces of a head.
    """
    match request_of(url):
        case Failure() as refused:
            return refused
        case Success(request):
            pass
    asked = streamed_request(request)
    match settled(asked, (yield asked)):
        case Success(head):
            return Success(make(head, None))
        case Failure() as failed:
            return failed


def streamed_request(request: Request) -> Request:
    """A request whose answer may come in pieces, as the bytes that it is made of.

    :param request: the request.
    """
    headers = request.headers.replaced({"Accept-Encoding": "identity"})
    return evolve(request, headers=headers, streamed=True)


def arriving(head: Response, endpoint: Endpoint[..., object] | None) -> Callable[[], Flow[Piece]]:
    """The pieces of an answer, whole or streamed, one at a time; for flows.

    :param head: the answer.
    :param endpoint: which operation; `None` for a URL.
    """
    whole = sliced(head.body)

    def arrived() -> Flow[Piece]:
        if head.stream is None and head.astream is None:
            part = next(whole, None)
            return None if part is None else Success(part)
        piece = yield from following(head)
        return None if piece is None else told_of(piece, endpoint)

    return arrived


def sliced(content: bytes) -> Generator[bytes]:
    """Bytes in pieces of at most 1 MiB.

    :param content: the bytes.
    """
    left = memoryview(content)
    while left:
        yield bytes(left[:_PIECE])
        left = left[_PIECE:]


def told_of(
    piece: Outcome[bytes, TransportError], endpoint: Endpoint[..., object] | None
) -> Outcome[bytes, TransportError]:
    """A piece; a fault has the name of what was asked.

    :param piece: what came.
    :param endpoint: which operation; `None` for a URL.
    """
    return piece if isinstance(piece, Success) else Failure(told(piece.failure(), endpoint))
