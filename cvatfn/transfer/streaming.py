"""Answers as they come: without a file, without the whole in memory.

Rule: the status is known before the first piece; a fault on the way is a value, and the last one.
"""

from __future__ import annotations

from collections.abc import Iterator
from types import TracebackType
from typing import ParamSpec, Self, final

from attrs import evolve

from cvatfn.calling import concluded, request_of, settled, told
from cvatfn.endpoints import Endpoint, raw
from cvatfn.errors import CallError, TransportError
from cvatfn.messages import Request, Response
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.outdated import explained
from cvatfn.preparing import prepare
from cvatfn.transport.types import Transport

__all__ = ["Streamed", "as_stream", "stream", "stream_url", "streamed_request"]

P = ParamSpec("P")

_PIECE = 1 << 20


@final
class Streamed:
    """The content of an answer, in pieces of at most 1 MiB; made by `stream` and `stream_url`.

    It closes itself at its end, at the end of a `with` block, and when it is dropped.

    :param response: the head of the answer.
    :param request: what was asked, for errors.
    :param endpoint: which operation; `None` for a URL.
    """

    def __init__(
        self, response: Response, request: Request, endpoint: Endpoint[..., object] | None
    ) -> None:
        self.response = response
        self._request = request
        self._endpoint = endpoint
        self._whole = memoryview(response.body)

    def __iter__(self) -> Iterator[Outcome[bytes, TransportError]]:
        return self

    def __next__(self) -> Outcome[bytes, TransportError]:
        if self.response.stream is None:
            piece, self._whole = bytes(self._whole[:_PIECE]), self._whole[_PIECE:]
            if not piece:
                raise StopIteration
            return Success(piece)
        match next(self.response.stream):
            case Success() as brought:
                return brought
            case Failure(error):
                return Failure(told(error, self._endpoint))

    def close(self) -> None:
        """Give the rest up."""
        self._whole = memoryview(b"")
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
    match prepare(endpoint, *args, **params):
        case Failure() as refused:
            return refused
        case Success(request):
            pass
    asked = streamed_request(request)
    outcome = concluded(raw(endpoint), asked, transport(asked))
    return as_stream(explained(transport, endpoint, asked, outcome), asked, endpoint)


def stream_url(transport: Transport, url: str, /) -> Outcome[Streamed, CallError]:
    """Take what a URL of the server names piece by piece, with the connection's credentials.

    :param transport: a connection to the URL's own origin; nothing is sent to another one.
    :param url: an absolute URL, such as a `result_url`, or a path with its query.
    :returns: the pieces; any error as a value.
    """
    match request_of(url):
        case Failure() as refused:
            return refused
        case Success(request):
            pass
    asked = streamed_request(request)
    return as_stream(settled(asked, transport(asked)), asked, None)


def streamed_request(request: Request) -> Request:
    """A request whose answer may come in pieces, as the bytes that it is made of.

    :param request: the request.
    """
    headers = request.headers.replaced({"Accept-Encoding": "identity"})
    return evolve(request, headers=headers, streamed=True)


def as_stream(
    outcome: Outcome[Response, CallError],
    request: Request,
    endpoint: Endpoint[..., object] | None,
) -> Outcome[Streamed, CallError]:
    """What a streamed request came to.

    :param outcome: its response, or its error.
    :param request: the request.
    :param endpoint: which operation; `None` for a URL.
    """
    match outcome:
        case Success(response):
            return Success(Streamed(response, request, endpoint))
        case Failure() as refused:
            return refused
