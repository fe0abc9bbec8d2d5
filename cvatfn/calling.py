"""The way of a call: `prepare` (pure), the transport, `interpret` (pure); `call` is the three.

Rule: whatever parameters, servers and networks do comes back as a value. A refusal that may be due
to the server's release is explained, at the price of one more request.
"""

from __future__ import annotations

from typing import ParamSpec, TypeVar
from urllib.parse import parse_qsl, urlsplit

from cvatfn.codecs.problems import Problem
from cvatfn.endpoints import Endpoint
from cvatfn.errors import CallError, InvalidParams, TransportError
from cvatfn.flows import Flow, driven
from cvatfn.interpreting import concluded, not_answered, told
from cvatfn.messages import Request, Response, masked_request, masked_response
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.outdated import explained
from cvatfn.preparing import prepare
from cvatfn.transport.types import Transport

__all__ = [
    "call",
    "called",
    "concluded",
    "follow",
    "followed",
    "request",
    "request_of",
    "settled",
    "told",
]

P = ParamSpec("P")
T = TypeVar("T")


def call(
    transport: Transport, endpoint: Endpoint[P, T], /, *args: P.args, **params: P.kwargs
) -> Outcome[T, CallError]:
    """Ask an endpoint.

    :param transport: what sends: a connection, a wrapped one, or any function of that type.
    :param endpoint: which operation.
    :param args: the endpoint's parameters, as its signature has them.
    :param params: the same, by name.
    :returns: the answer in the endpoint's type; any error as a value. Where the endpoint or a
        parameter is not in every supported release and is refused with 400, 404 or 405, the server
        is asked for its version, and the error says if that is why.

    >>> from cvatfn import Response, in_memory
    >>> from cvatfn.api import server
    >>> about = b'{"name":"CVAT","description":"","version":"2.80.0","logo_url":"","subtitle":""}'
    >>> transport = in_memory(lambda request: Response(200, body=about))
    >>> call(transport, server.retrieve_about).unwrap().version
    '2.80.0'
    """
    return driven(called(endpoint, prepare(endpoint, *args, **params)), transport)


def called(
    endpoint: Endpoint[P, T], prepared: Outcome[Request, InvalidParams]
) -> Flow[Outcome[T, CallError]]:
    """The same as a flow.

    :param endpoint: which operation.
    :param prepared: what `prepare` made of its parameters.
    """
    match prepared:
        case Failure() as refused:
            return refused
        case Success(request):
            outcome = concluded(endpoint, request, (yield request))
            if _is_answer(outcome):
                return outcome
            return (yield from explained(endpoint, request, outcome))


def request(transport: Transport, asked: Request, /) -> Outcome[Response, CallError]:
    """Send a request of one's own; the connection adds its credentials, the status is checked.

    :param transport: what sends.
    :param asked: the request; an `origin` in it must be the connection's own.
    :returns: the response, or any error as a value.
    """
    return settled(asked, transport(asked))


def settled(
    asked: Request, reply: Outcome[Response, TransportError]
) -> Outcome[Response, CallError]:
    """What a request outside the catalogue came to, with its status checked; pure.

    :param asked: what was sent.
    :param reply: what the transport made of it.
    """
    match reply:
        case Failure(error):
            return Failure(told(error, None))
        case Success(response):
            pass
    if 200 <= response.status < 300:
        return Success(response)
    sent, got = masked_request(asked), masked_response(response, asked)
    return Failure(not_answered("", sent, got))


def follow(transport: Transport, url: str, /) -> Outcome[Response, CallError]:
    """Get what a URL from the server names, such as a `result_url`, with the same credentials.

    :param transport: a connection to the URL's own origin; credentials never go to another one.
    :param url: an absolute URL, or a path with its query.
    :returns: the response, or any error as a value; `ForeignOrigin` if the URL leads elsewhere.
    """
    return driven(followed(url), transport)


def followed(url: str) -> Flow[Outcome[Response, CallError]]:
    """The same as a flow.

    :param url: an absolute URL, or a path with its query.
    """
    match request_of(url):
        case Success(asked):
            return settled(asked, (yield asked))
        case Failure() as refused:
            return refused


def request_of(url: str, method: str = "GET") -> Outcome[Request, InvalidParams]:
    """The request that a URL stands for; pure.

    :param url: an absolute URL, or a path with its query.
    :param method: the HTTP method.

    >>> request_of("http://localhost:8080/api/tasks?page=2").unwrap().origin
    'http://localhost:8080'
    """
    try:
        parts = urlsplit(url)
        absolute = bool(parts.scheme or parts.netloc)
        usable = not absolute or (parts.scheme in ("http", "https") and bool(parts.hostname))
        url.encode()
        # Bytes that are no UTF-8 are kept as surrogates, and written back as the bytes they were.
        query = tuple(parse_qsl(parts.query, keep_blank_values=True, errors="surrogateescape"))
        named = parts.username is not None
    except ValueError as error:
        return Failure(InvalidParams("follow", (Problem("url", f"is no URL: {error}"),)))
    if not usable or named or not (parts.path.startswith("/") or absolute):
        wrong = Problem("url", "is no http or https URL without credentials, nor an absolute path")
        return Failure(InvalidParams("follow", (wrong,)))
    origin = f"{parts.scheme}://{parts.netloc}" if absolute else None
    return Success(Request(method, parts.path or "/", query, origin=origin))


def _is_answer(outcome: Outcome[object, object]) -> bool:
    return isinstance(outcome, Success)
