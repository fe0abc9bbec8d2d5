"""A transport that shares nothing with ours: the standard library's `http.client`, and no pool."""

from __future__ import annotations

import gzip
import re
import socket
import ssl
import zlib
from collections.abc import Generator
from contextlib import closing, contextmanager
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

from attrs import evolve

from cvatfn.codecs.secrets import SECRET_NAMES
from cvatfn.errors import (
    ConnectFailed,
    ConnectionLost,
    ForeignOrigin,
    TimedOut,
    TransportError,
    Unsendable,
)
from cvatfn.messages import Headers, Request, Response, Timeout, masked_request
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.testing.conformance import Cannot
from cvatfn.transport import Transport, gathered, origin_of

CANNOT: Cannot = {
    "pieces": "it gathers a body before it sends it",
    "streams": "it reads an answer whole",
    "limits": "it reads an answer whole",
    "deadlines": "http.client knows the time of one silence only",
    "closing": "it has no connection to close",
}


@contextmanager
def plain(url: str) -> Generator[Transport]:
    """A new connection for each request."""

    def send(request: Request) -> Outcome[Response, TransportError]:
        kept = masked_request(request, SECRET_NAMES)
        if request.origin is not None and origin_of(request.origin) != origin_of(url):
            return Failure(ForeignOrigin(kept, url))
        match gathered(request):
            case Failure() as unreadable:
                return unreadable
            case Success(whole):
                pass
        try:
            target, fields = whole.target, _fields(whole)
        except (UnicodeError, ValueError) as error:
            return Failure(Unsendable(kept, str(error)))
        return _sent(url, evolve(whole, headers=Headers(fields)), target, kept)

    yield send


def _fields(request: Request) -> tuple[tuple[str, str], ...]:
    """What is sent; what http.client would send without a look is refused."""
    if not re.fullmatch("[A-Z]+", request.method) or not re.fullmatch("/[!-~]*", request.path):
        raise ValueError("no request line is written so")
    for name, value in request.headers:
        if not re.fullmatch("[A-Za-z-]+", name) or re.search("[\r\n\0]", value):
            raise ValueError("no header field is written so")
        value.encode("latin-1")
    own = tuple(pair for pair in request.headers if pair[0].lower() != "content-length")
    says = request.headers.get("accept-encoding") is not None
    return own if says else (*own, ("Accept-Encoding", "gzip"))


def _sent(
    url: str, request: Request, target: str, kept: Request
) -> Outcome[Response, TransportError]:
    limits = request.timeout or Timeout()
    connection = HTTPConnection(urlsplit(url).netloc, timeout=limits.connect)
    with closing(connection):
        try:
            connection.connect()
        except TimeoutError:
            return Failure(TimedOut(kept, "no connection", may_have_acted=False))
        except OSError as error:
            return Failure(ConnectFailed(kept, str(error)))
        assert isinstance(connection.sock, socket.socket | ssl.SSLSocket)
        connection.sock.settimeout(limits.read)
        try:
            return Success(_answered(connection, request, target))
        except TimeoutError:
            return Failure(TimedOut(kept, "silence"))
        except (OSError, HTTPException, EOFError, zlib.error) as error:
            return Failure(ConnectionLost(kept, " ".join(str(error).split())[:200]))


def _answered(connection: HTTPConnection, request: Request, target: str) -> Response:
    names = {name.lower() for name, _ in request.headers}
    connection.putrequest(
        request.method, target, skip_accept_encoding=True, skip_host="host" in names
    )
    for name, value in request.headers:
        connection.putheader(name, value)
    if request.body is not None or request.method in ("POST", "PUT", "PATCH"):
        connection.putheader("Content-Length", str(len(request.content)))
    connection.endheaders(request.content or None)
    answer = connection.getresponse()
    body = answer.read()
    fields = tuple((name, value.strip()) for name, value in answer.getheaders())
    if answer.getheader("Content-Encoding") == "gzip":
        body = gzip.decompress(body)
        fields = tuple(pair for pair in fields if pair[0] != "Content-Encoding")
    return Response(answer.status, fields, body)
