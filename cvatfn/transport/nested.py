"""TLS within TLS, to an `https` server through an `https` proxy: one limit for all of a wait.

urllib3 reads the inner TLS from the outer one record by record, and gives each of them as long as
the whole: a proxy that trickles could hold a call for ever. So here a timeout, once it is set,
bounds all that is received and sent until it is set again.
"""

from __future__ import annotations

import socket
import ssl
from time import monotonic

from typing_extensions import Buffer, override
from urllib3.util.ssltransport import SSLTransport

__all__ = ["bounding", "is_nested", "is_tls", "pending"]


def bounding(context: ssl.SSLContext) -> ssl.SSLContext:
    """The context itself, for the TLS to a proxy within which there will be another one.

    :param context: makes sockets from now on whose timeouts bound more than one piece.
    """
    context.sslsocket_class = _Outer
    return context


def is_nested(sock: object) -> bool:
    """Whether a socket speaks TLS within TLS: its timeout is to be set for each wait.

    :param sock: what urllib3 made for a connection.
    """
    return isinstance(sock, SSLTransport)


def is_tls(sock: object) -> bool:
    """Whether a socket speaks TLS, be it within another one: there is no looking ahead in it.

    :param sock: what urllib3 made for a connection.
    """
    return isinstance(sock, ssl.SSLSocket | SSLTransport)


def pending(sock: object) -> bool:
    """Whether something was received that nobody has read, though the kernel has it no longer.

    :param sock: what urllib3 made for a connection.
    """
    match sock:
        case ssl.SSLSocket():
            return bool(sock.pending())
        case SSLTransport(sslobj=inner, incoming=received, socket=outer):
            # The system's own tickets for a next session lie there, too: a record that is no
            # content costs a link, which is cheaper than to take content for what it is not.
            return bool(inner.pending() or received.pending or pending(outer))
        case _:
            return False


class _Outer(ssl.SSLSocket):
    """The TLS to a proxy; Python makes it by the class, so it is one."""

    _until: float | None = None

    @override
    def settimeout(self, value: float | None, /) -> None:
        self._until = None if value is None else monotonic() + value
        super().settimeout(value)

    @override
    def recv(self, buflen: int = 1024, flags: int = 0) -> bytes:
        self._take_time()
        return super().recv(buflen, flags)

    @override
    def send(self, data: Buffer, flags: int = 0) -> int:
        self._take_time()
        return super().send(data, flags)

    def _take_time(self) -> None:
        if self._until is None:
            return
        left = self._until - monotonic()
        if left <= 0:
            raise TimeoutError("timed out")
        socket.socket.settimeout(self, left)
