"""An HTTP server around any transport, on this machine only.

Rule: the server knows HTTP and the transport, and nothing of what is asked.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from io import BufferedIOBase, BytesIO
from socket import create_server
from threading import Thread
from typing import TYPE_CHECKING, Final, cast
from urllib.parse import parse_qsl, quote

from typing_extensions import override

from cvatfn.messages import Headers, Request, Response
from cvatfn.outcome import Failure, Success
from cvatfn.transport.types import Transport

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment
    from werkzeug.serving import BaseWSGIServer

__all__ = ["application", "serve"]

NO_WERKZEUG: Final = "the sandbox speaks HTTP through werkzeug: install `cvatfn[sandbox]`"
HOST: Final = "127.0.0.1"
NO_CONTENT: Final = (204, 304)
"""After these a body would be taken for the next answer."""
LARGEST: Final = 1 << 30
"""How many bytes a request may have: an upload goes in parts of a hundred megabytes."""
_PIECE: Final = 1 << 20
WORTH_CODING: Final = 200
"""From how many bytes on JSON is compressed."""


@contextmanager
def serve(transport: Transport, *, port: int = 0) -> Generator[str]:
    """Serve a transport over HTTP while a `with` block runs.

    :param transport: what answers, such as a `Sandbox`; it must bear threads.
    :param port: where to listen on the loopback interface; 0 for any free port.
    :returns: the URL to give to `connect`.
    :raises ImportError: the extra `sandbox` is not installed.
    :raises OSError: the port is taken.
    :raises ValueError: there is no such port.

    >>> from cvatfn.testing.sandbox import Sandbox, World
    >>> with serve(Sandbox(World.empty())) as url:
    ...     url.startswith("http://127.0.0.1:")
    True
    """
    server = _server(application(transport), port)
    thread = Thread(target=server.serve_forever, args=(0.02,), name="sandbox", daemon=True)
    thread.start()
    try:
        yield f"http://{HOST}:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def application(transport: Transport) -> WSGIApplication:
    """A WSGI application (PEP 3333) around a transport.

    :param transport: what answers.
    """

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        match _request(environ):
            case int(status):
                response = Response(status)
            case request:
                response = _answered(transport, request)
        response = _coded(environ, response)
        start_response(_status(response), _fields(response))
        return [response.body]

    return answer


def _answered(transport: Transport, request: Request) -> Response:
    match transport(request):
        case Success(response):
            return response
        case Failure(error):
            said = str(error).encode("utf-8", "replace")
            return Response(502, {"Content-Type": "text/plain; charset=utf-8"}, said)


def _server(app: WSGIApplication, port: int) -> BaseWSGIServer:
    try:
        from werkzeug.serving import WSGIRequestHandler, make_server
    except ImportError as error:  # pragma: no cover - the extra is installed where this is tested
        raise ImportError(NO_WERKZEUG) from error

    class Lines:
        """A request as it comes, that notices a head which breaks off: http.server does not."""

        def __init__(self, stream: BufferedIOBase) -> None:
            self._stream = stream
            self.broken = False

        def __getattr__(self, name: str) -> object:
            return getattr(self._stream, name)

        def readline(self, limit: int = -1) -> bytes:
            line = self._stream.readline(limit)
            self.broken = self.broken or not line.endswith(b"\n")
            return line

    class Handler(WSGIRequestHandler):
        """Keeps connections open, and says nothing of what passes.

        werkzeug closes each connection, because an application may leave a request unread and
        answer in pieces; ours reads it whole and answers whole.
        """

        disable_nagle_algorithm = True
        timeout = 60

        @override
        def setup(self) -> None:
            super().setup()
            self.rfile = cast("BufferedIOBase", Lines(self.rfile))

        @override
        def run_wsgi(self) -> None:
            if cast("Lines", self.rfile).broken:
                self.close_connection = True
                return
            if self.headers.get("Expect", "").strip().lower() == "100-continue":
                self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            try:
                status, fields, body = _run(app, self.make_environ())
            except OSError:
                self.close_connection = True  # who asked has gone
                return
            code, _, phrase = status.partition(" ")
            self.send_response(int(code), phrase)
            for name, value in fields:
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD" and int(code) not in NO_CONTENT:
                self.wfile.write(body)

        @override
        def log(self, type: str, message: str, *args: object) -> None:
            """Log nothing: who serves in a test or a demo has other things to read."""

    if port not in range(1 << 16):
        raise ValueError(f"{port} is no port: they go from 0 to 65535")
    # bound here, since werkzeug ends the whole process where a port is taken
    with create_server((HOST, port)) as bound:
        listening = bound.fileno()
        return make_server(HOST, port, app, threaded=True, request_handler=Handler, fd=listening)


def _run(
    app: WSGIApplication, environ: WSGIEnvironment
) -> tuple[str, list[tuple[str, str]], bytes]:
    """What an application answers: status, fields and the whole body."""
    started: list[tuple[str, list[tuple[str, str]]]] = []

    def start_response(
        status: str, headers: list[tuple[str, str]], exc_info: object = None, /
    ) -> Callable[[bytes], object]:
        del exc_info
        started.append((status, headers))
        return _unused

    body = b"".join(app(environ, start_response))
    status, headers = started[-1]
    return status, headers, body


def _unused(_: bytes) -> object:
    """Stand in for the `write` of PEP 3333, which only old applications call."""
    raise NotImplementedError


def _request(environ: WSGIEnvironment) -> Request | int:
    """The request; or the status that says what is wrong with its content."""
    body = _body(environ)
    if isinstance(body, int):
        return body
    # PATH_INFO is decoded already, and `%2F` in it would be taken for a slash
    target = str(environ.get("REQUEST_URI") or quote(str(environ["PATH_INFO"]), "/", "latin-1"))
    path, _, query = target.partition("?")
    return Request(
        str(environ["REQUEST_METHOD"]),
        path,
        tuple(parse_qsl(query or str(environ.get("QUERY_STRING", "")), keep_blank_values=True)),
        Headers(tuple(_headers(environ))),
        body or None,
    )


def _headers(environ: WSGIEnvironment) -> Iterator[tuple[str, str]]:
    for key, value in environ.items():
        if key.startswith("HTTP_"):
            yield key[5:].replace("_", "-").title(), str(value)
    if environ.get("CONTENT_TYPE"):
        yield "Content-Type", str(environ["CONTENT_TYPE"])


def _body(environ: WSGIEnvironment) -> bytes | int:
    """The content of a request, no length that it claims trusted with memory."""
    said = str(environ.get("CONTENT_LENGTH") or "")
    if not said and not environ.get("wsgi.input_terminated"):
        return b""
    if said and not (said.isascii() and said.isdigit()):
        return 400
    stream, gathered = environ["wsgi.input"], BytesIO()
    most = int(said[:20]) if said else LARGEST + 1
    if said and most > LARGEST:
        return 413
    while piece := stream.read(min(_PIECE, most - gathered.tell())):
        gathered.write(piece)
    if said and gathered.tell() < most:
        raise OSError("the request broke off")
    return 413 if gathered.tell() > LARGEST else gathered.getvalue()


def _coded(environ: WSGIEnvironment, response: Response) -> Response:
    """The response in gzip, where that is accepted and pays, as CVAT sends JSON."""
    accepted = "gzip" in str(environ.get("HTTP_ACCEPT_ENCODING", ""))
    if not accepted or len(response.body) < WORTH_CODING or "json" not in response.content_type:
        return response
    headers = Headers((*response.headers.pairs, ("Content-Encoding", "gzip")))
    return Response(response.status, headers, gzip.compress(response.body, 1, mtime=0))


def _status(response: Response) -> str:
    try:
        return f"{response.status} {HTTPStatus(response.status).phrase}"
    except ValueError:
        return f"{response.status} Unknown"


def _fields(response: Response) -> list[tuple[str, str]]:
    fields = list(response.headers)
    if response.status not in NO_CONTENT and response.headers.get("content-length") is None:
        fields.append(("Content-Length", str(len(response.body))))
    return fields
