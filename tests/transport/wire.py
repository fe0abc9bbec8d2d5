"""What wire tests say to a server, and how they look at what came of it."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from typing import TypeVar

from cvatfn.errors import TransportError
from cvatfn.messages import Response
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.testing.conformance.behaviours import always, answering, doing, ok, saying, silent
from cvatfn.testing.conformance.peers import Behaviour, Peer, Server

__all__ = [
    "Behaviour",
    "Peer",
    "Server",
    "always",
    "answering",
    "copied",
    "doing",
    "error_of",
    "fields_of",
    "ok",
    "relay",
    "saying",
    "silent",
    "value_of",
]

E = TypeVar("E")


def relay(peer: Peer, address: tuple[str, int]) -> None:
    """Pass bytes to another server and back, until either closes."""
    with socket.create_connection(address) as other:
        back = threading.Thread(target=copied, args=(other, peer.sock))
        back.start()
        copied(peer.sock, other)
        back.join()


def copied(source: socket.socket, sink: socket.socket) -> None:
    """Pass on what comes until there is no more."""
    with suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
    with suppress(OSError):
        sink.shutdown(socket.SHUT_WR)


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
