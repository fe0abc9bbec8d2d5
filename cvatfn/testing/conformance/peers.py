"""A server on a real socket of this machine that says what it is told to, byte for byte.

Rule: nothing is corrected. What a behaviour sends is what the other side gets; and the end of a
server ends every wait of it.
"""

from __future__ import annotations

import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from types import TracebackType
from typing import Final, Self, TypeAlias, final

from attrs import frozen

from cvatfn.messages import Headers

__all__ = ["Behaviour", "Head", "Peer", "Server"]

Behaviour: TypeAlias = "Callable[[Peer], None]"
"""What a server does with a connection; when it returns, the connection is closed."""

PIECE: Final = 65_536


@frozen
class Head:
    """The head of a request, as it came.

    :param method: the first word of its first line.
    :param target: the second.
    :param headers: its fields, read as Latin-1.
    """

    method: str
    target: str
    headers: Headers

    @staticmethod
    def of(head: bytes) -> Head:
        r"""Read a head, whatever it is.

        :param head: its bytes, with or without the empty line at its end.

        >>> Head.of(b"GET /x HTTP/1.1\r\nHost: a\r\n").headers
        Headers(Host: a)
        """
        first, *lines = head.rstrip(b"\r\n").decode("latin-1").split("\r\n")
        method, _, rest = first.partition(" ")
        pairs = (line.partition(":") for line in lines)
        fields = tuple((name, value.strip(" \t")) for name, _, value in pairs)
        return Head(method, rest.rpartition(" ")[0], Headers(fields))


@final
class Peer:
    """One connection, seen from the server.

    :param sock: its socket.
    :param server: whose connection it is.
    """

    def __init__(self, sock: socket.socket, server: Server) -> None:
        self.sock: socket.socket = sock
        self._server = server
        self._buffer = b""
        self._cut = False

    def request(self) -> bytes | None:
        """The next request, whole; `None` when the client has closed."""
        head = self._head()
        if head is None:
            return None
        whole = head + b"".join(self.content(Head.of(head)))
        if self._cut:
            return None
        self._server.requests.append(whole)
        return whole

    def head(self) -> bytes:
        """As much of the next request as comes with its head; it stays there."""
        while b"\r\n\r\n" not in self._buffer and self._more():
            pass
        return self._buffer

    def taken(self) -> Head | None:
        """Take the next request's head, and leave its content to come; `None` if there is none."""
        head = self._head()
        if head is None:
            return None
        self._server.requests.append(head)
        return Head.of(head)

    def content(self, head: Head) -> Iterator[bytes]:
        """The content of a request whose head was taken, in pieces; chunks are undone.

        :param head: says how long it is.
        """
        if (head.headers.get("transfer-encoding") or "").lower() == "chunked":
            yield from self._chunks()
            return
        left = int(head.headers.get("content-length") or 0)
        yield from self._exactly(left)

    def pull(self) -> None:
        """Read whatever comes first."""
        self._more()

    def send(self, data: bytes) -> None:
        """Send; it does not matter whether the client is still there.

        :param data: the bytes.
        """
        with suppress(OSError):
            self.sock.sendall(data)

    def linger(self) -> None:
        """Stay silent until the client goes."""
        while self._more():
            pass

    def quiet_for(self, seconds: float) -> bool:
        """Wait so long for a word from the client: `False` if it went.

        :param seconds: how long.
        """
        try:
            self.sock.settimeout(seconds)
            return bool(self.sock.recv(PIECE))
        except TimeoutError:
            return True
        except OSError:
            return False
        finally:
            with suppress(OSError):
                self.sock.settimeout(None)

    def pause(self) -> None:
        """Read nothing until the server's end."""
        self._server.over.wait()

    def reset(self) -> None:
        """Break the connection off, as a crashed process does."""
        with suppress(OSError):
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.sock.close()

    def hang_up(self) -> None:
        """Wake whoever reads or writes; only the connection's own thread closes it."""
        with suppress(OSError):
            self.sock.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Close it in good order."""
        self.hang_up()
        self.sock.close()

    def secured(self, context: ssl.SSLContext) -> bool:
        """Turn to TLS; whether the client came along.

        :param context: the server's own.
        """
        try:
            self.sock = context.wrap_socket(self.sock, server_side=True)
        except OSError:
            return False
        return True

    def _head(self) -> bytes | None:
        head, end, rest = self.head().partition(b"\r\n\r\n")
        if not end:
            return None
        self._buffer = rest
        return head + end

    def _chunks(self) -> Iterator[bytes]:
        while True:
            while b"\r\n" not in self._buffer:
                if not self._more():
                    self._cut = True
                    return
            size, _, self._buffer = self._buffer.partition(b"\r\n")
            yield from self._exactly(int(size, 16))
            for _ in self._exactly(2):
                pass
            if self._cut or not int(size, 16):
                return

    def _exactly(self, left: int) -> Iterator[bytes]:
        while left:
            if not self._buffer and not self._more():
                self._cut = True
                return
            piece, self._buffer = self._buffer[:left], self._buffer[left:]
            left -= len(piece)
            yield piece

    def _more(self) -> bool:
        try:
            data = self.sock.recv(PIECE)
        except OSError:
            return False
        self._buffer += data
        return bool(data)


@final
class Server:
    """A listening socket on loopback, a thread for each connection, and all requests that came.

    :param behaviour: what it does with each connection.
    :param context: the TLS it speaks; plain TCP without one.
    :param host: the address of this machine that it listens on.
    :raises OSError: there is no such address.

    >>> with Server(Peer.linger) as server:
    ...     server.url.startswith("http://127.0.0.1:")
    True
    """

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
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self.port: int = self._listener.getsockname()[1]
        self.requests: list[bytes] = []
        self.over: threading.Event = threading.Event()
        self._threads[0].start()

    @property
    def connections(self) -> int:
        """How many connections came."""
        return len(self._peers)

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http{'s' if self._context else ''}://127.0.0.1:{self.port}"

    def release(self) -> None:
        """End every wait and every connection."""
        self.over.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for peer in self._peers:
            peer.hang_up()

    def close(self) -> None:
        """End it all, and wait for the end."""
        self.release()
        for thread in self._threads:
            thread.join(10)
            assert not thread.is_alive()  # noqa: S101 - its behaviour waits for what never comes

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            peer = Peer(sock, self)
            self._peers.append(peer)
            thread = threading.Thread(target=self._serve, args=(peer,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, peer: Peer) -> None:
        if self._context is None or peer.secured(self._context):
            self._behaviour(peer)
        peer.close()
