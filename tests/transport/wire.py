"""A server for wire tests: it says on a real socket what a test tells it to, byte for byte."""

from __future__ import annotations

import socket
import ssl
import struct
import threading
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Self, TypeAlias, TypeVar

from cvatfn.errors import TransportError
from cvatfn.messages import Response
from cvatfn.outcome import Failure, Outcome, Success

Behaviour: TypeAlias = "Callable[[Peer], None]"
E = TypeVar("E")


class Peer:
    """One connection, seen from the server."""

    def __init__(self, sock: socket.socket, server: Server) -> None:
        self._sock = sock
        self._server = server
        self._buffer = b""

    def request(self) -> bytes | None:
        """The next request, whole; `None` when the client has closed."""
        while b"\r\n\r\n" not in self._buffer:
            if not self._more():
                return None
        head, _, rest = self._buffer.partition(b"\r\n\r\n")
        length = 0
        for line in head.split(b"\r\n")[1:]:
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        while len(rest) < length:
            if not self._more():
                return None
            rest = self._buffer.partition(b"\r\n\r\n")[2]
        self._buffer = rest[length:]
        whole = head + b"\r\n\r\n" + rest[:length]
        self._server.requests.append(whole)
        return whole

    def head(self) -> bytes:
        """As much of the next request as comes at once; no content is waited for."""
        while b"\r\n\r\n" not in self._buffer and self._more():
            pass
        return self._buffer

    def pull(self) -> None:
        """Read whatever comes first."""
        self._more()

    def send(self, data: bytes) -> None:
        with suppress(OSError):
            self._sock.sendall(data)

    def linger(self) -> None:
        """Stay silent until the client goes."""
        while self._more():
            pass

    def quiet_for(self, seconds: float) -> bool:
        """Wait so long for a word from the client: `False` if it went."""
        try:
            self._sock.settimeout(seconds)
            return bool(self._sock.recv(65536))
        except TimeoutError:
            return True
        except OSError:
            return False
        finally:
            with suppress(OSError):
                self._sock.settimeout(None)

    def pause(self) -> None:
        """Read nothing until the test ends."""
        self._server.over.wait()

    def reset(self) -> None:
        """Break the connection off, as a crashed process does."""
        with suppress(OSError):
            self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._sock.close()

    def hang_up(self) -> None:
        """Wake whoever reads or writes; only the connection's own thread closes it."""
        with suppress(OSError):
            self._sock.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self.hang_up()
        self._sock.close()

    def secured(self, context: ssl.SSLContext) -> bool:
        """Turn to TLS; whether the client came along."""
        try:
            self._sock = context.wrap_socket(self._sock, server_side=True)
        except OSError:
            return False
        return True

    def relay(self, address: tuple[str, int]) -> None:
        """Pass bytes to another server and back, until either closes."""
        with socket.create_connection(address) as other:
            back = threading.Thread(target=_copy, args=(other, self._sock))
            back.start()
            _copy(self._sock, other)
            back.join()

    def _more(self) -> bool:
        try:
            data = self._sock.recv(65536)
        except OSError:
            return False
        self._buffer += data
        return bool(data)


def _copy(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
    with suppress(OSError):
        sink.shutdown(socket.SHUT_WR)


class Server:
    """A listening socket, a thread for each connection, and all requests that came."""

    def __init__(
        self,
        behaviour: Behaviour,
        context: ssl.SSLContext | None = None,
        *,
        host: str = "127.0.0.1",
    ) -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._listener = socket.create_server((host, 0), family=family)
        self._behaviour = behaviour
        self._context = context
        self._peers: list[Peer] = []
        self._threads = [threading.Thread(target=self._accept)]
        self.port: int = self._listener.getsockname()[1]
        self.requests: list[bytes] = []
        self.over = threading.Event()
        self._threads[0].start()

    @property
    def connections(self) -> int:
        return len(self._peers)

    @property
    def url(self) -> str:
        return f"http{'s' if self._context else ''}://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.over.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for peer in self._peers:
            peer.hang_up()
        for thread in self._threads:
            thread.join(10)
            assert not thread.is_alive()

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            peer = Peer(sock, self)
            self._peers.append(peer)
            thread = threading.Thread(target=self._serve, args=(peer,))
            self._threads.append(thread)
            thread.start()

    def _serve(self, peer: Peer) -> None:
        if self._context is None or peer.secured(self._context):
            self._behaviour(peer)
        peer.close()


def ok(body: bytes = b"", *fields: str, status: str = "200 OK") -> bytes:
    """An answer with its length."""
    head = "".join(f"{line}\r\n" for line in (f"HTTP/1.1 {status}", *fields))
    return head.encode("latin-1") + b"Content-Length: %d\r\n\r\n" % len(body) + body


def answering(*answers: bytes) -> Behaviour:
    """Answer so, one after the other, whichever connection asks; then hang up."""
    left = iter(answers)

    def behaviour(peer: Peer) -> None:
        while peer.request() is not None:
            answer = next(left, None)
            if answer is None:
                return
            peer.send(answer)

    return behaviour


def always(answer: bytes) -> Behaviour:
    """Answer so, each time."""

    def behaviour(peer: Peer) -> None:
        while peer.request() is not None:
            peer.send(answer)

    return behaviour


def saying(data: bytes) -> Behaviour:
    """Read a request, say so, hang up."""

    def behaviour(peer: Peer) -> None:
        peer.request()
        peer.send(data)

    return behaviour


def doing(*steps: Callable[[Peer], object]) -> Behaviour:
    """Do one thing after the other."""

    def behaviour(peer: Peer) -> None:
        for step in steps:
            step(peer)

    return behaviour


def silent(peer: Peer) -> None:
    """Read, and never answer."""
    peer.linger()


def value_of(outcome: Outcome[Response, E]) -> Response:
    match outcome:
        case Success(response):
            return response
        case Failure(error):
            raise AssertionError(str(error))


def error_of(outcome: Outcome[Response, TransportError]) -> TransportError:
    match outcome:
        case Success(response):
            raise AssertionError(repr(response))
        case Failure(error):
            return error


def fields_of(request: bytes) -> dict[str, str]:
    """The header fields of a request as a server saw it, names in lower case."""
    lines = request.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")[1:]
    pairs = (line.partition(": ") for line in lines)
    return {name.lower(): value for name, _, value in pairs}
