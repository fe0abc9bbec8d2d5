"""One connection to a server: opened, written to, read from, and closed.

Rule: no wait is longer than its `Pace` allows, be it for the connection, for one silence or for the
whole. urllib3 makes the connection (addresses, TLS, proxies); every byte after that passes here.
"""

from __future__ import annotations

import socket
from http.client import HTTPException
from io import BufferedReader, RawIOBase
from time import monotonic
from typing import Final, TypeAlias

from attrs import frozen
from typing_extensions import Buffer, override
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

from cvatfn.transport.answers import Answer, ClosedEarly, read_answer

__all__ = ["Link", "NotConnected", "Pace", "Plain", "Tls", "opened"]

_BUFFER: Final = 16_384
"""As much as a TLS record: none of it stays in the TLS layer, where nobody would see it."""

_JOINED: Final = 65_536
_SENT_AT_ONCE: Final = 131_072


class NotConnected(Exception):  # noqa: N818 - carries the error that says why
    """No connection stands, so nothing was sent.

    :param why: what the network, the TLS library or the proxy said.
    """

    def __init__(self, why: Exception) -> None:
        super().__init__(why)
        self.why = why


@frozen
class Pace:
    """How long to wait, in seconds; `None` is for ever.

    :param connect: until a connection stands.
    :param read: for each silence, and for each piece that is sent.
    :param deadline: on the monotonic clock: when the whole must be over.
    """

    connect: float | None
    read: float | None
    deadline: float | None

    def within(self, limit: float | None) -> float | None:
        """A limit, or what is left until the deadline if that is less.

        :param limit: seconds.
        :raises TimeoutError: nothing is left.
        """
        if self.deadline is None:
            return limit
        left = self.deadline - monotonic()
        if left <= 0:
            raise TimeoutError("the time for the whole exchange is over")
        return left if limit is None else min(limit, left)


class _Source(RawIOBase):
    """A socket as a stream that keeps the pace."""

    def __init__(self, sock: socket.socket) -> None:
        super().__init__()
        self.sock = sock
        self.pace = Pace(None, None, None)
        self.waits: float | None = sock.gettimeout()
        self.heard = False
        self.sealed = False

    def wait(self) -> None:
        """Set how long the socket may block next."""
        limit = self.pace.within(self.pace.read)
        if limit != self.waits:
            self.sock.settimeout(limit)
            self.waits = limit

    @override
    def readable(self) -> bool:
        return True

    @override
    def readinto(self, buffer: Buffer, /) -> int | None:
        if self.sealed:
            return None
        if self.pace.deadline is not None:
            self.wait()
        count = self.sock.recv_into(buffer)
        self.heard = True
        return count


class Link:
    """A connection that stands; one thread at a time may use it.

    :param connection: connected.
    :param sock: its socket.
    """

    __slots__ = ("_connection", "_reader", "_source")

    def __init__(self, connection: HTTPConnection, sock: socket.socket) -> None:
        self._connection = connection
        self._source = _Source(sock)
        self._reader = BufferedReader(self._source, _BUFFER)

    @property
    def alive(self) -> bool:
        """Whether the server has neither closed it nor sent what nobody asked for."""
        return self._connection.is_connected

    def exchange(
        self, method: str, head: bytes, body: bytes | None, pace: Pace, limit: int
    ) -> tuple[Answer, bool]:
        """Send a request and read its answer.

        :param method: the request's method.
        :param head: the request line and all fields, with the empty line.
        :param body: the content.
        :param pace: how long to wait.
        :param limit: the largest body to accept, in bytes.
        :returns: the answer, and whether the link may serve another request.
        :raises OSError: the network failed, or the time was over (`TimeoutError`).
        :raises BadAnswer: what came is no whole answer; `ClosedEarly` if nothing came at all.
        :raises TooMuch: its body is larger than the limit.
        """
        self._source.pace, self._source.heard = pace, False
        whole = True
        try:
            self._send(head, body)
        except ConnectionError:
            whole = False  # a server may refuse a body before it has read it: look for its answer
        try:
            answer = read_answer(self._reader, method, limit)
        except TimeoutError:
            raise
        except OSError as error:
            if self._source.heard:
                raise
            raise ClosedEarly("closed without an answer") from error
        return answer, answer.reusable and whole and not self._left_over()

    def close(self) -> None:
        """Close the socket; nothing is sent any more."""
        self._source.sealed = True
        self._connection.close()

    def _send(self, head: bytes, body: bytes | None) -> None:
        sock, wait = self._source.sock, self._source.wait
        wait()
        if body is None or len(body) <= _JOINED:
            sock.sendall(head + body if body else head)
            return
        sock.sendall(head)
        content = memoryview(body)
        for start in range(0, len(body), _SENT_AT_ONCE):
            wait()
            sock.sendall(content[start : start + _SENT_AT_ONCE])

    def _left_over(self) -> bool:
        self._source.sealed = True
        left = bool(self._reader.peek(1))
        self._source.sealed = False
        return left


class Plain(HTTPConnection):
    """To `http`."""

    @override
    def _new_conn(self) -> socket.socket:
        return dialed(self._dns_host, self.port, self.timeout)


class Tls(HTTPSConnection):
    """To `https`."""

    @override
    def _new_conn(self) -> socket.socket:
        return dialed(self._dns_host, self.port, self.timeout)


def dialed(host: str, port: int, limit: float | None) -> socket.socket:
    """A socket to the first address of a host that answers.

    urllib3 would wait for each address as long as for all; here they share the time.

    :param host: a name or an address.
    :param port: the port.
    :param limit: seconds for all addresses together; looking up the name cannot be bounded.
    :raises OSError: no address answers.
    """
    addresses = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    pace = Pace(limit, None, None if limit is None else monotonic() + limit)
    failure = OSError(f"{host} has no address")
    for index, (family, kind, protocol, _, address) in enumerate(addresses):
        try:
            left = pace.within(limit)
            share = None if left is None else left / (len(addresses) - index)
            return _dialed(socket.socket(family, kind, protocol), address, share, pace)
        except OSError as error:
            failure = error
    raise failure


_Address: TypeAlias = tuple[str, int] | tuple[str, int, int, int] | tuple[int, bytes]


def _dialed(
    sock: socket.socket, address: _Address, share: float | None, pace: Pace
) -> socket.socket:
    try:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.settimeout(share)
        sock.connect(address)
        sock.settimeout(pace.within(pace.connect))  # what is left is for TLS
    except BaseException:
        sock.close()
        raise
    return sock


def opened(connection: HTTPConnection, pace: Pace) -> Link:
    """Connect.

    :param connection: where to, not yet connected.
    :param pace: how long to wait.
    :raises NotConnected: it could not be done.
    """
    try:
        connection.timeout = pace.within(pace.connect)
        connection.connect()
    except (OSError, HTTPError, HTTPException, ValueError) as error:
        connection.close()
        raise NotConnected(error) from error
    except BaseException:
        connection.close()
        raise
    return Link(connection, connection.sock)
